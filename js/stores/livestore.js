// An EventStore over a LiveStore store: one with our schema (livestore-schema.js), or one with the tables
// of the runt notebooks. It needs @livestore/livestore, and is not exported by index.js, so that pages
// without LiveStore need not load it.

/** @import { MemoryStore } from "../types.d.ts" */

import { LogSource } from "./livestore-log.js";
import { TableSource } from "./livestore-tables.js";
import { memoryStore } from "./memory.js";
import { Sources } from "../notebook/merge/sources.js";
import { readEvent, readEvents, report } from "../notebook/wire-event.js";

/**
 * Wraps a LiveStore store. With the tables of the runt notebooks, a runtime needs the vocabulary "runt".
 * @param {any} store of `@livestore/livestore`, 0.3 or 0.4
 * @param {{ isOver?: () => boolean }} [options] `isOver` returns whether the store has shut down, which
 *   LiveStore does not report by itself
 * @returns {MemoryStore}
 */
export function liveStore(store, { isOver = () => false } = {}) {
  const tables = store.schema.state.sqlite.tables;
  const source = tables.has("log") ? new LogSource(store) : new TableSource(store);
  // Events that were reported are kept here and delivered from here, so that all listeners get the same.
  const sources = new Sources();
  const told = memoryStore(sources.merge(readEvents(source.read(), report)));
  source.follow((events, inOrder) => {
    told.commit(...sources.merge(readEvents(events, report)));
    if (inOrder) told.commit(...sources.follow(inOrder));
  });
  return {
    commit(...events) {
      if (isOver()) throw new Error("the store has shut down: reload the page to open it again");
      const read = events.map(readEvent);
      if (read.length === 0) return;
      source.commit(read);
      told.commit(...sources.merge(read));
    },
    subscribe: told.subscribe,
    events: told.events,
    interval: 100, // a commit takes milliseconds
  };
}
