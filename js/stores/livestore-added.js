// Reads the rows that were added to a table since the last look, whatever their number before.

// If the row that was seen last is another now, rows that were seen are compared again, this many at a time: the events
// of another tab may have been inserted before those of this tab that are not confirmed yet.
const STEP = 200;

/** A row with its `id`. @typedef {{ row: number, id: string } & Record<string, any>} AddedRow */

export class AddedRows {
  #store;
  #select;
  /** The rows that were seen, in order: their numbers, and their ids. @type {number[]} */
  #seen = [];
  /** @type {string[]} */
  #ids = [];
  /** Whether the last look found rows that were inserted before those of an earlier one. */
  hasMoved = false;

  /** @param {any} store @param {string} table @param {readonly string[]} columns beside `id` */
  constructor(store, table, columns = []) {
    this.#store = store;
    this.#select = `SELECT ${["rowid AS row", "id", ...columns].join(", ")} FROM ${table}`;
  }

  /** The id of the row that was seen last. @returns {string | undefined} */
  get lastId() {
    return this.#ids.at(-1);
  }

  /** Returns the rows that are new, and after a move some that were seen before. @returns {AddedRow[]} */
  take() {
    const from = this.#firstUnseen();
    this.hasMoved = from < this.#seen.length;
    const after = this.#seen[from - 1] ?? -1;
    const rows = this.#query(`${this.#select} WHERE rowid > $after ORDER BY rowid`, { after });
    this.#seen.length = this.#ids.length = from;
    for (const { row, id } of rows) {
      this.#seen.push(row);
      this.#ids.push(id);
    }
    return rows;
  }

  /** The number of rows that were seen and stand where they stood. */
  #firstUnseen() {
    let from = this.#seen.length;
    while (from > 0 && !this.#stands(from - 1)) from = Math.max(0, from - STEP);
    return from;
  }

  /** @param {number} at */
  #stands(at) {
    const found = this.#query(`${this.#select} WHERE rowid = $row`, { row: this.#seen[at] });
    return found[0]?.id === this.#ids[at];
  }

  /** @param {string} query @param {Record<string, number>} bindValues @returns {AddedRow[]} */
  #query(query, bindValues) {
    return this.#store.query({ query, bindValues });
  }
}
