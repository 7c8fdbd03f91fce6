// The files of a notebook between their store and one Python: each is told what the other has changed.

/** @import { FileChange, FileStore } from "../../types.d.ts" */

import { readChanges } from "../../notebook/files/file-changes.js";

/** @typedef {{ putFiles: (changes: readonly FileChange[]) => void }} Side */

export class SharedFiles {
  #store;
  #trouble;
  /** @type {Side | undefined} */
  #python;
  /** What was changed while Python booted. @type {FileChange[]} */
  #waiting = [];
  #isClosed = false;
  #unsubscribe = () => {};

  /** @param {FileStore | undefined} store @param {(error: Error) => void} trouble */
  constructor(store, trouble) {
    this.#store = store;
    this.#trouble = trouble;
  }

  /** Returns the files that Python begins with, and follows what changes. @returns {Promise<readonly FileChange[] | undefined>} */
  async open() {
    if (!this.#store) return undefined;
    this.#unsubscribe = this.#store.subscribe((changes, source) => {
      if (source !== this) this.#put(changes);
    });
    try {
      return (await this.#store.list()).map(({ path, content, modifiedAt }) => ({
        ...{ path, content, modifiedAt },
      }));
    } catch (error) {
      this.#trouble(/** @type {Error} */ (error));
      return [];
    }
  }

  /** @param {Side} python is told what has changed since `open`, and what will */
  attach(python) {
    this.#python = python;
    this.#put(this.#waiting.splice(0));
  }

  /** Takes what Python has changed; code of cells may have made it up. @param {readonly FileChange[]} changes */
  async take(changes) {
    if (this.#isClosed || !this.#store) return;
    try {
      await this.#store.write(readChanges(changes), this);
    } catch (error) {
      this.#trouble(/** @type {Error} */ (error));
    }
  }

  close() {
    this.#isClosed = true;
    this.#unsubscribe();
  }

  /** @param {readonly FileChange[]} changes */
  #put(changes) {
    if (changes.length === 0) return;
    if (this.#python) this.#python.putFiles(changes);
    else this.#waiting.push(...changes);
  }
}
