// A table is read from an output of anybody's, and what is below it says how much of it there is.

import assert from "node:assert/strict";
import { test } from "node:test";

import { describeTable, readTable } from "../../../../web/ui/outputs/table-data.js";

const schema = {
  fields: [
    { name: "index", type: "integer" },
    { name: "a", type: "number", dtype: "float64", missing: 1 },
  ],
  primaryKey: ["index"],
};
const data = [
  { index: 0, a: 1.5 },
  { index: 1, a: null },
];

test("a table as pandas and this project's Python write it", () => {
  const table = readTable({ schema, data }, { rows: 7000, columns: 900, id: "s-1" });
  assert.deepEqual(table, {
    columns: [
      { name: "index", type: "integer", about: "integer", isIndex: true },
      { name: "a", type: "number", about: "float64, 1 missing", isIndex: false },
    ],
    rows: [
      [0, 1.5],
      [1, null],
    ],
    total: 7000,
    width: 900,
    id: "s-1",
  });
});

test("rows may be lists, and a name may be one that every object has", () => {
  const fields = [{ name: "__proto__" }, { name: "constructor" }];
  const rows = [[1, 2], JSON.parse('{"__proto__": 3}'), null, 5];
  assert.deepEqual(readTable({ schema: { fields }, data: rows })?.rows, [
    [1, 2],
    [3, null],
    [null, null],
    [null, null],
  ]);
});

test("what is no table", () => {
  const odd = [null, 3, "text", {}, { schema, data: {} }, { schema: { fields: [] }, data: [] }];
  for (const each of [...odd, { schema: { fields: [{ name: 1 }] }, data }])
    assert.equal(readTable(each), undefined);
});

const whole = /** @type {import("../../../../web/ui/outputs/table-data.js").TableData} */ (
  readTable({ schema, data })
);
const part = { ...whole, total: 1_000_000, id: "s-1" };
const kept = { hasAll: false, count: undefined };

/** @type {[string, typeof whole, { hasAll: boolean, count: number | undefined }][]} */
const said = [
  ["2 rows, 1 column", whole, kept],
  ["1 row found. 2 rows, 1 column", whole, { hasAll: false, count: 1 }],
  ["1,000,000 rows, 1 column", part, { hasAll: true, count: 1_000_000 }],
  ["12 rows found. 1,000,000 rows, 1 column", part, { hasAll: true, count: 12 }],
  [
    "The first 2 of 1,000,000 rows, 1 column are kept. Run the cell to page through all.",
    part,
    kept,
  ],
  ["The first 2 of 1,000,000 rows, 1 column are kept.", { ...part, id: undefined }, kept],
  ["2 rows, the first 1 of 900 columns", { ...whole, width: 900 }, kept],
  [
    "The first 2 rows are shown; there are more. Give the cell's result a name to have all.",
    { ...whole, total: undefined },
    kept,
  ],
];

for (const [sentence, table, state] of said)
  test(sentence, () => assert.equal(describeTable(table, state), sentence));
