// The types of runt-pyodide/livestore.

import type { MemoryStore } from "../types.d.ts";

/**
 * Makes an EventStore of a store of `@livestore/livestore`, 0.3 or 0.4. The store has either the schema of
 * runt-pyodide/livestore-schema, or the tables of the runt notebooks, which need a runtime with
 * `vocabulary: "runt"`. LiveStore does not report that a store has shut down; `isOver` should return that.
 */
export function liveStore(store: unknown, options?: { isOver?: () => boolean }): MemoryStore;
