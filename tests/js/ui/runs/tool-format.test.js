import assert from "node:assert/strict";
import test from "node:test";

import {
  argument,
  formatCall,
  formatCell,
  formatChange,
  formatState,
} from "../../../../web/ui/runs/tool-format.js";

const ORDER = ["a", "b"];

for (const [name, args, said] of /** @type {[string, any, string][]} */ ([
  ["create_cell", { cellType: "ai" }, "Create an AI cell"],
  ["create_cell", {}, "Create a Python cell"],
  ["edit_cell", { cellId: "b" }, "Edit cell 2"],
  ["modify_cell", { cellId: "b" }, "Change cell 2"],
  ["execute_cell", { cell_id: "a" }, "Run cell 1"],
  ["delete_cell", { cellId: "gone" }, "Delete a deleted cell"],
  ["read_cell", "{not json", "Read a deleted cell"],
  ["list_cells", {}, "List the cells"],
  ["weather", { city: "Bern" }, "Call weather"],
  ["toString", {}, "Call toString"],
])) {
  test(`${name} ${JSON.stringify(args)}`, () => assert.equal(formatCall(name, args, ORDER), said));
}

test("how far a call is, and how long it took", () => {
  assert.equal(formatState(undefined), "");
  assert.equal(formatState("waiting"), "needs your approval");
  assert.match(formatState("success", 1200), /^done in 1\.2/);
  assert.equal(formatState("denied", 1200), "denied");
});

test("an argument is read in both ways that models write its name, if it is a text", () => {
  assert.equal(argument({ cell_id: "a" }, "cellId"), "a");
  assert.equal(argument({ cellId: 3, cell_id: "a" }, "cellId"), "a");
  assert.equal(argument({ cellId: 3 }, "cellId"), undefined);
  assert.equal(argument("text", "cellId"), undefined);
});

test("what an undo will do", () => {
  const change = (/** @type {any} */ kind) =>
    formatChange(/** @type {any} */ ({ kind, cell_id: "b", before: { cell_type: "sql" } }), ORDER);
  assert.equal(formatCell("b", ORDER), "cell 2");
  assert.deepEqual(["created", "modified", "moved", "deleted"].map(change), [
    "Remove cell 2",
    "Restore cell 2",
    "Move cell 2 back",
    "Restore the deleted SQL cell",
  ]);
});
