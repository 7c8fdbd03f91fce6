// Passes batches to the store, in order; each is retried until the store accepts it. An event that the store
// refuses for good, with a TypeError, is reported, also at its cell, and left out. The rest of its batch is still
// committed: the end of an execution must be written, whatever else cannot be.

/** @import { EventStore, LogEvent } from "../types.d.ts" */

import { inPlaceOf } from "./refusals.js";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

export class Outbox {
  #store;
  #onTrouble;
  /** @type {(readonly LogEvent[])[]} */
  #batches = [];
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => void)[]} */
  #waiting = [];

  /**
   * @param {EventStore} store
   * @param {(error: Error) => void} onTrouble called for each refusal
   */
  constructor(store, onTrouble) {
    this.#store = store;
    this.#onTrouble = onTrouble;
  }

  /** @param {readonly LogEvent[]} batch */
  push(batch) {
    this.#batches.push(batch);
    // While a batch waits to be retried, later ones wait behind it.
    if (this.#timer === undefined) this.#drain();
  }

  /** The number of batches that the store has not accepted yet. */
  get size() {
    return this.#batches.length;
  }

  /**
   * Resolves once everything is committed, or after the given time.
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
      const [batch] = this.#batches;
      try {
        this.#store.commit(.../** @type {any[]} */ (batch)); // it says what is wrong with one
      } catch (error) {
        if (!(error instanceof TypeError)) {
          this.#retryLater(error);
          return;
        }
        this.#batches.splice(0, 1, ...this.#split(batch, error));
        continue;
      }
      this.#batches.shift();
      this.#failures = 0;
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /**
   * @param {readonly LogEvent[]} batch that was refused for good
   * @param {TypeError} error
   * @returns {(readonly LogEvent[])[]} its events, one by one; what is said in place of the event if there was only one
   */
  #split(batch, error) {
    if (batch.length > 1) return batch.map((event) => [event]);
    this.#onTrouble(
      new Error(`the store refused an event for good (${error.message})`, { cause: error }),
    );
    return inPlaceOf(batch[0], error).map((event) => [event]);
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
