// How much a kept notebook holds, and when it was last changed: counted from its log, and remembered, so that the next
// time only what is new is read.

import { Database } from "./database.js";

/**
 * @typedef {object} Size
 * @property {string} stamp of the log that was counted
 * @property {number} last the last number that was counted
 * @property {number} size in bytes, near enough: characters of JSON
 * @property {number} [changedAt] in ms since 1970; undefined if nobody knows
 */

const ENTRY = "runt-pyodide.size/";
/** What sessions of Python say about themselves is no change of a notebook. */
const NO_CHANGE = /^v1\.RuntimeSession/;

/** @param {string} id @returns {Promise<Size | undefined>} undefined if its log cannot be read or has not begun */
export async function sizeOf(id) {
  const database = await Database.open(id, () => {}).catch(() => undefined);
  try {
    return database && (await count(database, id));
  } catch {
    return undefined; // it is being deleted
  } finally {
    database?.close();
  }
}

/** @param {string} id */
export function forgetSize(id) {
  localStorage.removeItem(ENTRY + id);
}

/** @param {Database} database @param {string} id */
async function count(database, id) {
  const stamp = await database.begun;
  if (stamp === undefined) return undefined;
  const known = remembered(id);
  const counted = known?.stamp === stamp ? known : { stamp, last: 0, size: 0 };
  for await (const { number, events, at } of database.read(counted.last)) {
    counted.last = number;
    counted.size += events.length;
    if (at !== undefined && isChange(events)) counted.changedAt = at;
  }
  remember(id, counted);
  return counted;
}

/** @param {string} events JSON */
function isChange(events) {
  try {
    return JSON.parse(events).some((/** @type {any} */ { name }) => !NO_CHANGE.test(name));
  } catch {
    return false;
  }
}

/** @param {string} id @returns {Size | undefined} */
function remembered(id) {
  try {
    const { stamp, last, size, changedAt } = JSON.parse(localStorage.getItem(ENTRY + id) ?? "");
    const isRead = typeof stamp === "string" && [last, size].every(Number.isFinite);
    return isRead ? { stamp, last, size, changedAt } : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} id @param {Size} size */
function remember(id, size) {
  try {
    localStorage.setItem(ENTRY + id, JSON.stringify(size));
  } catch {
    // It is counted again.
  }
}
