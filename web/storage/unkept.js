// What a page had not written yet when it was left. The database may drop what it is asked for while a page goes; the
// browser's small storage takes it at once, and the next page of the notebook writes it.

/** @import { Batch } from "./database.js" */

const PREFIX = "runt-pyodide.unkept/";

/**
 * Keeps batches, in place of those that the tab left before; none of them removes those.
 * @param {string} id of the notebook
 * @param {string} tab
 * @param {readonly Batch[]} batches
 * @returns {boolean} whether there was room for them
 */
export function leaveBehind(id, tab, batches) {
  const key = keyOf(id, tab);
  try {
    if (batches.length > 0) localStorage.setItem(key, JSON.stringify(batches));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false; // the storage is full or forbidden
  }
}

/**
 * What was left behind of a notebook, by whichever tab.
 * @param {string} id
 * @returns {{ batches: Batch[], forget: () => void }} `forget` is called once they are written
 */
export function leftBehind(id) {
  const keys = keysOf(id);
  const batches = keys.flatMap((key) => parse(localStorage.getItem(key)));
  return { batches, forget: () => keys.forEach((key) => localStorage.removeItem(key)) };
}

/** What was left behind, as it is stored, whatever it is. @param {string} id of the notebook */
export function textsLeftBehind(id) {
  return keysOf(id).map((key) => ({ key, text: localStorage.getItem(key) }));
}

/** @param {string} id */
function keysOf(id) {
  try {
    const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? "");
    return keys.filter((key) => key.startsWith(keyOf(id, "")));
  } catch {
    return []; // forbidden
  }
}

/** @param {string} id @param {string} tab */
function keyOf(id, tab) {
  return `${PREFIX}${id}/${tab}`;
}

/** @param {string | null} text @returns {Batch[]} */
function parse(text) {
  try {
    /** @type {any[]} */
    const batches = JSON.parse(text ?? "[]");
    return batches.filter((one) => typeof one?.id === "string" && Array.isArray(one.events));
  } catch {
    return [];
  }
}
