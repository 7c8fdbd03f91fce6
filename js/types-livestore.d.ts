// The types of runt-pyodide/livestore.

import type { MemoryStore } from "./types.d.ts";

/**
 * An EventStore over a store of `@livestore/livestore`, 0.3 or 0.4: one with the schema of
 * runt-pyodide/livestore-schema, or with the tables of the runt notebooks, which need a runtime with
 * `vocabulary: "runt"`. LiveStore does not say that a store has shut down: `isOver` tells it.
 */
export function liveStore(store: unknown, options?: { isOver?: () => boolean }): MemoryStore;
