import assert from "node:assert/strict";
import test from "node:test";

import { indicesFor, placeFor } from "../../../js/notebook/cell-order.js";
import { cell, event, fold } from "../support/events.js";

/** The order once a cell has come at a place. @param {any} notebook @param {number} place */
function orderWith(notebook, place) {
  const { fractionalIndex, moves } = placeFor(notebook, place);
  notebook.apply([...moves.map(([name, args]) => event(name, args)), cell("new", fractionalIndex)]);
  return { order: notebook.order, moves: moves.length };
}

for (const place of [0, 1, 2]) {
  test(`a cell at place ${place} moves no other where there is room`, () => {
    const { notebook } = fold(cell("a", "c"), cell("b", "f"));
    const order = ["a", "b"].toSpliced(place, 0, "new");
    assert.deepEqual(orderWith(notebook, place), { order, moves: 0 });
  });

  test(`at place ${place} of cells in one index all get a new one`, () => {
    const { notebook } = fold(cell("a", "c"), cell("b", "c"));
    const order = ["a", "b"].toSpliced(place, 0, "new");
    const { order: now, moves } = orderWith(notebook, place);
    assert.deepEqual(now, order);
    assert.equal(moves, place === 1 ? 2 : 0);
  });
}

test("indices for many cells are in order, behind the one before", () => {
  const indices = indicesFor(100, "m");
  assert.deepEqual(indices, indices.toSorted());
  assert.equal(new Set(indices).size, 100);
  assert.ok(indices[0] > "m");
  assert.deepEqual(indicesFor(0), []);
});
