// Passes batches to the store, in order; each is retried until the store accepts it. An event that the store
// refuses for good, with a TypeError, is reported, also at its cell, and left out. The rest of its batch is still
// committed: the end of an execution must be written, whatever else cannot be.
//
// A proposal was made for certain sources of cells. While it was on its way somebody may have written: then it is
// not committed, and the answer says what is there.

/** @import { EventStore, LogEvent } from "../types.d.ts" */

import { Sources } from "../notebook/merge/sources.js";
import { inPlaceOf } from "./refusals.js";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

/**
 * Events that are committed only if the cells have these sources, by their ids.
 * @typedef {{ id: number, events: readonly LogEvent[], expected: { readonly [cellId: string]: string } }} Proposal
 *
 * The answer: without `present` it was committed. That has the sources of the cells that are not as expected, null
 * for one that is gone; `error` is what the store says that takes it never.
 * @typedef {{ id: number, present?: { [cellId: string]: string | null }, error?: string }} Settlement
 *
 * @typedef {object} Batch
 * @property {readonly LogEvent[]} events
 * @property {Proposal["expected"]} [expected]
 * @property {(settlement: Omit<Settlement, "id">) => void} [settle]
 */

export class Outbox {
  #store;
  #onTrouble;
  #sources = new Sources();
  #isNeeded;
  /** @type {Batch[]} */
  #batches = [];
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => void)[]} */
  #waiting = [];

  /**
   * @param {EventStore} store
   * @param {(error: Error) => void} onTrouble called for each refusal
   * @param {(event: LogEvent) => boolean} [isNeeded] whether an event still belongs in the log when its turn has come
   */
  constructor(store, onTrouble, isNeeded = () => true) {
    this.#store = store;
    this.#onTrouble = onTrouble;
    this.#isNeeded = isNeeded;
  }

  /** @param {readonly LogEvent[]} events of one batch */
  push(events) {
    if (events.length > 0) this.#add({ events });
  }

  /** @param {Proposal} proposal @param {(settlement: Settlement) => void} settle called once, before any later event */
  propose({ id, events, expected }, settle) {
    this.#add({ events, expected, settle: (settlement) => settle({ id, ...settlement }) });
  }

  /** Learns what the store delivers, anyone's. @param {readonly LogEvent[]} events */
  note(events) {
    this.#sources.note(events);
  }

  /** @param {Batch} batch */
  #add(batch) {
    this.#batches.push(batch);
    // While a batch waits to be retried, later ones wait behind it.
    if (this.#timer === undefined) this.#drain();
  }

  /** The number of batches that the store has not accepted yet. */
  get size() {
    return this.#batches.length;
  }

  /** The events that the store has not accepted yet, in order, save those that it may not get. */
  get events() {
    return this.#batches.flatMap(({ events, settle }) => (settle ? [] : events));
  }

  /**
   * Resolves once everything is committed, or after the given time, if one is given.
   * @param {number} [timeoutMs]
   * @returns {Promise<void>}
   */
  settled(timeoutMs) {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
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
      const present = this.#sources.compare(batch.expected ?? {});
      try {
        const needed = /** @type {any[]} */ (batch.events.filter((one) => this.#isNeeded(one)));
        if (!present && needed.length > 0) this.#store.commit(...needed); // it says what is wrong with one
      } catch (error) {
        if (!(error instanceof TypeError)) {
          this.#retryLater(error);
          return;
        }
        this.#batches.splice(0, 1, ...this.#split(batch, error));
        continue;
      }
      if (!present) this.#sources.note(batch.events);
      batch.settle?.(present ? { present } : {});
      this.#batches.shift();
      this.#failures = 0;
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /**
   * @param {Batch} batch that was refused for good
   * @param {TypeError} error
   * @returns {Batch[]} its events, one by one; what is said in place of the event if there was only one
   */
  #split({ events, settle }, error) {
    if (settle) {
      settle({ present: {}, error: error.message });
      return [];
    }
    if (events.length > 1) return events.map((event) => ({ events: [event] }));
    this.#onTrouble(
      new Error(`the store refused an event for good (${error.message})`, { cause: error }),
    );
    return inPlaceOf(events[0], error).map((event) => ({ events: [event] }));
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
