// Signs a person in with OpenRouter: PKCE, without a registration and without a server of ours.
//
// The sign-in has a window of its own, and does not lead this page away and back: that would end Python with all
// variables, and forget the keys that are kept in the page. A page that is cross-origin isolated is cut off from the
// window once that shows another site (COOP), so `window.opener` and messages to it are of no use. The page that the
// person comes back to (callback.js) is of this origin again, and hands the code over by a BroadcastChannel.
//
// The channel's name holds a nonce, which is in no other place but the callback's address: a forged callback is heard
// by nobody, and code in a cell, which could listen too, does not know where. The code alone is worth nothing: the
// verifier, of which the address holds only the hash, stays in this function until the code is exchanged for the key,
// in a worker of its own, since the page may be allowed to connect to its own site only.
//
// Sources: RFC 7636; openrouter.ai/docs, "OAuth PKCE".

/** @import { signIn as SignIn } from "../../types.d.ts" */
/** @import { Exchanged } from "./exchange.js" */

import { besidePackage, openWorker } from "../../place.js";

/** What a sign-in says when it does not come to a key. */
export class SignInError extends Error {
  name = "SignInError";
}

/** @typedef {{ authorizeURL: string, keysURL: string }} Service the two addresses of a service that signs people in */

/** @type {Service} */
const OPENROUTER = {
  authorizeURL: "https://openrouter.ai/auth",
  keysURL: "https://openrouter.ai/api/v1/auth/keys",
};
const PATIENCE_MS = 10 * 60_000;
const WINDOW = "popup,width=540,height=760";

const BLOCKED =
  "The browser blocked OpenRouter’s window. Allow this page to open windows, and sign in again.";
const INSECURE = "Signing in needs a page on HTTPS or on localhost. Enter an API key instead.";
const TOO_LATE =
  "Nobody came back from OpenRouter within ten minutes. If you closed its window, sign in again.";
const BROKEN = "The part of the page that signs in broke down. Reload the page, and sign in again.";
const DENIED = "OpenRouter gave no key: you did not allow it there. Sign in again to allow it.";

/** @type {typeof SignIn} */
export function signIn(options) {
  return signInAt(OPENROUTER, options);
}

/** The same, at another address. @param {Service} service @param {Parameters<typeof SignIn>[0]} options */
export async function signInAt(service, { callbackURL, signal } = {}) {
  signal?.throwIfAborted();
  const callback = checkCallback(callbackURL);
  if (!globalThis.crypto?.subtle) throw new SignInError(INSECURE);
  // Before anything is awaited: browsers let a window be opened only while a click is handled.
  const opened = globalThis.window.open("", "_blank", WINDOW);
  if (!opened) throw new SignInError(BLOCKED);
  opened.opener = null; // where the page is not isolated, the other site could lead it away
  const [verifier, nonce] = [randomText(32), randomText(16)];
  const channel = new BroadcastChannel(channelOf(nonce));
  try {
    callback.searchParams.set("nonce", nonce);
    const url = new URL(service.authorizeURL);
    url.searchParams.set("callback_url", callback.href);
    url.searchParams.set("code_challenge", await challengeOf(verifier));
    url.searchParams.set("code_challenge_method", "S256");
    opened.location.replace(url.href);
    const code = await hearCode(channel, signal);
    const { key, problem } = await exchange({ url: service.keysURL, code, verifier }, signal);
    if (!key) throw new SignInError(problem ?? BROKEN);
    channel.postMessage({ type: "end", problem: "" });
    return { key };
  } catch (error) {
    if (error instanceof SignInError) channel.postMessage({ type: "end", problem: error.message });
    else opened.close(); // it was given up
    throw error;
  } finally {
    channel.close();
  }
}

/** @param {string} nonce */
export function channelOf(nonce) {
  return `runt-pyodide/sign-in/${nonce}`;
}

/** @param {string | URL | undefined} given @returns {URL} */
function checkCallback(given) {
  const url = new URL(given ?? besidePackage("../sign-in.html") ?? "sign-in.html", location.href);
  if (url.origin === location.origin) return url;
  throw new TypeError(
    `signIn: the option callbackURL must be a page at ${location.origin} that calls finishSignIn`,
  );
}

/**
 * Resolves with the code that the callback page hands over.
 * @param {BroadcastChannel} channel
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<string>}
 */
function hearCode(channel, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SignInError(TOO_LATE)), PATIENCE_MS);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    channel.onmessage = ({ data }) => {
      if (data?.type !== "callback") return;
      clearTimeout(timer);
      channel.postMessage({ type: "heard" });
      if (typeof data.code === "string" && data.code) resolve(data.code);
      else reject(new SignInError(DENIED));
    };
  });
}

/**
 * @param {{ url: string, code: string, verifier: string }} asked
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Exchanged>}
 */
async function exchange(asked, signal) {
  const worker = openWorker("runt-pyodide sign-in");
  try {
    return await new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      worker.addEventListener("message", ({ data }) => resolve(data.exchanged ?? {}));
      worker.addEventListener("error", () => reject(new SignInError(BROKEN)));
      worker.postMessage({ type: "exchange", asked });
    });
  } finally {
    worker.terminate();
  }
}

/** @param {number} bytes @returns {string} letters, digits, "-" and "_" */
function randomText(bytes) {
  return toBase64URL(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** S256. @param {string} verifier */
async function challengeOf(verifier) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return toBase64URL(new Uint8Array(digest));
}

/** @param {Uint8Array} bytes */
function toBase64URL(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
