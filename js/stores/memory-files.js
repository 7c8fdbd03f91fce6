// The files of a notebook in memory: what FileStore in types-files.d.ts says, and nothing more.

/** @import { FileChange, FileListener, FileStore, StoredFile } from "../types.d.ts" */

import { report } from "../notebook/wire-event.js";
import { checkFileChanges } from "../notebook/files/file-changes.js";

/**
 * @param {readonly FileChange[]} [initial]
 * @returns {FileStore}
 */
export function memoryFiles(initial = []) {
  /** @type {Map<string, StoredFile>} */
  const files = new Map();
  /** @type {Set<FileListener>} */
  const listeners = new Set();
  put(files, checkFileChanges(initial));
  return {
    list: async () => [...files.values()],
    async write(changes, source) {
      const read = checkFileChanges(changes);
      put(files, read);
      for (const listener of [...listeners]) tell(listener, read, source);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** @param {Map<string, StoredFile>} files @param {readonly FileChange[]} changes */
function put(files, changes) {
  for (const { path, content, modifiedAt = Date.now() } of changes) {
    if (content === null) files.delete(path);
    else files.set(path, { path, content, modifiedAt });
  }
}

/** @param {FileListener} listener @param {readonly FileChange[]} changes @param {unknown} source */
function tell(listener, changes, source) {
  try {
    listener(changes, source);
  } catch (error) {
    report(error);
  }
}
