// Finds the fractional index that puts a cell at a given place.

/** @import { JsonObject } from "../types.d.ts" */
/** @import { Notebook } from "./state/notebook.js" */

import { indexBetween } from "./ordering.js";

/**
 * @param {Notebook} notebook
 * @param {number} place
 * @param {readonly string[]} [order] the other cells; all cells, if the cell does not exist yet
 * @returns {{ fractionalIndex: string, moves: [name: string, args: JsonObject][] }} the moves must be
 *   committed first; there are some only if the neighbours left no room
 */
export function placeFor(notebook, place, order = notebook.order) {
  const indexOf = (/** @type {number} */ at) =>
    notebook.cells.get(order[at])?.fractionalIndex ?? null;
  try {
    return { fractionalIndex: indexBetween(indexOf(place - 1), indexOf(place)), moves: [] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return spread(place, order);
  }
}

/**
 * Gives every cell a new index: notebooks that others wrote may leave no room between two cells.
 * @param {number} place the place that is wanted
 * @param {readonly string[]} order
 */
function spread(place, order) {
  const indices = indicesFor(order.length + 1);
  const [fractionalIndex] = indices.splice(place, 1);
  /** @type {[name: string, args: JsonObject][]} */
  const moves = order.map((id, i) => ["v2.CellMoved", { id, fractionalIndex: indices[i] }]);
  return { fractionalIndex, moves };
}

/** Indices in order. @param {number} count @param {string | null} [after] */
export function indicesFor(count, after = null) {
  /** @type {string[]} */
  const indices = [];
  for (let i = 0; i < count; i++) indices.push(indexBetween(indices.at(-1) ?? after, null));
  return indices;
}
