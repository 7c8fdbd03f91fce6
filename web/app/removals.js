// Cells that a person deleted. A cell is hidden at once and deleted a little later. Until then an undo just
// shows it again; after that, an undo adds a new cell with the same content.

/** @import { Cell, OpenNotebook, Output } from "../../js/types-notebook.d.ts" */

import { signal } from "@preact/signals";

const UNDO_MS = 8000;

export class Removals {
  /** The cells that are hidden but not deleted yet, the latest last. */
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
   * Restores the cell that was removed last.
   * @returns {string | undefined} its id, which is new if the cell was already deleted; undefined if there is none
   */
  undo() {
    const pending = this.pending.peek();
    const last = pending.at(-1);
    if (last === undefined) return this.#create();
    this.pending.value = pending.slice(0, -1);
    return last;
  }

  /** Deletes the hidden cells. */
  finish() {
    clearTimeout(this.#timer);
    const ids = this.pending.peek();
    if (ids.length === 0) return; // a new empty list would redraw all cells
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
