// Reads and follows the log of a store with our schema: events as they were written, in LiveStore's order.

/** @import { LogEvent } from "../types.d.ts" */
/** @import { Source, Tell } from "./livestore-source.js" */

import { newId } from "../notebook/cell-events.js";
import { isKnown } from "../notebook/event-check.js";
import { Sources } from "../notebook/merge/sources.js";
import { readEvents, report } from "../notebook/wire-event.js";
import { AddedRows } from "./livestore-added.js";
import { CARRIER, onChange } from "./livestore-source.js";

/** A row of the log; `args` is JSON text. @typedef {{ id: string, name: string, args: string }} Row */

/** The events that tell what the sources of cells are, as SQL. */
const OF_SOURCES = `'v1.CellCreated', 'v2.CellCreated', 'v1.CellSourceChanged', 'v1.CellDeleted'`;

/** @implements {Source} */
export class LogSource {
  #store;
  #rows;
  /** The ids of the events that were reported, and of our own. @type {Set<string>} */
  #known = new Set();
  /** @type {Tell} */
  #tell = () => {};
  #isPlanned = false;
  /** Whether others' events were found before those that were reported already. */
  #hasMoved = false;

  /** @param {any} store */
  constructor(store) {
    this.#store = store;
    this.#rows = new AddedRows(store, "log", ["name", "args"]);
  }

  read() {
    return this.#takeNew();
  }

  /** @param {Tell} tell */
  follow(tell) {
    this.#tell = tell;
    // Nothing may be read or written from inside an update.
    const plan = () => {
      if (!this.#isPlanned) queueMicrotask(() => this.#tellNew());
      this.#isPlanned = true;
    };
    onChange(this.#store, "log", plan);
  }

  /** @param {LogEvent[]} events */
  commit(events) {
    this.#tellNew(); // what others wrote before this comes first
    const entries = events.map((event) => this.#entryOf(event));
    for (const { args } of entries) this.#known.add(args.id);
    this.#store.commit(...entries);
  }

  /** @param {LogEvent} event @returns {{ name: string, args: { id: string } & Record<string, any> }} */
  #entryOf({ name, args }) {
    const stored = this.#store.schema.eventsDefsMap;
    const row = { id: newId(), args };
    if (isKnown(name) && stored.has(name)) return { name, args: row };
    if (stored.has(CARRIER)) return { name: CARRIER, args: { ...row, name } };
    throw new TypeError(`the store's schema has no event named ${name}`);
  }

  #tellNew() {
    this.#isPlanned = false;
    const events = this.#takeNew();
    if (events.length > 0) this.#tell(events, this.#hasMoved ? this.#readSources() : undefined);
    this.#hasMoved = false;
  }

  #readSources() {
    const query = `SELECT id, name, args FROM log WHERE name IN (${OF_SOURCES}) ORDER BY rowid`;
    /** @type {Row[]} */
    const rows = this.#store.query({ query, bindValues: {} });
    const once = new Map(rows.map((row) => [row.id, row]));
    const sources = new Sources();
    sources.merge(readEvents([...once.values()].flatMap(parseRow), () => {}));
    return sources;
  }

  /** @returns {LogEvent[]} */
  #takeNew() {
    const rows = this.#rows.take();
    this.#hasMoved ||= this.#rows.hasMoved;
    // Two tabs that write at once can make LiveStore write an event twice.
    const fresh = rows.filter(({ id }) => !this.#known.has(id) && this.#known.add(id));
    return /** @type {any} */ (fresh).flatMap(parseRow);
  }
}

/** @param {Row} row @returns {LogEvent[]} empty if the row cannot be parsed */
function parseRow({ name, args }) {
  try {
    return [{ name, args: JSON.parse(args) }];
  } catch (error) {
    report(new Error(`${name}: args are not JSON`, { cause: error }));
    return [];
  }
}
