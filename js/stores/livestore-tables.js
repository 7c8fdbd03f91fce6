// Reads and follows a store with the tables of the runt notebooks. LiveStore offers no way to follow its log,
// so the events of others are derived from changed rows. What the tables have no column for is lost.

/** @import { LogEvent } from "../types.d.ts" */
/** @import { Source } from "./livestore-source.js" */

import { queryDb, Schema } from "@livestore/livestore";

import { EVENTS_OF } from "./livestore-rows.js";
import { onUpdate } from "./livestore-source.js";

/**
 * The rows of a table: as they are now, and as they were when they were last reported.
 * @typedef {{ name: string, now: readonly any[], told: Map<string, any> }} Table
 */

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
    for (const name of Object.keys(EVENTS_OF)) {
      const definition = defined.get(name);
      if (!definition) continue;
      const table = { name, now: [], told: new Map() };
      this.#tables.push(table);
      const take = (/** @type {readonly any[]} */ rows) => this.#take(table, rows);
      store.subscribe(queryDb(definition.select()), onUpdate(take));
    }
    for (const needed of ["cells", "outputs", "executionQueue", "runtimeSessions"]) {
      if (!defined.has(needed)) throw new TypeError(`the store's schema has no table ${needed}`);
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
    } finally {
      this.#isCommitting = false;
    }
  }

  /** @param {Table} table @param {readonly any[]} rows */
  #take(table, rows) {
    table.now = rows;
    // Our own events are not derived from rows: they are reported as they were committed.
    if (this.#isCommitting) table.told = byKey(table.name, rows);
    else if (!this.#isPlanned) {
      this.#isPlanned = true;
      queueMicrotask(() => this.#tellNew()); // nothing may be written during an update, not even by listeners
    }
  }

  #tellNew() {
    this.#isPlanned = false;
    const events = this.#derive();
    if (events.length > 0) this.#tell(events);
  }

  /** @returns {LogEvent[]} the events for all changes since the rows were last reported */
  #derive() {
    return this.#tables.flatMap((table) => {
      const before = table.told;
      const now = byKey(table.name, table.now);
      table.told = now;
      const { derive } = EVENTS_OF[table.name];
      const gone = [...before].filter(([key]) => !now.has(key)).map(([, row]) => row);
      const changed = [...now].filter(([key, row]) => !isSame(before.get(key), row));
      return derive(
        changed.map(([key, row]) => ({ row, before: before.get(key) })),
        gone,
      );
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

/** @param {string} table @param {readonly any[]} rows @returns {Map<string, any>} */
function byKey(table, rows) {
  const { key } = EVENTS_OF[table];
  return new Map(rows.map((row) => [row[key], row]));
}

/** @param {any} before @param {any} row */
function isSame(before, row) {
  return before !== undefined && (before === row || JSON.stringify(before) === JSON.stringify(row));
}

/** What a source was made from is ours: the runt notebooks' event has no such field. @param {object} args */
function withoutBase(args) {
  return Object.fromEntries(Object.entries(args).filter(([key]) => key !== "base"));
}
