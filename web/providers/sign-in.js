// Signing in with OpenRouter: the key goes where pasted keys go.

/** @import { Ai } from "./ai.js" */

import { signal } from "@preact/signals";

import { signIn } from "../../js/index.js";
import { freeName } from "./settings.js";
import { messageOf } from "../render/error.js";

export const OPENROUTER = "openrouter";
/** OpenRouter's own choice among its models: the first of its list may be any. */
const MODEL = "openrouter/auto";

export class SignIn {
  /** Whether OpenRouter's window is open, as far as the page knows: it cannot see that it was closed. */
  isWaiting = signal(false);
  /** Why the last one came to nothing. */
  problem = signal("");
  #ai;
  #use;
  #ask;
  #given = new AbortController();

  /**
   * @param {Ai} ai
   * @param {(name: string) => Promise<void>} use takes the provider that has the key now
   * @param {(signal: AbortSignal) => Promise<{ key: string }>} [ask] opens the service's window
   */
  constructor(ai, use, ask = openWindow) {
    this.#ai = ai;
    this.#use = use;
    this.#ask = ask;
  }

  /** Signs in, and gives the key to a provider of that service. @param {string} [name] of the provider */
  async start(name = this.#find()) {
    const ai = this.#ai;
    this.cancel();
    const given = (this.#given = new AbortController());
    this.problem.value = "";
    try {
      if (ai.keys.isLocked.value) throw new Error("Your keys are locked: unlock them first.");
      this.isWaiting.value = true;
      const { key } = await this.#ask(given.signal);
      const before = ai.settings.value.providers[name];
      // The key is for OpenRouter, whatever the provider's address was.
      await ai.save(name, { ...{ kind: OPENROUTER, model: MODEL }, ...before, baseUrl: "" }, key);
      await this.#use(name);
    } catch (error) {
      if (!given.signal.aborted) this.problem.value = messageOf(error);
    } finally {
      if (given === this.#given) this.isWaiting.value = false;
    }
  }

  cancel() {
    this.#given.abort();
    this.isWaiting.value = false;
  }

  /** The name of the provider that a sign-in is for. */
  #find() {
    const { settings } = this.#ai;
    const found = Object.entries(settings.value.providers).find(
      ([, { kind, baseUrl }]) => kind === OPENROUTER && !baseUrl,
    );
    return found?.[0] ?? freeName(settings.value, OPENROUTER);
  }
}

/** @param {AbortSignal} signal */
function openWindow(signal) {
  return signIn({ callbackURL: new URL("sign-in.html", document.baseURI), signal });
}
