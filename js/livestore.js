// An EventStore over a LiveStore store that has our schema. It needs @livestore/livestore beside it,
// and is no part of index.js: who does without LiveStore loads nothing of it.

/** @import { EventListener, EventStore, WireEvent } from "./types.d.ts" */

import { queryDb, Schema } from "@livestore/livestore";

import { ARGS, faultOf } from "./event-args.js";
import { copyEvent, report } from "./wire-event.js";

/** A row of the log; `args` is JSON text. @typedef {{ id: string, name: string, args: string }} Row */

const LAST = queryDb({
  query: "SELECT max(rowid) AS last FROM log",
  schema: Schema.Array(Schema.Struct({ last: Schema.NullOr(Schema.Number) })),
  queriedTables: new Set(["log"]),
});
// So many rows are looked at again at a time when the log has grown: another tab's events may have
// been put before those that this one has not had confirmed.
const STEP = 200;

/**
 * @param {any} store of `@livestore/livestore`, with the schema of livestore-schema.js
 * @param {{ isOver?: () => boolean }} [options] `isOver` tells whether the store has shut down, which
 *   it does not say by itself
 * @returns {EventStore}
 */
export function liveStore(store, { isOver = () => false } = {}) {
  const log = new Tail(store);
  return {
    commit(...events) {
      if (isOver()) throw new Error("the store has shut down: reload the page to open it again");
      const copies = events.map(checked);
      if (copies.length === 0) return;
      store.commit(...copies.map(({ name, args }) => ({ name, args: { id: newId(), args } })));
    },
    subscribe: (listener) => log.subscribe(listener),
    interval: 100, // a commit takes milliseconds
  };
}

/** The log as it grows, told to its listeners from microtasks. */
class Tail {
  /** @type {Set<EventListener>} */
  #listeners = new Set();
  /** What is to be told: the rows up to `end`, to `first` all of them. @type {{ end: number, first?: EventListener }[]} */
  #due = [];
  /** The last row of the log. */
  #last = 0;
  /** The ids of the rows as they were told, by their places. @type {string[]} */
  #known = [];
  /** @type {Set<string>} */
  #told = new Set();
  #store;

  /** @param {any} store */
  constructor(store) {
    this.#store = store;
    const onUpdate = (/** @type {readonly { last: number | null }[]} */ [{ last }]) => {
      this.#last = last ?? 0;
      this.#plan({ end: this.#last });
    };
    // Version 0.3 takes an object, 0.4 the function itself; neither minds what the other wants.
    store.subscribe(LAST, Object.assign(onUpdate, { onUpdate }));
  }

  /** @param {EventListener} listener */
  subscribe(listener) {
    if (typeof listener !== "function") throw new TypeError("subscribe() takes a function");
    const own = (/** @type {readonly WireEvent[]} */ events) => listener(events);
    this.#plan({ end: this.#last, first: own });
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** @param {{ end: number, first?: EventListener }} due */
  #plan(due) {
    if (this.#due.length === 0) queueMicrotask(() => this.#tell());
    this.#due.push(due);
  }

  #tell() {
    const begun = new Set(
      [...this.#listeners].filter((one) => !this.#due.some(({ first }) => first === one)),
    );
    // What a listener commits, and who subscribes meanwhile, comes at the end of the list.
    for (const { end, first } of this.#due) {
      const events = this.#takeNew(end).map(read);
      if (events.length > 0) for (const listener of begun) this.#tellOne(listener, events);
      if (first) {
        begun.add(first);
        this.#tellOne(first, this.#read(0, end).map(read));
      }
    }
    this.#due = [];
  }

  /** @param {EventListener} listener @param {WireEvent[]} events */
  #tellOne(listener, events) {
    if (!this.#listeners.has(listener)) return;
    try {
      listener(Object.freeze(events));
    } catch (error) {
      report(error);
    }
  }

  /**
   * The rows up to `end` that were not told. Another tab's events may stand before ours, if those had
   * not been confirmed: then what was told has moved on.
   * @param {number} end
   */
  #takeNew(end) {
    let from = Math.min(this.#known.length, end);
    while (from > 0 && this.#read(from - 1, from)[0]?.id !== this.#known[from - 1]) {
      from = Math.max(0, from - STEP);
    }
    const rows = this.#read(from, end);
    this.#known.splice(from, Infinity, ...rows.map(({ id }) => id));
    const fresh = rows.filter(({ id }) => !this.#told.has(id));
    for (const { id } of fresh) this.#told.add(id);
    return fresh;
  }

  /** @param {number} from @param {number} end @returns {Row[]} those after `from`, up to `end` */
  #read(from, end) {
    const query = `SELECT id, name, args FROM log WHERE rowid > ${from} AND rowid <= ${end} ORDER BY rowid`;
    return from < end ? this.#store.query({ query, bindValues: {} }) : [];
  }
}

/** @param {Row} row @returns {WireEvent} */
function read({ name, args }) {
  return Object.freeze({ name, args: JSON.parse(args) });
}

/**
 * A copy that the schema has: a store of LiveStore's does not survive another, and one that was given
 * what is no JSON could not be opened again.
 * @param {WireEvent} event
 * @throws {TypeError}
 */
function checked(event) {
  const copy = copyEvent(event);
  if (!Object.hasOwn(ARGS, copy.name)) {
    throw new TypeError(`the store's schema has no event named ${copy.name}`);
  }
  const fault = faultOf(copy);
  if (fault) throw new TypeError(fault);
  return copy;
}

function newId() {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(36)).join("-");
}
