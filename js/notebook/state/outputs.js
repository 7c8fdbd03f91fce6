// All outputs of a notebook, by cell.

/** @import { Bundle, Delta, DeltaBody } from "./output.js" */

import { Output } from "./output.js";

export class Outputs {
  /** @type {Map<string, Output>} */
  #byId = new Map();
  /** @type {Map<string, Set<Output>>} */
  #byCell = new Map();
  /** By display id: several outputs may show one display. @type {Map<string, Set<Output>>} */
  #displays = new Map();
  /** @type {Set<string>} */
  #gone = new Set();
  /** @type {Set<string>} */
  #deletedCells = new Set();
  /** @type {Set<string>} */
  #clearOnNext = new Set();
  /** Deltas whose output is not there yet. @type {Map<string, Delta[]>} */
  #early = new Map();
  #touch;

  /** @param {(key: string) => void} touch told "output/<id>" and "outputs/<cell id>" */
  constructor(touch) {
    this.#touch = touch;
  }

  /** @param {string} cellId @returns {Output[]} by position, then by id */
  of(cellId) {
    const outputs = [...(this.#byCell.get(cellId) ?? [])];
    return outputs.sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
  }

  /** @param {string} id */
  get(id) {
    return this.#byId.get(id);
  }

  /** @param {string} name @param {any} args of an event that adds an output */
  add(name, args) {
    if (this.#byId.has(args.id) || this.#gone.has(args.id)) return;
    const early = this.#early.get(args.id) ?? [];
    this.#early.delete(args.id);
    if (this.#clearOnNext.has(args.cellId)) this.clear(args.cellId);
    const output = new Output(name, args);
    if (this.#deletedCells.has(output.cellId)) {
      this.#gone.add(output.id);
      return;
    }
    this.#byId.set(output.id, output);
    insert(this.#byCell, output.cellId, output);
    if (output.displayId !== undefined) insert(this.#displays, output.displayId, output);
    for (const delta of early) output.addDelta(delta);
    this.#touch(`outputs/${output.cellId}`);
  }

  /** @param {{ id: string, outputId: string, sequenceNumber: number }} args @param {DeltaBody} body */
  addDelta({ id, outputId, sequenceNumber: number }, body) {
    const delta = { id, number, body };
    const output = this.#byId.get(outputId);
    if (output) {
      output.addDelta(delta);
      this.#touch(`output/${outputId}`);
    } else if (!this.#gone.has(outputId)) {
      this.#early.set(outputId, [...(this.#early.get(outputId) ?? []), delta]);
    }
  }

  /** @param {string} displayId @param {Bundle} representations */
  updateDisplay(displayId, representations) {
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
      this.#gone.add(output.id);
      if (output.displayId !== undefined) this.#displays.get(output.displayId)?.delete(output);
    }
    if (this.#byCell.delete(cellId)) this.#touch(`outputs/${cellId}`);
  }

  /** @param {string} cellId */
  clearOnNext(cellId) {
    this.#clearOnNext.add(cellId);
  }

  clearAll() {
    for (const cellId of [...this.#byCell.keys()]) this.clear(cellId);
  }

  /** @param {string} cellId whose outputs go now, and those that come later too */
  deleteCell(cellId) {
    this.#deletedCells.add(cellId);
    this.clear(cellId);
  }
}

/**
 * @param {Map<string, Set<Output>>} map
 * @param {string} key
 * @param {Output} output
 */
function insert(map, key, output) {
  const outputs = map.get(key);
  if (outputs) outputs.add(output);
  else map.set(key, new Set([output]));
}
