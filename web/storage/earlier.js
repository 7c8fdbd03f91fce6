// Reads a notebook that an earlier version of this site kept: a LiveStore log in the browser's own file system (OPFS).
// Its files stay as they are until the notebook is deleted.

/** @import { LogEvent } from "../../js/types.d.ts" */

/** @param {string} id of a notebook @returns {Promise<readonly LogEvent[] | undefined>} undefined if there is none */
export async function readEarlier(id) {
  if ((await foldersOf(id)).names.length === 0) return undefined;
  const { readLiveStore } = await import("./livestore-in-opfs.js");
  // One tab at a time: each opens its files and closes them again.
  return navigator.locks.request(`runt-pyodide/earlier/${id}`, () => readLiveStore(id));
}

/** @param {string} id of a notebook that no tab shows */
export async function deleteEarlier(id) {
  const { root, names } = await foldersOf(id);
  for (const name of names) await root.removeEntry(name, { recursive: true });
}

/** @param {string} id */
async function foldersOf(id) {
  /** @type {any} */
  const root = await rootFolder().catch(() => undefined);
  /** @type {string[]} */
  const names = [];
  for await (const name of root?.keys() ?? []) {
    if (name.startsWith(`livestore-${id}@`)) names.push(name);
  }
  return { root, names };
}

/** Rejects if the browser has no such files, as in some private windows. */
async function rootFolder() {
  return navigator.storage.getDirectory();
}
