// Reads and follows a store with the tables of the runt notebooks. LiveStore offers no way to follow its log,
// so the events of others are derived from changed rows. What the tables have no column for is lost.

/** @import { LogEvent } from "../types.d.ts" */
/** @import { Changes } from "./livestore-changes.js" */
/** @import { Source } from "./livestore-source.js" */

import { Schema } from "@livestore/livestore";

import { GrowingTable, OutputTable, WholeTable } from "./livestore-changes.js";
import { EVENTS_OF } from "./livestore-rows.js";
import { onChange } from "./livestore-source.js";

/** A table: whether it may hold what was not reported yet. @typedef {{ name: string, changes: Changes, isStale: boolean }} Table */

/** How a table is looked at that grows with every piece of an answer. @type {Record<string, new (store: any, definition: any) => Changes>} */
const GROWING = { outputs: OutputTable, output_deltas: GrowingTable };

/** @implements {Source} */
export class TableSource {
  #store;
  /** In the order in which their changes are reported. @type {Table[]} */
  #tables = [];
  /** @type {(events: LogEvent[]) => void} */
  #tell = () => {};
  #isCommitting = false;
  #isPlanned = false;

  /** @param {any} store */
  constructor(store) {
    this.#store = store;
    const defined = store.schema.state.sqlite.tables;
    for (const needed of ["cells", "outputs", "executionQueue", "runtimeSessions"]) {
      if (!defined.has(needed)) throw new TypeError(`the store's schema has no table ${needed}`);
    }
    for (const [name, { key }] of Object.entries(EVENTS_OF)) {
      const definition = defined.get(name);
      if (!definition) continue;
      const changes = Object.hasOwn(GROWING, name)
        ? new GROWING[name](store, definition)
        : new WholeTable(store, definition, key);
      const table = { name, changes, isStale: true };
      this.#tables.push(table);
      onChange(store, name, () => this.#note(table));
    }
  }

  read() {
    return this.#derive();
  }

  /** @param {(events: LogEvent[]) => void} tell */
  follow(tell) {
    this.#tell = tell;
  }

  /** @param {LogEvent[]} events */
  commit(events) {
    const decoded = events.map((event) => this.#decode(event));
    this.#tellNew(); // what others wrote before this comes first
    this.#isCommitting = true;
    try {
      this.#store.commit(...decoded);
      this.#derive(); // our own events are not derived from rows: they are reported as they were committed
    } finally {
      this.#isCommitting = false;
    }
  }

  /** @param {Table} table that has changed */
  #note(table) {
    table.isStale = true;
    if (this.#isCommitting || this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => this.#tellNew()); // nothing may be written during an update, not even by listeners
  }

  #tellNew() {
    this.#isPlanned = false;
    const events = this.#derive();
    if (events.length > 0) this.#tell(events);
  }

  /** @returns {LogEvent[]} the events for all changes since the last look */
  #derive() {
    return this.#tables
      .filter(({ isStale }) => isStale)
      .flatMap((table) => {
        table.isStale = false;
        const { changed, gone } = table.changes.take();
        return EVENTS_OF[table.name].derive(changed, gone);
      });
  }

  /** Converts dates as the schema needs them. Throws if it does not have the event. @param {LogEvent} event */
  #decode({ name, args }) {
    const definition = this.#store.schema.eventsDefsMap.get(name);
    // LiveStore's own events, such as the one that holds SQL, must not be committed by anyone else.
    if (!definition || definition.options.derived)
      throw new TypeError(`the store's schema has no event named ${name}`);
    try {
      const decode = Schema.decodeUnknownSync(definition.schema, { onExcessProperty: "error" });
      return { name, args: decode(name === "v1.CellSourceChanged" ? withoutBase(args) : args) };
    } catch (error) {
      throw new TypeError(`${name}: ${/** @type {Error} */ (error).message}`, { cause: error });
    }
  }
}

/** What a source was made from is ours: the runt notebooks' event has no such field. @param {object} args */
function withoutBase(args) {
  return Object.fromEntries(Object.entries(args).filter(([key]) => key !== "base"));
}
