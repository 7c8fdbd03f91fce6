// The list of the notebooks that are kept in this browser; persisted.js keeps their logs.

/** @typedef {{ id: string, title: string, openedAt: string }} Kept */

const KEY = "runt-pyodide.notebooks";

/** @returns {Kept[]} the most recently opened first */
export function listNotebooks() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return []; // the storage is forbidden or broken
  }
}

/** Puts a notebook at the top of the list. @param {string} id @param {string} title */
export function rememberNotebook(id, title) {
  const others = listNotebooks().filter((one) => one.id !== id);
  write([{ id, title, openedAt: new Date().toISOString() }, ...others]);
}

/** @param {string} id */
export function forgetNotebook(id) {
  write(listNotebooks().filter((one) => one.id !== id));
}

/** The address of a notebook on this page. @param {string} id */
export function addressOf(id) {
  return `?notebook=${id}`;
}

/** Makes an id for a new notebook. */
export function newNotebookId() {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Kept[]} notebooks */
function write(notebooks) {
  try {
    localStorage.setItem(KEY, JSON.stringify(notebooks));
  } catch {
    // The list is only a convenience; a notebook can also be opened by its address.
  }
}
