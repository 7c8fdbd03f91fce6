// Finds a notebook that an earlier version of this site kept: a LiveStore log in the browser's own file system (OPFS).
// Its files stay until the notebook is deleted.

/** @import { LogEvent } from "../../../js/types.d.ts" */

import { messageOf } from "../../render/error.js";
import { EarlierUnread } from "../failures.js";

/**
 * @param {string} id of a notebook
 * @returns {Promise<readonly LogEvent[] | undefined>} undefined if there is none; what is no event could not be read
 * @throws {EarlierUnread} if there is one that is not whole, or cannot be read
 */
export async function readEarlier(id) {
  const folder = (await foldersOf(id)).names.sort().at(-1);
  if (folder === undefined) return undefined;
  try {
    // One tab at a time: each opens its files and closes them again.
    const lock = `runt-pyodide/earlier/${id}`;
    const events = await navigator.locks.request(lock, () => readApart(folder));
    // Whoever opened a notebook started its Python, which left events in it.
    if (events.length === 0) throw new Error("its files hold no events");
    return events;
  } catch (error) {
    throw new EarlierUnread(messageOf(error), { cause: error });
  }
}

/** Reads a log in a worker, since only a worker can open its files. @param {string} folder @returns {Promise<LogEvent[]>} */
async function readApart(folder) {
  const worker = new Worker(new URL("./earlier-worker.js", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers();
  worker.onmessage = ({ data: { events, error } }) =>
    events ? resolve(events) : reject(new Error(error));
  worker.onerror = ({ message }) => reject(new Error(message ?? "its reader did not start"));
  worker.postMessage(folder);
  try {
    return await promise;
  } finally {
    worker.terminate();
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
