// Cells that a person deleted, and outputs that a person cleared. A cell is hidden at once and deleted a little later.
// Until then an undo just shows it again; after that, an undo adds a new cell with the same content. Outputs are cleared
// at once, and an undo adds the same ones.

/** @import { Signal } from "@preact/signals" */
/** @import { Cell, OpenNotebook, Output } from "../../js/types-notebook.d.ts" */

import { batch, signal } from "@preact/signals";

/** Outputs, and the last run of each cell when they were cleared. @typedef {{ outputs: readonly Output[], runs: ReadonlyMap<string, string | undefined> }} Cleared */

const UNDO_MS = 8000;

export class Removals {
  /** The cells that are hidden but not deleted yet, the latest last. */
  pending = signal(/** @type {readonly string[]} */ ([]));
  /** The outputs of the cells that were deleted, by the cells' ids. @type {Map<string, readonly Output[]>} */
  #outputs = new Map();
  /** What was cleared last, and can be restored. @type {Signal<Cleared | null>} */
  cleared = signal(null);
  /** Whether it was cleared a moment ago. */
  isJustCleared = signal(false);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #clearTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #nb;

  /** @param {OpenNotebook} nb */
  constructor(nb) {
    this.#nb = nb;
  }

  /** Hides cells. @param {...string} ids */
  add(...ids) {
    const pending = new Set(this.pending.peek());
    const added = ids.filter((id) => !pending.has(id));
    if (added.length === 0) return;
    this.pending.value = [...pending, ...added];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.finish(), UNDO_MS);
  }

  /**
   * Shows a cell again.
   * @param {string} id
   * @param {Cell} cell what it held
   * @returns {string} its id, which is a new one if it was deleted already
   */
  restore(id, cell) {
    this.pending.value = this.pending.peek().filter((each) => each !== id);
    if (this.#nb.cell(id)) return id;
    return this.#nb.addCopy(cell, this.#outputs.get(id)).id;
  }

  /** Deletes the hidden cells. */
  finish() {
    clearTimeout(this.#timer);
    const ids = this.pending.peek();
    if (ids.length === 0) return; // a new empty list would redraw all cells
    this.pending.value = [];
    for (const id of ids) this.#outputs.set(id, this.#nb.outputs(id));
    this.#nb.deleteCells(...ids);
  }

  /** Clears the outputs of a cell, or of all. @param {string} [id] */
  clearOutputs(id) {
    const cells = this.#nb.cells.filter((cell) => id === undefined || cell.id === id);
    const outputs = cells.flatMap((cell) => this.#nb.outputs(cell));
    if (outputs.length === 0) return;
    const runs = new Map(cells.map((cell) => [cell.id, this.#runOf(cell.id)]));
    this.#nb.clearOutputs(id);
    clearTimeout(this.#clearTimer);
    this.#clearTimer = setTimeout(() => (this.isJustCleared.value = false), UNDO_MS);
    batch(() => {
      this.cleared.value = { outputs, runs };
      this.isJustCleared.value = true;
    });
  }

  /** Restores the outputs that were cleared last, save those of cells that have run since. */
  restoreOutputs() {
    const { outputs = [], runs } = this.cleared.peek() ?? {};
    const isOfLastRun = (/** @type {string} */ id) => runs?.get(id) === this.#runOf(id);
    this.#nb.restoreOutputs(
      outputs.filter(({ cellId }) => this.#nb.cell(cellId) && isOfLastRun(cellId)),
    );
    batch(() => {
      this.cleared.value = null;
      this.isJustCleared.value = false;
    });
  }

  /** @param {string} cellId */
  #runOf(cellId) {
    return this.#nb.execution(cellId)?.queueId;
  }
}
