// Reads LiveStore's log by SQLite itself. LiveStore would first build its tables from the log, at 35 ms an event, would
// take what a cut attempt at that has left for the whole, and would not open a log with an event that it does not know.

/** @import { LogEvent } from "../../../js/types.d.ts" */

import { Factory, SQLITE_OPEN_READWRITE, SQLITE_ROW } from "@livestore/wa-sqlite";
import makeModule from "@livestore/wa-sqlite/dist/wa-sqlite.mjs";
import { AccessHandlePoolVFS } from "@livestore/wa-sqlite/src/examples/AccessHandlePoolVFS.js";

const FILE = "eventlog.db";
const LOG = `SELECT seqNumGlobal, parentSeqNumGlobal, name, argsJson FROM eventlog
  ORDER BY seqNumGlobal, seqNumClient`;

/**
 * @param {string} folder
 * @returns {Promise<(LogEvent | string)[]>} an event that cannot be read is the text that stands there
 * @throws if the log is not whole
 */
export async function readEventLog(folder) {
  const module = await makeModule();
  const sqlite = Factory(module);
  const pool = await openPool(folder, module);
  try {
    sqlite.vfs_register(pool, false);
    // Not read-only: what a write that was cut has left is taken back when the file is opened.
    const database = sqlite.open_v2Sync(FILE, SQLITE_OPEN_READWRITE, folder);
    const rows = (/** @type {string} */ sql) => query(sqlite, database, sql);
    for (const [said] of rows("PRAGMA quick_check(1)")) {
      if (said !== "ok") throw new Error(`its file is damaged: ${said}`);
    }
    return eventsOf(rows(LOG));
  } finally {
    await pool.close();
  }
}

/** @param {string} folder @param {any} module @returns {Promise<any>} */
async function openPool(folder, module) {
  try {
    return await AccessHandlePoolVFS.create(folder, module);
  } catch (error) {
    if (/** @type {any} */ (error).name !== "NoModificationAllowedError") throw error;
    throw new Error("another tab has it open: close the other tabs of this site", { cause: error });
  }
}

/**
 * @param {import("@livestore/wa-sqlite").SQLiteAPI} sqlite
 * @param {number} database
 * @param {string} sql one statement
 * @returns {Generator<any[]>}
 */
function* query(sqlite, database, sql) {
  const [statement] = sqlite.statements(database, sql, { unscoped: true });
  while (sqlite.step(statement) === SQLITE_ROW) yield sqlite.row(statement);
  sqlite.finalize(statement);
}

/** @param {Iterable<any[]>} rows */
function eventsOf(rows) {
  /** By id: two tabs that wrote at once could make LiveStore write an event twice. */
  const events = new Map();
  let last = 0;
  for (const [number, parent, name, args] of rows) {
    if (parent !== last)
      throw new Error(`what stood between its events ${last} and ${number} is missing`);
    last = number;
    const { id, event } = parse(name, args) ?? { id: number, event: args };
    if (!events.has(id)) events.set(id, event);
  }
  return [...events.values()];
}

/** @param {string} name @param {string} text JSON @returns {{ id: string, event: LogEvent } | undefined} */
function parse(name, text) {
  try {
    const entry = JSON.parse(text);
    // An event whose name LiveStore's schema did not have was carried by another one.
    return { id: entry.id, event: { name: entry.name ?? name, args: entry.args } };
  } catch {
    return undefined;
  }
}
