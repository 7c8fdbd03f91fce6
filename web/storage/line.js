// What a kept notebook's listeners were told, in order, and what waits to be told: batches that are on their way to the
// database, and the subscribers that came meanwhile.

/** @import { EventListener } from "../../js/types.d.ts" */
/** @import { Batch } from "./database.js" */

import { memoryStore } from "../../js/index.js";
import { Sources } from "../../js/notebook/merge/sources.js";

/** @typedef {{ listener: EventListener, stop: (() => void) | undefined, isOver: boolean }} Subscriber */

export class Line {
  #told = memoryStore();
  /** The cells' sources by what was told: two tabs may have written before either had seen the other's. */
  #sources = new Sources();
  /** What was told, by id. @type {Map<string, Batch>} */
  #batches = new Map();
  /** @type {(Batch | Subscriber)[]} */
  #waiting = [];

  /** The events that were told, in order. */
  events() {
    return this.#told.events();
  }

  /** The batches that were told, in order. */
  get batches() {
    return [...this.#batches.values()];
  }

  /** @param {Batch} batch that is told in its turn */
  add(batch) {
    this.#waiting.push(batch);
  }

  /** @param {EventListener} listener */
  subscribe(listener) {
    /** @type {Subscriber} */
    const subscriber = { listener, stop: undefined, isOver: false };
    this.#waiting.push(subscriber);
    if (this.#waiting.length === 1) this.tellUpTo(undefined);
    return () => {
      subscriber.isOver = true;
      subscriber.stop?.();
    };
  }

  /** Tells a batch before all that waits, unless it was told. @param {Batch} batch */
  tell(batch) {
    if (this.#batches.has(batch.id)) return;
    this.#batches.set(batch.id, batch);
    this.#told.commit(.../** @type {any[]} */ (this.#sources.merge(batch.events)));
  }

  /** Tells what waits up to this batch, and brings in the subscribers up to the next one. @param {Batch | undefined} last */
  tellUpTo(last) {
    const waiting = this.#waiting;
    let count = last === undefined ? 0 : waiting.indexOf(last) + 1;
    while (count < waiting.length && "listener" in waiting[count]) count += 1;
    this.#tellFirst(count);
  }

  tellAll() {
    this.#tellFirst(this.#waiting.length);
  }

  /** @param {number} count of those that wait */
  #tellFirst(count) {
    for (const one of this.#waiting.splice(0, count)) {
      if ("events" in one) this.tell(one);
      else if (!one.isOver) one.stop = this.#told.subscribe(one.listener);
    }
  }
}
