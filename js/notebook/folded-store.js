// Folds a store's events as they arrive, and commits events to it.
//
// Events about cells are folded as soon as they are written, so that the next call sees them; nothing
// changes when the store delivers them again. Events that race with those of others (the end of a run,
// the answer to a call, a clear) are only committed here, and folded when the store delivers them.

/** @import { EventStore, JsonObject, LogEvent } from "../types.d.ts" */

import { Notebook } from "./state/notebook.js";
import { readEvent, report } from "./wire-event.js";

/** @typedef {[name: string, args: JsonObject]} Event */
/** @typedef {(changed: ReadonlySet<string>) => void} Listener */

export class FoldedStore {
  /** Resolves once the store has delivered what it holds. @type {Promise<void>} */
  ready;
  isReady;
  /** Whether anything was committed here. */
  hasWritten = false;
  #store;
  /** @type {Set<Listener>} */
  #listeners = new Set();
  #unsubscribe;

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
      // The first events may be the ones that were read above: do not fold them twice.
      if (!known) this.#follow(events);
      else
        this.#notify(new Set(["order", "metadata", "sessions", "approvals", "policies", "queue"]));
      known = undefined;
      isOpen();
    });
  }

  /** Commits events and folds them at once. @param {...Event} events */
  write(...events) {
    const committed = this.commit(...events);
    if (committed.length > 0) this.#follow(committed);
  }

  /** @param {...Event} events @returns {readonly LogEvent[]} */
  commit(...events) {
    const committed = events.map(([name, args]) => readEvent({ name, args }));
    if (committed.length > 0) {
      this.#store.commit(...committed);
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

  /** @param {readonly LogEvent[]} events */
  #follow(events) {
    this.#notify(this.fold.apply(events));
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
