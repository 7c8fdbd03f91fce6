// The types of a sign-in.

export interface SignInOptions {
  /**
   * A page of this page's origin that calls `finishSignIn`; the person comes back to it. Default: `sign-in.html`
   * beside the package's folder, as the site has it.
   */
  callbackURL?: string | URL;
  /** Gives the sign-in up: its window is closed, and the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Signs a person in with OpenRouter, in a window of its own. Call it while a click is handled, or the browser blocks
 * that window. The key is for `runtime.configure({ providers: { openrouter: { apiKey: key } } })`; it is kept nowhere.
 * @throws SignInError if there is no key: denied, too late, blocked, no network; TypeError if the callback is at
 *   another origin
 */
export function signIn(options?: SignInOptions): Promise<{ readonly key: string }>;

/**
 * Is called by the page that the person comes back to. Takes the code out of its address, hands it to the page that
 * waits for it, and closes the window if the browser allows it.
 * @returns what to show: a sentence
 */
export function finishSignIn(): Promise<string>;

/** A sign-in that came to no key, and what to do. */
export class SignInError extends Error {}
