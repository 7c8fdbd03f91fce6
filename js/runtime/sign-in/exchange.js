// Exchanges what a sign-in came back with for a key. It runs in a worker, in which no Python runs.

import { cleanKey, isSendable } from "../keys/clean-key.js";

/** @typedef {{ key?: string, problem?: string }} Exchanged either a key, or why there is none */

const PATIENCE_MS = 30_000;

/** @param {{ url: string, code: string, verifier: string }} asked @returns {Promise<Exchanged>} */
export async function exchange({ url, code, verifier }) {
  const body = { code, code_verifier: verifier, code_challenge_method: "S256" };
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return { problem: "OpenRouter does not answer. Check the network, and sign in again." };
  }
  const said = await response.json().catch(() => ({}));
  const key = typeof said?.key === "string" ? cleanKey(said.key) : "";
  if (response.ok && isSendable(key)) return { key };
  // What it said is not shown: it may repeat the code.
  const { status } = response;
  if (response.ok) return { problem: "OpenRouter’s answer holds no key. Sign in again later." };
  return {
    problem:
      status >= 400 && status < 500 && status !== 429
        ? `OpenRouter does not accept this sign-in (HTTP ${status}): it was used before, is too old, or was begun elsewhere. Sign in again.`
        : `OpenRouter cannot give a key now (HTTP ${status}). Sign in again later.`,
  };
}
