// Batches on their way to the store, in order; each is retried until the store has taken it.

/** @import { EventStore, WireEvent } from "../types.d.ts" */

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

export class Outbox {
  #store;
  #onTrouble;
  /** @type {(readonly WireEvent[])[]} */
  #batches = [];
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => void)[]} */
  #waiting = [];

  /**
   * @param {EventStore} store
   * @param {(error: Error) => void} onTrouble called at each refusal
   */
  constructor(store, onTrouble) {
    this.#store = store;
    this.#onTrouble = onTrouble;
  }

  /** @param {readonly WireEvent[]} batch */
  push(batch) {
    this.#batches.push(batch);
    // While a batch waits to be retried, later ones wait behind it.
    if (this.#timer === undefined) this.#drain();
  }

  /** How many batches the store has not taken. */
  get size() {
    return this.#batches.length;
  }

  /**
   * Resolves once all is committed, or after the time given.
   * @param {number} timeoutMs
   * @returns {Promise<void>}
   */
  settled(timeoutMs) {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #drain() {
    this.#timer = undefined;
    while (this.#batches.length > 0) {
      try {
        this.#store.commit(...this.#batches[0]);
      } catch (error) {
        this.#retryLater(error);
        return;
      }
      this.#batches.shift();
      this.#failures = 0;
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** @param {unknown} error */
  #retryLater(error) {
    const delay = Math.min(FIRST_DELAY_MS * 2 ** this.#failures++, LONGEST_DELAY_MS);
    this.#timer = setTimeout(() => this.#drain(), delay);
    const reason = error instanceof Error ? error.message : String(error);
    this.#onTrouble(
      new Error(
        `the store refused a batch (${reason}); it is kept, with ${this.size - 1} behind it, ` +
          `and retried in ${delay} ms`,
        { cause: error },
      ),
    );
  }
}
