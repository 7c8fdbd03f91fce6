// The page that a person comes back to from OpenRouter: hands the code to the page that waits for it, and says how
// that went. The code is taken out of the address before anything else is done.

/** @import { finishSignIn as FinishSignIn } from "../../types.d.ts" */

import { channelOf } from "./sign-in.js";

const PATIENCE_MS = 5000;

const DONE = "You are signed in. You can close this window.";
const NOT_OURS =
  "This is the page that a sign-in with OpenRouter comes back to. To sign in, begin in the AI settings of a notebook.";
const NOBODY =
  "No open page waits for this sign-in: its tab was closed, it has ended already, or it was not begun here. Nothing was taken from it. Close this window, and sign in again from your notebook.";

/** @type {typeof FinishSignIn} */
export async function finishSignIn() {
  const given = new URLSearchParams(location.search);
  globalThis.history.replaceState(null, "", location.pathname);
  const nonce = given.get("nonce");
  if (!nonce) return NOT_OURS;
  const channel = new BroadcastChannel(channelOf(nonce));
  try {
    const problem = await hand(channel, given.get("code"));
    if (problem) return problem;
  } finally {
    channel.close();
  }
  globalThis.window.close(); // browsers may not allow it
  return DONE;
}

/** @param {BroadcastChannel} channel @param {string | null} code @returns {Promise<string>} what went wrong */
function hand(channel, code) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS, NOBODY);
    channel.onmessage = ({ data }) => {
      if (data?.type === "heard") clearTimeout(timer);
      else if (data?.type === "end") resolve(String(data.problem));
    };
    channel.postMessage({ type: "callback", code });
  });
}
