import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { Removals } from "../../../web/app/removals.js";
import { cell, event, markdown } from "../support/events.js";

/** @import { Cell } from "../../../js/types-notebook.d.ts" */

/** Three cells, and what removes them. @param {test.TestContext} t */
function open(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const source = event("v1.CellSourceChanged", { id: "c", source: "Why?", modifiedBy: "me" });
  const cells = [cell("a", "a"), cell("b", "b"), cell("c", "c"), source];
  const nb = openNotebook(memoryStore([...cells, markdown("o", 0, "Because.")]));
  return { nb, removals: new Removals(nb), ids: () => nb.cells.map(({ id }) => id) };
}

test("a cell that is removed is hidden now and deleted later", (t) => {
  const { removals, ids } = open(t);
  removals.add("b");
  removals.add("b");
  assert.deepEqual([removals.pending.value, ids()], [["b"], ["a", "b", "c"]]);
  t.mock.timers.tick(7000);
  removals.add("c"); // the time for an undo begins anew
  t.mock.timers.tick(7999);
  assert.deepEqual(ids(), ["a", "b", "c"]);
  t.mock.timers.tick(1);
  assert.deepEqual([removals.pending.value, ids()], [[], ["a"]]);
});

test("what is hidden comes back as it was", (t) => {
  const { nb, removals, ids } = open(t);
  const [a, b] = nb.cells.map((cell) => ({ ...cell }));
  removals.add("a", "b");
  assert.equal(removals.restore("b", b), "b");
  assert.equal(removals.restore("a", a), "a");
  t.mock.timers.tick(10_000);
  assert.deepEqual(ids(), ["a", "b", "c"]);
});

test("what was deleted comes back as a new cell, with what it held", (t) => {
  const { nb, removals, ids } = open(t);
  const cell = { .../** @type {Cell} */ (nb.cell("c")) };
  removals.add("c");
  removals.finish();
  assert.deepEqual(ids(), ["a", "b"]);
  const back = removals.restore("c", cell);
  assert.ok(!["a", "b", "c"].includes(back));
  assert.equal(nb.cell(back)?.source, "Why?");
  assert.deepEqual(
    nb.outputs(back).map(({ text }) => text),
    ["Because."],
  );
});

test("nothing that is removed draws nothing anew", (t) => {
  const { removals } = open(t);
  const before = removals.pending.value;
  removals.finish();
  assert.equal(removals.pending.value, before);
});

/** Lets the store deliver. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("outputs that were cleared come back as they were, with an undo that is offered for a while", async (t) => {
  const { nb, removals } = open(t);
  await turn();
  removals.clearOutputs("a"); // has none
  assert.equal(removals.cleared.value, null);
  const texts = () => nb.outputs("c").map(({ text }) => text);
  for (const id of [undefined, "c"]) {
    removals.clearOutputs(id);
    await turn();
    assert.deepEqual([texts(), removals.isJustCleared.value], [[], true]);
    t.mock.timers.tick(8000);
    assert.equal(removals.isJustCleared.value, false);
    removals.restoreOutputs();
    await turn();
    assert.deepEqual([texts(), removals.cleared.value], [["Because."], null]);
    removals.restoreOutputs();
    await turn();
    assert.deepEqual(texts(), ["Because."]);
  }
});

test("outputs do not come back to a cell that is gone or has run since", async (t) => {
  const { nb, removals } = open(t);
  await turn();
  removals.clearOutputs();
  nb.requestRuns("c");
  await turn();
  removals.restoreOutputs();
  await turn();
  assert.deepEqual(nb.outputs("c"), []);
});
