// What a grid asks for, as Python takes it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { queryOf, shown } from "../../../web/grid/query.js";

test("rows, an order and filters", () => {
  const asked = {
    startRow: 200,
    endRow: 400,
    sortModel: [{ colId: "2", sort: /** @type {const} */ ("desc") }],
    filterModel: {
      0: { filterType: "number", type: "inRange", filter: 1, filterTo: 2 },
      1: { filterType: "text", type: "blank" },
    },
  };
  assert.deepEqual(queryOf(/** @type {any} */ (asked)), {
    start: 200,
    count: 200,
    sort: [{ column: 2, descending: true }],
    filters: [
      { column: 0, operator: "inRange", value: 1, to: 2 },
      { column: 1, operator: "blank", value: null, to: null },
    ],
  });
  const plain = { startRow: 0, endRow: 10, sortModel: [], filterModel: undefined };
  assert.deepEqual(queryOf(/** @type {any} */ (plain)), {
    start: 0,
    count: 10,
    sort: [],
    filters: [],
  });
});

test("values as cells show them", () => {
  const values = [null, true, 0.5, "text", [1, { a: 2 }]];
  assert.deepEqual(values.map(shown), ["null", "true", "0.5", "text", '[1,{"a":2}]']);
});
