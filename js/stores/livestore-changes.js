// What has changed in the tables of the runt notebooks since the last look. The tables that grow with every piece of an
// answer are not read again: a look costs the same however much is in them.

/** @import { Change } from "./livestore-rows.js" */

import { AddedRows } from "./livestore-added.js";

/**
 * Looks at one table.
 * @typedef {{ take: () => { changed: Change[], gone: any[] } }} Changes
 */

/** The most ids that are asked for at once. */
const AT_ONCE = 500;

/** A table that stays small: it is compared row by row. @implements {Changes} */
export class WholeTable {
  #store;
  #definition;
  #key;
  /** @type {Map<string, any>} */
  #told = new Map();

  /** @param {any} store @param {any} definition @param {string} key */
  constructor(store, definition, key) {
    this.#store = store;
    this.#definition = definition;
    this.#key = key;
  }

  take() {
    const before = this.#told;
    const rows = this.#store.query(this.#definition.select());
    this.#told = new Map(rows.map((/** @type {any} */ row) => [row[this.#key], row]));
    const gone = [...before].filter(([key]) => !this.#told.has(key)).map(([, row]) => row);
    const changed = [...this.#told].filter(([key, row]) => !isSame(before.get(key), row));
    return { changed: changed.map(([key, row]) => ({ row, before: before.get(key) })), gone };
  }
}

/** A table whose rows are only ever added. @implements {Changes} */
export class GrowingTable {
  #rows;
  /** @type {Set<string>} */
  #told = new Set();

  /** @param {any} store @param {any} definition all of whose columns are text or numbers */
  constructor(store, definition) {
    const { name, columns } = definition.sqliteDef;
    this.#rows = new AddedRows(store, name, Object.keys(columns));
  }

  take() {
    const fresh = this.#rows.take().filter(({ id }) => !this.#told.has(id) && this.#told.add(id));
    return { changed: fresh.map((row) => ({ row, before: undefined })), gone: [] };
  }
}

/**
 * The outputs. One is added, or added again under its id, which makes it the last; displays change where they are; and
 * those of a cell are removed all at once.
 * @implements {Changes}
 */
export class OutputTable {
  #store;
  #definition;
  #rows;
  /** @type {Map<string, any>} */
  #told = new Map();
  /** The ids of outputs that an update may change. @type {Set<string>} */
  #displays = new Set();
  /** An output of each cell: as long as it is there, all are. @type {Map<string, string>} */
  #witnesses = new Map();

  /** @param {any} store @param {any} definition */
  constructor(store, definition) {
    this.#store = store;
    this.#definition = definition;
    this.#rows = new AddedRows(store, definition.sqliteDef.name);
  }

  take() {
    const gone = this.#takeCleared();
    // The last row may have been added again in its own place.
    const last = this.#rows.lastId;
    const added = this.#rows.take().map(({ id }) => id);
    const asked = new Set([...this.#displays, ...(last === undefined ? [] : [last]), ...added]);
    const changed = this.#read([...asked])
      .map((row) => ({ row, before: this.#told.get(row.id) }))
      .filter(({ row, before }) => !isSame(before, row));
    for (const { row } of changed) this.#tell(row);
    return { changed, gone };
  }

  /** @param {any} row */
  #tell(row) {
    this.#told.set(row.id, row);
    if (row.displayId) this.#displays.add(row.id);
    if (!this.#witnesses.has(row.cellId)) this.#witnesses.set(row.cellId, row.id);
  }

  /** Forgets the outputs of cells that were cleared, and returns them. @returns {any[]} */
  #takeCleared() {
    const there = new Set(this.#read([...this.#witnesses.values()]).map(({ id }) => id));
    const cells = [...this.#witnesses].filter(([, id]) => !there.has(id)).map(([cellId]) => cellId);
    if (cells.length === 0) return [];
    for (const cellId of cells) this.#witnesses.delete(cellId);
    const gone = [...this.#told.values()].filter(({ cellId }) => cells.includes(cellId));
    for (const { id } of gone) {
      this.#told.delete(id);
      this.#displays.delete(id);
    }
    return gone;
  }

  /** @param {string[]} ids @returns {any[]} those rows that there are, in this order */
  #read(ids) {
    /** @type {Map<string, any>} */
    const found = new Map();
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const value = ids.slice(from, from + AT_ONCE);
      const rows = this.#store.query(this.#definition.select().where({ id: { op: "IN", value } }));
      for (const row of rows) found.set(row.id, row);
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  }
}

/** @param {any} before @param {any} row */
function isSame(before, row) {
  return before !== undefined && (before === row || JSON.stringify(before) === JSON.stringify(row));
}
