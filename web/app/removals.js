// Cells that a person deleted. Each is hidden at once and deleted a little later, so that an undo
// brings it back as it was; after that it comes back as a new cell with what it held.

/** @import { Cell, OpenNotebook, Output } from "../../js/types-notebook.d.ts" */

import { signal } from "@preact/signals";

const UNDO_MS = 8000;

export class Removals {
  /** The cells that are hidden and not deleted yet, the latest last. */
  pending = signal(/** @type {readonly string[]} */ ([]));
  /** @type {{ cell: Cell, outputs: readonly Output[] }[]} */
  #deleted = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #nb;

  /** @param {OpenNotebook} nb */
  constructor(nb) {
    this.#nb = nb;
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
      const cell = this.#nb.cell(id);
      if (cell) this.#deleted.push({ cell: { ...cell }, outputs: this.#nb.outputs(id) });
    }
    this.#nb.deleteCells(...ids);
  }

  #create() {
    const last = this.#deleted.pop();
    return last && this.#nb.addCopy(last.cell, last.outputs).id;
  }
}
