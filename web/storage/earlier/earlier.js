// Reads a notebook that an earlier version of this site kept: a LiveStore log in the browser's own file system (OPFS).
// Its files stay as they are until the notebook is deleted.

/** @import { LogEvent } from "../../../js/types.d.ts" */

import { messageOf } from "../../render/error.js";
import { EarlierUnread } from "../failures.js";

/**
 * @param {string} id of a notebook
 * @returns {Promise<readonly LogEvent[] | undefined>} undefined if there is none
 * @throws {EarlierUnread} if there is one that cannot be read
 */
export async function readEarlier(id) {
  if ((await foldersOf(id)).names.length === 0) return undefined;
  try {
    const { readLiveStore } = await import("./livestore-in-opfs.js");
    // One tab at a time: each opens its files and closes them again.
    const lock = `runt-pyodide/earlier/${id}`;
    const events = await navigator.locks.request(lock, () => readLiveStore(id));
    // Whoever opened a notebook started its Python, which left events in it.
    if (events.length === 0) throw new Error("its files hold no events");
    return events;
  } catch (error) {
    throw new EarlierUnread(messageOf(error), { cause: error });
  }
}

/** The files of such a notebook. @param {string} id @returns {AsyncGenerator<{ path: string, file: Blob }>} */
export async function* earlierFiles(id) {
  const { root, names } = await foldersOf(id);
  for (const name of names) {
    const folder = await root.getDirectoryHandle(name);
    for await (const [path, handle] of folder.entries()) {
      if (handle.kind === "file") yield { path: `${name}/${path}`, file: await handle.getFile() };
    }
  }
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
