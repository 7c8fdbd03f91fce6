// All outputs of a notebook, by cell.
//
// Outputs and deltas are identified by id: what was cleared stays gone, and a delta may arrive before its
// output. Only clears and updates of a display, also by a new place of it, act on what is there when they
// arrive.

/** @import { Added, Bundle, Delta, DeltaBody } from "./output.js" */

import { compareText } from "../ordering.js";
import { Output } from "./output.js";

export class Outputs {
  /** @type {Map<string, Output>} */
  #byId = new Map();
  /** @type {Map<string, Set<Output>>} */
  #byCell = new Map();
  /** By display id: several outputs may show the same display. @type {Map<string, Set<Output>>} */
  #displays = new Map();
  /** @type {Set<string>} */
  #gone = new Set();
  /** @type {Set<string>} */
  #deletedCells = new Set();
  /** @type {Set<string>} */
  #clearOnNext = new Set();
  /** Deltas whose output is not there yet. @type {Map<string, Delta[]>} */
  #early = new Map();
  /** What AI runs say of themselves in outputs that are gone: what they took was spent all the same. @type {{ metadata: any }[]} */
  goneRuns = [];
  #touch;

  /** @param {(key: string) => void} touch told "output/<id>" and "outputs/<cell id>" */
  constructor(touch) {
    this.#touch = touch;
  }

  /** @param {string} id */
  get(id) {
    return this.#byId.get(id);
  }

  /** @param {string} cellId @returns {Output[]} by position, then by id */
  of(cellId) {
    const outputs = [...(this.#byCell.get(cellId) ?? [])];
    return outputs.sort((a, b) => a.position - b.position || compareText(a.id, b.id));
  }

  /** The ids of cells that have outputs, even of cells that do not exist yet. */
  get cellIds() {
    return [...this.#byCell.keys()];
  }

  /** @param {{ id: string, cellId: string, position: number }} args @param {Added} added */
  add({ id, cellId, position }, added) {
    if (this.#byId.has(id) || this.#gone.has(id)) return;
    const early = this.#early.get(id) ?? [];
    this.#early.delete(id);
    const output = new Output({ id, cellId, position }, added);
    for (const delta of early) output.addDelta(delta);
    if (this.#deletedCells.has(cellId)) {
      this.#lose(output);
      return;
    }
    if (this.#clearOnNext.has(cellId)) this.clear(cellId);
    this.#byId.set(id, output);
    push(this.#byCell, cellId, output);
    const { displayId, bundle = {}, isRestored = false } = added;
    if (displayId !== undefined) {
      if (!isRestored) this.updateDisplay({ displayId, representations: bundle });
      push(this.#displays, displayId, output);
    }
    this.#touch(`outputs/${cellId}`);
  }

  /** @param {{ id: string, outputId: string, sequenceNumber: number }} args @param {DeltaBody} body */
  addDelta({ id, outputId, sequenceNumber: number }, body) {
    const delta = { id, number, body };
    const output = this.#byId.get(outputId);
    if (output) {
      output.addDelta(delta);
      this.#touch(`output/${outputId}`);
    } else if (this.#gone.has(outputId)) {
      this.#keepAccount(body.metadata);
    } else {
      const early = this.#early.get(outputId);
      if (early) early.push(delta);
      else this.#early.set(outputId, [delta]);
    }
  }

  /** @param {{ displayId: string, representations: Bundle }} args */
  updateDisplay({ displayId, representations }) {
    for (const output of this.#displays.get(displayId) ?? []) {
      output.update(representations);
      this.#touch(`output/${output.id}`);
    }
  }

  /** @param {string} cellId */
  clear(cellId) {
    this.#clearOnNext.delete(cellId);
    for (const output of this.#byCell.get(cellId) ?? []) {
      this.#byId.delete(output.id);
      this.#lose(output);
      if (output.displayId !== undefined) this.#displays.get(output.displayId)?.delete(output);
    }
    if (this.#byCell.delete(cellId)) this.#touch(`outputs/${cellId}`);
  }

  /** @param {string} cellId */
  clearOnNext(cellId) {
    this.#clearOnNext.add(cellId);
  }

  clearAll() {
    for (const cellId of this.cellIds) this.clear(cellId);
  }

  /** Drops the cell's outputs, and any that arrive later. @param {string} cellId */
  deleteCell(cellId) {
    this.#deletedCells.add(cellId);
    this.clear(cellId);
  }

  /** @param {Output} output */
  #lose({ id, metadata }) {
    this.#gone.add(id);
    this.#keepAccount(metadata);
  }

  /** @param {any} metadata of an output that is gone, or of a delta for one */
  #keepAccount(metadata) {
    const { run, run_id } = metadata?.anode ?? {};
    if (run) this.goneRuns.push({ metadata: { anode: { run, run_id } } });
  }
}

/** @param {Map<string, Set<Output>>} map @param {string} key @param {Output} output */
function push(map, key, output) {
  const outputs = map.get(key);
  if (outputs) outputs.add(output);
  else map.set(key, new Set([output]));
}
