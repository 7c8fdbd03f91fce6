// An EventStore over a LiveStore store: one with our schema (livestore-schema.js), or any whose tables
// are those of the runt notebooks. It needs @livestore/livestore, and is not part of
// index.js, so that a page without LiveStore loads none of it.

/** @import { MemoryStore } from "../types.d.ts" */

import { LogSource } from "./livestore-log.js";
import { TableSource } from "./livestore-tables.js";
import { memoryStore } from "./memory.js";
import { readEvent, readEvents, report } from "../notebook/wire-event.js";

/**
 * Over the tables of the runt notebooks a runtime needs the vocabulary "runt".
 * @param {any} store of `@livestore/livestore`, 0.3 or 0.4
 * @param {{ isOver?: () => boolean }} [options] `isOver` tells whether the store has shut down, which
 *   it does not say by itself
 * @returns {MemoryStore} one that LiveStore keeps
 */
export function liveStore(store, { isOver = () => false } = {}) {
  const tables = store.schema.state.sqlite.tables;
  const source = tables.has("log") ? new LogSource(store) : new TableSource(store);
  // What was told is kept here, and told from here, so that every listener gets it by the same rules.
  const told = memoryStore(readEvents(source.read(), report));
  source.follow((events) => told.commit(...readEvents(events, report)));
  return {
    commit(...events) {
      if (isOver()) throw new Error("the store has shut down: reload the page to open it again");
      const read = events.map(readEvent);
      if (read.length === 0) return;
      source.commit(read);
      told.commit(...read);
    },
    subscribe: told.subscribe,
    events: told.events,
    interval: 100, // a commit takes milliseconds
  };
}
