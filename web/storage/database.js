// A notebook's log in the browser's database: one database for each notebook, and in it one row for each batch of
// events, under numbers that the database gives in the order of writing, whichever tab writes.

/** @import { LogEvent } from "../../js/types.d.ts" */
/** @import { DBSchema, IDBPDatabase } from "idb" */

import { deleteDB, openDB } from "idb";

/**
 * What was committed together. The id is the batch's own, so that it can be written again without standing twice.
 * @typedef {{ id: string, events: readonly LogEvent[] }} Batch
 *
 * A batch as it is kept: its events as JSON, and when it was written, in ms since 1970, if a page has noted that.
 * @typedef {{ id: string, events: string, at?: number }} Row
 *
 * @typedef {object} Tables
 * @property {{ key: number, value: Row, indexes: { id: string } }} batches
 * @property {{ key: "begun" | "compacted" | "examined", value: any }} about `begun`: a stamp of this log, made when it
 *   began; `compacted`, by Compacted; `examined`: the last number when a compaction found nothing that it could do
 *
 * The rows up to a number were written anew as fewer, from 1 on.
 * @typedef {{ upTo: number, rows: number }} Compacted
 *
 * How many rows a log has, and its last number, which is 0 if there are none.
 * @typedef {{ count: number, last: number, compacted?: Compacted, examined?: number }} Extent
 */

// What is written survives the end of its tab and of the browser. To survive a power failure, too, each row would
// have to wait for the disk.
const DURABILITY = { durability: /** @type {const} */ ("relaxed") };
const READ_AT_ONCE = 1000;

export class Database {
  #db;

  /** @param {IDBPDatabase<DBSchema & Tables>} db */
  constructor(db) {
    this.#db = db;
  }

  /**
   * @param {string} id of the notebook
   * @param {(why: "cleared" | "deleted" | "newer") => void} onLost called once when the browser or another tab deletes
   *   it, or a newer version of the page needs it
   * @returns {Promise<Database>}
   */
  static async open(id, onLost) {
    const db = await openDB(nameOf(id), 1, {
      upgrade(fresh) {
        const rows = fresh.createObjectStore("batches", { autoIncrement: true });
        rows.createIndex("id", "id", { unique: true });
        fresh.createObjectStore("about");
      },
      blocking(_, blockedVersion) {
        db.close();
        onLost(blockedVersion === null ? "deleted" : "newer");
      },
      terminated: () => onLost("cleared"),
    });
    return new Database(/** @type {any} */ (db));
  }

  /** Resolves once no tab has it open and it is gone. @param {string} id of a notebook */
  static async delete(id) {
    await deleteDB(nameOf(id));
  }

  close() {
    this.#db.close();
  }

  /** The log's stamp; undefined if it has not begun. @returns {Promise<string | undefined>} */
  get begun() {
    return this.#db.get("about", "begun");
  }

  /** @returns {Promise<Extent>} */
  async extent() {
    const tx = this.#db.transaction(["about", "batches"]);
    const [about, rows] = [tx.objectStore("about"), tx.objectStore("batches")];
    const [count, cursor, compacted, examined] = await Promise.all([
      ...[rows.count(), rows.openKeyCursor(null, "prev")],
      ...[about.get("compacted"), about.get("examined")],
    ]);
    return { count, last: Number(cursor?.key ?? 0), compacted, examined };
  }

  /** Notes that a compaction found nothing that it could do. @param {number} last the log's last number */
  async setExamined(last) {
    await this.#write(["about"], (tx) => tx.objectStore("about").put(last, "examined"));
  }

  /**
   * Writes a log in place of the rows up to a number, in one transaction, and reads it again before that is complete.
   * The numbers of later rows stay, and no number is given twice.
   * @param {readonly Row[]} written no more than there are rows
   * @param {number} upTo
   */
  async replace(written, upTo) {
    await this.#write(["about", "batches"], async (tx) => {
      const [rows, replaced] = [tx.objectStore("batches"), IDBKeyRange.upperBound(upTo)];
      rows.delete(replaced).catch(told);
      for (const [place, row] of written.entries()) rows.put(row, place + 1).catch(told);
      /** @type {Compacted} */
      const compacted = { upTo, rows: written.length };
      tx.objectStore("about").put(compacted, "compacted").catch(told);
      const found = await rows.getAll(replaced);
      const isWhole =
        found.length === written.length &&
        written.every(({ id, events }, i) => found[i].id === id && found[i].events === events);
      if (!isWhole) tx.abort();
    });
  }

  /**
   * Writes what the log begins with, unless another tab has done so.
   * @param {readonly Batch[]} batches
   * @param {string} stamp
   * @returns {Promise<string>} the log's stamp: this one, or the other tab's
   */
  async begin(batches, stamp) {
    return this.#write(["about", "batches"], async (tx) => {
      const about = tx.objectStore("about");
      const begun = await about.get("begun");
      if (begun !== undefined) return begun;
      about.put(stamp, "begun").catch(told);
      const rows = tx.objectStore("batches");
      for (const batch of batches) rows.add(rowOf(batch)).catch(told);
      return stamp;
    });
  }

  /**
   * Writes batches at the end of the log. All that the transaction needs is asked for at once, so that it goes on if
   * the tab does not.
   * @param {readonly Batch[]} batches
   * @param {number} after the last number that is known
   * @returns {Promise<number[]>} the numbers after that one: the last ones are those of the batches
   */
  async append(batches, after) {
    return this.#write(["batches"], (tx) => {
      const rows = tx.objectStore("batches");
      for (const batch of batches) rows.add(rowOf(batch)).catch(told);
      const numbers = rows.getAllKeys(IDBKeyRange.lowerBound(after, true));
      tx.commit();
      return numbers;
    });
  }

  /** Writes those of the batches that are not in the log. @param {readonly Batch[]} batches */
  async addMissing(batches) {
    if (batches.length === 0) return;
    await this.#write(["batches"], async (tx) => {
      const rows = tx.objectStore("batches");
      const ids = rows.index("id");
      for (const batch of batches) {
        if ((await ids.getKey(batch.id)) === undefined) rows.add(rowOf(batch)).catch(told);
      }
    });
  }

  /**
   * Reads the log, some rows at a time.
   * @param {number} after
   * @param {number} [before] default: to its end
   * @returns {AsyncGenerator<Row & { number: number }>}
   */
  async *read(after, before = Infinity) {
    for (let last = after; ;) {
      const range = IDBKeyRange.bound(last, before, true, true);
      const tx = this.#db.transaction("batches");
      const [numbers, rows] = await Promise.all([
        tx.store.getAllKeys(range, READ_AT_ONCE),
        tx.store.getAll(range, READ_AT_ONCE),
      ]);
      for (const [place, number] of numbers.entries()) yield { number, ...rows[place] };
      if (numbers.length < READ_AT_ONCE) return;
      last = numbers[numbers.length - 1];
    }
  }

  /**
   * @template T
   * @param {("about" | "batches")[]} tables
   * @param {(tx: any) => Promise<T>} work begins at once, and does nothing but ask the transaction
   * @returns {Promise<T>} once the transaction is complete
   */
  async #write(tables, work) {
    const tx = this.#db.transaction(tables, "readwrite", DURABILITY);
    tx.done.catch(told);
    const [result] = await Promise.allSettled([work(tx)]);
    await tx.done; // its error says why, those of the requests only that it was aborted
    if (result.status === "rejected") throw result.reason;
    return result.value;
  }
}

/** @param {string} id of a notebook */
export function nameOf(id) {
  return `runt-pyodide/notebook/${id}`;
}

/** @param {Batch} batch @returns {Row} */
function rowOf({ id, events }) {
  return { id, events: JSON.stringify(events), at: Date.now() };
}

/** What becomes of a request is told by its transaction, whose error says why. */
function told() {}
