// Folds a store's events as they arrive, and commits events to it.
//
// Events about cells are folded as soon as they are written, so that the next call sees them. They are
// folded again after each batch until the store has delivered them, since an earlier one that it delivers
// would bring back what a later one has replaced. Events that race with those of others (the end of a run,
// the answer to a call, a clear) are only committed here, and folded when the store delivers them.

/** @import { EventStore, JsonObject, LogEvent } from "../types.d.ts" */

import { canonicalJson } from "./clean-json.js";
import { Notebook } from "./state/notebook.js";
import { isAttended } from "./state/sessions.js";
import { readEvent, report } from "./wire-event.js";

/** @typedef {[name: string, args: JsonObject]} Event */
/** @typedef {(changed: ReadonlySet<string>) => void} Listener */

/** What a listener is told of when the store delivers what was read already. */
const LISTS = ["order", "metadata", "sessions", "approvals", "policies", "queue", "faults"];

export class FoldedStore {
  /** Resolves once the store has delivered what it holds. @type {Promise<void>} */
  ready;
  isReady;
  /** Whether anything was committed here. */
  hasWritten = false;
  #store;
  /** What was folded as it was written, and is not delivered yet, in order. @type {LogEvent[]} */
  #ahead = [];
  /** @type {Set<Listener>} */
  #listeners = new Set();
  #unsubscribe;
  /** What is written until `together` ends. @type {{ events: LogEvent[], changed: Set<string> } | undefined} */
  #held;

  /** @param {EventStore} store @param {(problem: string) => void} warn */
  constructor(store, warn) {
    this.#store = store;
    this.fold = new Notebook(warn);
    // A store that can be read synchronously is read now, so that its cells are there from the beginning.
    let known =
      "events" in store && typeof store.events === "function" ? store.events() : undefined;
    this.isReady = known !== undefined;
    if (known) this.fold.apply(known);
    let isOpen = () => {};
    this.ready = new Promise((resolve) => (isOpen = () => resolve(undefined)));
    this.#unsubscribe = store.subscribe((events) => {
      this.isReady = true;
      // The first events begin with those that were read above: do not fold them twice.
      this.#follow(events.slice(known?.length ?? 0), known ? LISTS : []);
      known = undefined;
      isOpen();
    });
  }

  /** Whether there is a runtime for the notebook, here or elsewhere, or one that is being started here. */
  get hasRuntime() {
    const sessions = [...this.fold.sessions.values()];
    return isAttended(this.#store) || sessions.some(({ status }) => status !== "terminated");
  }

  /** Commits events and folds them at once. @param {...Event} events */
  write(...events) {
    const committed = this.commit(...events);
    if (committed.length === 0) return;
    this.#ahead.push(...committed);
    const changed = this.fold.apply(committed);
    if (!this.#held) return this.#notify(changed);
    for (const key of changed) this.#held.changed.add(key);
  }

  /**
   * Commits all that is written meanwhile in one piece, and tells of it once.
   * @template T
   * @param {() => T} act
   * @returns {T}
   */
  together(act) {
    if (this.#held) return act();
    const held = (this.#held = { events: [], changed: new Set() });
    try {
      return act();
    } finally {
      this.#held = undefined;
      if (held.events.length > 0) this.#store.commit(...held.events);
      if (held.changed.size > 0) this.#notify(held.changed);
    }
  }

  /** @param {...Event} events @returns {readonly LogEvent[]} */
  commit(...events) {
    const committed = events.map(([name, args]) => readEvent({ name, args }));
    if (committed.length > 0) {
      if (this.#held) this.#held.events.push(...committed);
      else this.#store.commit(...committed);
      this.hasWritten = true;
    }
    return committed;
  }

  /** @param {Listener} listener @returns {() => void} a function that ends the subscription */
  subscribe(listener) {
    const own = (/** @type {ReadonlySet<string>} */ changed) => listener(changed);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  close() {
    this.#unsubscribe();
    this.#listeners.clear();
  }

  /** @param {readonly LogEvent[]} events @param {readonly string[]} also what else has changed */
  #follow(events, also = []) {
    for (const event of events) {
      const at = this.#ahead.findIndex((own) => isSame(own, event));
      this.#ahead.splice(0, at + 1); // the store keeps the order
    }
    this.#notify(new Set([...this.fold.apply([...events, ...this.#ahead]), ...also]));
  }

  /** @param {ReadonlySet<string>} changed */
  #notify(changed) {
    for (const listener of [...this.#listeners]) {
      try {
        listener(changed);
      } catch (error) {
        report(error);
      }
    }
  }
}

/** Whether a store that may copy events delivers one that was written. @param {LogEvent} own @param {LogEvent} other */
function isSame(own, other) {
  if (own === other) return true;
  return own.name === other.name && canonicalJson(own.args) === canonicalJson(other.args);
}
