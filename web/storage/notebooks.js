// The list of the notebooks that are kept in this browser; persisted.js keeps their logs. Each has entries of its own
// in the browser's small storage, so that tabs that write at the same time do not overwrite each other's.

/**
 * `deletedAt` is there while a delete can be undone; see deletions.js.
 * @typedef {{ id: string, title: string, openedAt: string, deletedAt?: string }} Kept
 */

/** Characters of a title that are shown and can be typed: what a file calls a title may be of any length. */
export const LONGEST_TITLE = 500;

/** The list of earlier versions of the site, which was one entry. */
const EARLIER = "runt-pyodide.notebooks";
const ENTRY = "runt-pyodide.notebook/";
const DELETED = "runt-pyodide.deleted/";

/** @returns {Kept[]} the most recently opened first */
export function listNotebooks() {
  try {
    takeOverEarlier();
    const ids = keys().flatMap((key) => (key.startsWith(ENTRY) ? key.slice(ENTRY.length) : []));
    const listed = ids.flatMap((id) => notebookOf(id) ?? []);
    return listed.sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
  } catch {
    return []; // the storage is forbidden
  }
}

/** @param {string} id @returns {Kept | undefined} */
export function notebookOf(id) {
  try {
    const { title, openedAt } = JSON.parse(localStorage.getItem(ENTRY + id) ?? "");
    const deletedAt = localStorage.getItem(DELETED + id) ?? undefined;
    if (typeof title !== "string" || typeof openedAt !== "string") return undefined;
    return { id, title, openedAt, ...(deletedAt !== undefined && { deletedAt }) };
  } catch {
    return undefined; // it is not listed, or what stands there cannot be read
  }
}

/** Puts a notebook at the top of the list. @param {string} id @param {string} title */
export function rememberNotebook(id, title) {
  write(ENTRY + id, JSON.stringify(entryOf(title, new Date().toISOString())));
}

/** Gives a listed notebook another title. @param {string} id @param {string} title */
export function retitleNotebook(id, title) {
  const known = notebookOf(id);
  if (known) write(ENTRY + id, JSON.stringify(entryOf(title, known.openedAt)));
}

/** @param {string} id */
export function forgetNotebook(id) {
  for (const key of [ENTRY + id, DELETED + id]) write(key, undefined);
}

/** Marks a notebook as deleted, or takes that back. @param {string} id @param {string} [deletedAt] in ISO 8601 */
export function markDeleted(id, deletedAt) {
  write(DELETED + id, deletedAt);
}

/** Whether an entry of the browser's storage belongs to the list. @param {string | null} key null for all entries */
export function isOfList(key) {
  return key === null || [ENTRY, DELETED].some((prefix) => key.startsWith(prefix));
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

/** @param {string} title @param {string} openedAt */
function entryOf(title, openedAt) {
  return { title: title.slice(0, LONGEST_TITLE), openedAt };
}

function keys() {
  return Array.from({ length: localStorage.length }, (_, place) => localStorage.key(place) ?? "");
}

function takeOverEarlier() {
  const text = localStorage.getItem(EARLIER);
  if (text === null) return;
  for (const { id, title, openedAt } of readEarlier(text)) {
    if (notebookOf(id)) continue;
    localStorage.setItem(ENTRY + id, JSON.stringify(entryOf(title, openedAt)));
  }
  localStorage.removeItem(EARLIER);
}

/** @param {string} text @returns {Kept[]} */
function readEarlier(text) {
  try {
    const listed = JSON.parse(text);
    return listed.filter((/** @type {any} */ one) =>
      [one?.id, one?.title, one?.openedAt].every((field) => typeof field === "string"),
    );
  } catch {
    return []; // not a list
  }
}

/** @param {string} key @param {string | undefined} value undefined to remove it */
function write(key, value) {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // The list is only a convenience; a notebook can also be opened by its address.
  }
}
