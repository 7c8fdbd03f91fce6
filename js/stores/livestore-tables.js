// A store with the tables of the runt notebooks. LiveStore has no public tail of its log: what others
// write is told from what changes in the rows. What the tables have no column for is not to be had.

/** @import { WireEvent } from "../types.d.ts" */
/** @import { Source } from "./livestore-source.js" */

import { queryDb, Schema } from "@livestore/livestore";

import { EVENTS_OF } from "./livestore-rows.js";
import { onUpdate } from "./livestore-source.js";

/**
 * The rows of a table: as they are, and as they were when they were told.
 * @typedef {{ name: string, now: readonly any[], told: Map<string, any> }} Table
 */

/** @implements {Source} */
export class TableSource {
  #store;
  /** In the order in which their changes are told. @type {Table[]} */
  #tables = [];
  /** @type {(events: WireEvent[]) => void} */
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

  /** @param {(events: WireEvent[]) => void} tell */
  follow(tell) {
    this.#tell = tell;
  }

  /** @param {WireEvent[]} events */
  commit(events) {
    const decoded = events.map((event) => this.#decode(event));
    this.#tellNew(); // what others wrote before
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
    // Our own events are told as they were given.
    if (this.#isCommitting) table.told = byKey(table.name, rows);
    else if (!this.#isPlanned) {
      this.#isPlanned = true;
      queueMicrotask(() => this.#tellNew()); // an update may not write, nor may its listeners
    }
  }

  #tellNew() {
    this.#isPlanned = false;
    const events = this.#derive();
    if (events.length > 0) this.#tell(events);
  }

  /** @returns {WireEvent[]} what became of the rows since they were told */
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

  /** Dates as the schema wants them; nothing that it does not have. @param {WireEvent} event */
  #decode({ name, args }) {
    const definition = this.#store.schema.eventsDefsMap.get(name);
    // LiveStore's own events, such as one that holds SQL, are nobody's to commit.
    if (!definition || definition.options.derived)
      throw new TypeError(`the store's schema has no event named ${name}`);
    try {
      const decode = Schema.decodeUnknownSync(definition.schema, { onExcessProperty: "error" });
      return { name, args: decode(args) };
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
