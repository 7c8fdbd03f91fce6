// A notebook's cells, in their order.

/** @import { CellType } from "../../types-notebook.d.ts" */

import { compareText } from "../ordering.js";
import { setKey, pickPresent } from "./fields.js";

/**
 * @typedef {object} Cell
 * @property {string} id
 * @property {CellType} cellType
 * @property {string} fractionalIndex
 * @property {string} createdBy
 * @property {string} source
 * @property {string} modifiedBy who wrote the source last
 * @property {boolean} sourceVisible
 * @property {boolean} outputVisible
 * @property {boolean} aiContextVisible
 * @property {AISettings} [ai] the cell's own provider, model and settings
 * @property {string} [sqlVariable] the variable that keeps an SQL cell's result
 * @property {Map<string, any>} metadata whatever else a file holds of the cell
 *
 * @typedef {object} AISettings
 * @property {string} provider
 * @property {string} model
 * @property {{ temperature?: number, maxTokens?: number, systemPrompt?: string }} settings
 */

export class Cells {
  /** @type {Map<string, Cell>} */
  byId = new Map();
  /** @type {Set<string>} */
  deleted = new Set();
  /** Kept in order. @type {Cell[]} */
  #sorted = [];
  /** @type {readonly string[] | undefined} */
  #order;
  #touch;

  /** @param {(key: string) => void} touch told "order" and "cell/<id>" */
  constructor(touch) {
    this.#touch = touch;
  }

  /** The cells' ids, in order; the array itself is never changed. */
  get order() {
    this.#order ??= this.#sorted.map(({ id }) => id);
    return this.#order;
  }

  /** @param {{ id: string, cellType: CellType, createdBy: string }} args @param {string} fractionalIndex */
  create({ id, cellType, createdBy }, fractionalIndex) {
    if (this.byId.has(id) || this.deleted.has(id)) return;
    /** @type {Cell} */
    const cell = {
      ...{ id, cellType, fractionalIndex, createdBy, source: "", modifiedBy: "" },
      ...{ sourceVisible: true, outputVisible: true, aiContextVisible: true },
      metadata: new Map(),
    };
    this.byId.set(id, cell);
    this.#putInOrder(cell);
  }

  /** @param {string} id */
  delete(id) {
    this.deleted.add(id);
    const cell = this.byId.get(id);
    if (!cell) return;
    this.#takeFromOrder(cell);
    this.byId.delete(id);
  }

  /** @param {string} id @param {string} fractionalIndex */
  move(id, fractionalIndex) {
    const cell = this.byId.get(id);
    if (!cell) return;
    this.#takeFromOrder(cell);
    cell.fractionalIndex = fractionalIndex;
    this.#putInOrder(cell);
    this.#touch(`cell/${id}`);
  }

  /** @param {string} id @param {Partial<Omit<Cell, "id" | "fractionalIndex">>} change */
  change(id, change) {
    const cell = this.byId.get(id);
    if (!cell) return;
    Object.assign(cell, change);
    this.#touch(`cell/${id}`);
  }

  /** @param {{ cellId: string, provider: string, model: string, settings: any }} args */
  setAI({ cellId, provider, model, settings: { temperature, maxTokens, systemPrompt } }) {
    const settings = pickPresent({ temperature, maxTokens, systemPrompt });
    this.change(cellId, { ai: { provider, model, settings } });
  }

  /** @param {{ cellId: string, key: string, value: any }} args */
  setMetadata({ cellId, key, value }) {
    const cell = this.byId.get(cellId);
    if (!cell) return;
    setKey(cell.metadata, key, value);
    this.#touch(`cell/${cellId}`);
  }

  /** @param {Cell} cell */
  #putInOrder(cell) {
    this.#sorted.splice(this.#placeOf(cell), 0, cell);
    this.#order = undefined;
    this.#touch("order");
  }

  /** @param {Cell} cell */
  #takeFromOrder(cell) {
    this.#sorted.splice(this.#placeOf(cell), 1);
    this.#order = undefined;
    this.#touch("order");
  }

  /** The number of cells before this one. @param {Cell} cell */
  #placeOf(cell) {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#sorted[middle], cell) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** @param {Cell} a @param {Cell} b */
function compare(a, b) {
  return compareText(a.fractionalIndex, b.fractionalIndex) || compareText(a.id, b.id);
}
