// Cells that a person took away. Each is hidden at once and deleted a little later, so that an undo
// brings it back as it was; after that it comes back as a new cell with what it held.

/** @import { JsonObject } from "../../js/types.d.ts" */
/** @import { Cell } from "../../js/notebook/state/cells.js" */
/** @import { Notebook } from "../../js/notebook/state/notebook.js" */
/** @import { Output } from "../../js/notebook/state/output.js" */

import { signal } from "@preact/signals";

import { copyOf, newId } from "../../js/notebook/cell-events.js";

const UNDO_MS = 8000;

/** @typedef {[name: string, args: JsonObject][]} Events */

export class Removals {
  /** The cells that are hidden and not deleted yet, the latest last. */
  pending = signal(/** @type {readonly string[]} */ ([]));
  /** @type {{ cell: Cell, outputs: Output[] }[]} */
  #deleted = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #notebook;
  #commit;
  #author;

  /** @param {Notebook} notebook @param {(...events: Events) => void} commit @param {string} author */
  constructor(notebook, commit, author) {
    this.#notebook = notebook;
    this.#commit = commit;
    this.#author = author;
  }

  /** @param {string} id */
  add(id) {
    if (this.pending.peek().includes(id)) return;
    this.pending.value = [...this.pending.peek(), id];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.finish(), UNDO_MS);
  }

  /**
   * Brings back the cell that was removed last.
   * @returns {string | undefined} its id, if there is one: a new one if it had been deleted
   */
  undo() {
    const pending = this.pending.peek();
    const last = pending.at(-1);
    if (last === undefined) return this.#create();
    this.pending.value = pending.slice(0, -1);
    return last;
  }

  /** Deletes what is hidden. */
  finish() {
    clearTimeout(this.#timer);
    const ids = this.pending.peek();
    if (ids.length === 0) return; // another empty list would draw all cells anew
    this.pending.value = [];
    for (const id of ids) {
      const cell = this.#notebook.cells.get(id);
      if (cell) this.#deleted.push({ cell: { ...cell }, outputs: this.#notebook.outputs.of(id) });
    }
    this.#commit(
      ...ids.map((id) => /** @type {[string, JsonObject]} */ (["v1.CellDeleted", { id }])),
    );
  }

  #create() {
    const last = this.#deleted.pop();
    if (!last) return undefined;
    const id = newId();
    this.#commit(...copyOf(last.cell, last.outputs, id, this.#author));
    return id;
  }
}
