// The notebook's folder in Python: mounted before Python's first line, and told to the page when Python has written.

/** @import { FileChange } from "../../types.d.ts" */

import { NotebookFileSystem } from "./file-system.js";

const PLACE = "/home";
/** After how long at the latest what Python wrote is told, also while it is busy. */
const LATEST_MS = 2000;
/** What a batch of events holds that ends a cell. */
const END = '"v1.ExecutionCompleted"';

/**
 * @param {any} fs Pyodide's FS
 * @param {readonly FileChange[]} files
 * @param {(changes: readonly FileChange[]) => void} wrote
 */
export function openFolder(fs, files, wrote) {
  const reader = new /** @type {any} */ (globalThis).FileReaderSync(); // only workers have it
  const read = (/** @type {Blob} */ blob) => reader.readAsArrayBuffer(blob);
  const system = new NotebookFileSystem(fs, read, note);
  system.mount(PLACE);
  system.put(files);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let since = Infinity;

  function note() {
    const now = Date.now();
    since = Math.min(since, now);
    timer ??= setTimeout(flush, LATEST_MS);
    if (now - since > LATEST_MS) flush(); // no timer ends while Python is busy
  }

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    since = Infinity;
    const changes = system.take();
    if (changes.length > 0) wrote(changes);
  }

  return {
    flush,
    put: (/** @type {readonly FileChange[]} */ changes) => system.put(changes),
    /** Has files told before the end of the cell that wrote them. @param {(text: string) => void} emit */
    before: (emit) => (/** @type {string} */ text) => {
      if (text.includes(END)) flush();
      emit(text);
    },
  };
}
