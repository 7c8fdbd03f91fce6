// The files of a notebook between their store and one Python: each is told what the other has changed. What Python wrote
// and the store could not take, as when it was full, is tried again whenever something else could be stored.

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
  /** What Python wrote and is not stored, by path. @type {Map<string, FileChange>} */
  #unstored = new Map();
  /** Writes are made one after the other. @type {Promise<unknown>} */
  #last = Promise.resolve();
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
      if (source === this) return;
      this.#forget(changes); // a person's change is newer
      this.#put(changes);
      this.#inTurn(() => this.#tryAgain());
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
  take(changes) {
    return this.#inTurn(async () => {
      const read = readChanges(changes);
      this.#forget(read);
      try {
        await this.#store?.write(read, this);
      } catch (error) {
        for (const change of read) this.#unstored.set(change.path, change);
        throw error;
      }
      await this.#tryAgain();
    });
  }

  close() {
    this.#isClosed = true;
    this.#unsubscribe();
  }

  /** Tries each alone: one that can never be stored keeps back no other. */
  async #tryAgain() {
    for (const change of [...this.#unstored.values()]) {
      try {
        await this.#store?.write([change], this);
        this.#forget([change]);
      } catch {
        // It was told when it was written.
      }
    }
  }

  /** @param {readonly FileChange[]} changes */
  #forget(changes) {
    for (const { path } of changes) this.#unstored.delete(path);
  }

  /** @param {() => Promise<unknown>} work */
  #inTurn(work) {
    this.#last = this.#last.then(async () => {
      if (!this.#isClosed) await work();
    });
    this.#last = this.#last.catch(this.#trouble);
    return this.#last;
  }

  /** @param {readonly FileChange[]} changes */
  #put(changes) {
    if (changes.length === 0) return;
    if (this.#python) this.#python.putFiles(changes);
    else this.#waiting.push(...changes);
  }
}
