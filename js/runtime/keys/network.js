// Asks the services on behalf of Python, with the keys that Python does not have. It runs in a worker of its own, which
// no code of a cell can reach, or on the page's thread if Python does, too.

/** @import { HeldKey } from "./held-keys.js" */

import { isAt } from "./home.js";
import { redactText, Redaction } from "./redaction.js";

/**
 * A request as it crosses: only what can be copied.
 * @typedef {object} Asked
 * @property {string} url
 * @property {string} method
 * @property {Record<string, string>} headers
 * @property {Uint8Array | string} [body]
 * @property {RequestRedirect} [redirect]
 *
 * What is known of an answer before its body.
 * @typedef {{ status: number, statusText: string, headers: [string, string][] }} Head
 */

export class Network {
  /** @type {readonly HeldKey[]} */
  #held = [];
  /** @type {readonly string[]} */
  #secrets = [];

  /** @param {readonly HeldKey[]} held @param {readonly string[]} secrets */
  setKeys(held, secrets) {
    this.#held = held;
    this.#secrets = secrets;
  }

  /**
   * @param {Asked} asked
   * @param {AbortSignal} signal
   * @returns {Promise<{ head: Head, body?: ReadableStream<Uint8Array> }>}
   */
  async fetch(asked, signal) {
    const { url, options } = this.#unlock(asked);
    const secrets = this.#secrets;
    const response = await fetch(url, { ...options, signal }).catch((error) => {
      error.message = redactText(String(error.message), secrets);
      throw error;
    });
    const { status, statusText, headers, body } = response;
    const shown = [...headers].map(
      ([name, value]) => /** @type {[string, string]} */ ([name, redactText(value, secrets)]),
    );
    return {
      head: { status, statusText, headers: shown },
      body: body?.pipeThrough(redacting(secrets)),
    };
  }

  /** Puts the keys in the places of their tokens. @param {Asked} asked */
  #unlock({ url, method, headers, body, redirect }) {
    const values = Object.values(headers);
    const query = url.slice(url.indexOf("?") + 1 || url.length);
    const used = this.#held.filter(
      ({ token }) => query.includes(token) || values.some((value) => value.includes(token)),
    );
    for (const { home } of used) refuseElsewhere(url, home);
    const unlock = (/** @type {string} */ text, encode = (/** @type {string} */ s) => s) =>
      used.reduce((open, { token, secret }) => open.replaceAll(token, () => encode(secret)), text);
    const base = url.slice(0, url.length - query.length);
    const isHeld = (/** @type {string} */ value) => used.some(({ token }) => value.includes(token));
    return {
      url: base + unlock(query, encodeURIComponent),
      options: {
        method,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [
            name,
            whole(unlock(value), isHeld(value)),
          ]),
        ),
        body: body === undefined ? undefined : this.#redactBody(body),
        // Where a redirect leads, nobody was asked about.
        redirect: used.length > 0 ? /** @type {const} */ ("manual") : redirect,
      },
    };
  }

  /** A key may stand in the notebook that a model is sent. @param {Uint8Array | string} body */
  #redactBody(body) {
    const text = typeof body === "string" ? body : new TextDecoder().decode(body);
    const shown = redactText(text, this.#secrets);
    return shown === text ? /** @type {any} */ (body) : shown;
  }
}

/** @param {string} url @param {HeldKey["home"]} home */
function refuseElsewhere(url, home) {
  if (home && isAt(url, home)) return;
  const { origin } = new URL(url);
  throw new TypeError(
    home
      ? `The key for ${home.hostname}${home.path} is not sent to ${origin}: it was given for that address alone.`
      : `The key is not sent to ${origin}: it was given without a base URL. Give both together.`,
  );
}

/** "Bearer Basic ..." is what a client makes of credentials that it was given whole. @param {string} value @param {boolean} isHeld */
function whole(value, isHeld) {
  return isHeld ? value.replace(/^Bearer (?=Basic )/, "") : value;
}

/** @param {readonly string[]} secrets @returns {TransformStream<Uint8Array, Uint8Array>} */
function redacting(secrets) {
  const redaction = new Redaction(secrets);
  return new TransformStream({
    transform(piece, controller) {
      const shown = redaction.push(piece);
      if (shown.length > 0) controller.enqueue(shown);
    },
    flush(controller) {
      const rest = redaction.end();
      if (rest.length > 0) controller.enqueue(rest);
    },
  });
}
