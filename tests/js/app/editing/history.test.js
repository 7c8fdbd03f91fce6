import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../../js/index.js";
import { openNotebook } from "../../../../js/notebook/index.js";
import { Actions } from "../../../../web/app/actions.js";
import { event, markdown } from "../../support/events.js";
import { created as cell } from "../../support/open-notebook.js";
import { random } from "../../support/random.js";

/** @import { OpenNotebook } from "../../../../js/types-notebook.d.ts" */

/** Lets the store deliver. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A notebook as two tabs see it, and what edits it in one of them. @param {string} ids */
function open(ids = "abcde") {
  const sources = [...ids].map((id) =>
    event("v1.CellSourceChanged", { id, source: `${id} = 1\nlast`, modifiedBy: "me" }),
  );
  const store = memoryStore([...[...ids].map((id) => cell(id, id, "code")), ...sources]);
  const [nb, other] = [openNotebook(store, { author: "me" }), openNotebook(store)];
  const actions = new Actions(nb, (_, go) => go());
  /** What a person sees, whatever the ids. */
  const shown = () => {
    const hidden = actions.removals.pending.value;
    const cells = nb.cells.filter(({ id }) => !hidden.includes(id));
    return cells.map(({ cellType, source, outputVisible }) => [cellType, source, outputVisible]);
  };
  const sourcesShown = () =>
    shown()
      .map(([, source]) => String(source).split(" ")[0])
      .join("");
  return { actions, history: actions.history, nb, other, shown, sourcesShown, store };
}

test("any edits are undone and done again, also after what was deleted is gone", async () => {
  const below = random(11);
  for (let round = 0; round < 60; round++) {
    const { actions, history, nb, shown } = open();
    /** What stood after each edit. */
    const states = [shown()];
    for (let step = 0; step < 12; step++) {
      editByChance({ actions, nb }, below);
      if (below(3) === 0) actions.settle(); // what was removed is deleted in earnest
      await turn();
      if (history.past.value.length === states.length) states.push(shown());
    }
    assert.equal(history.past.value.length, states.length - 1);
    const back = states.toReversed().slice(1);
    for (const expected of back) {
      history.undo();
      if (below(3) === 0) actions.settle();
      await turn();
      assert.deepEqual(shown(), expected);
    }
    assert.equal(history.undo(), undefined);
    for (const expected of states.slice(1)) {
      history.redo();
      await turn();
      assert.deepEqual(shown(), expected);
    }
    assert.equal(history.redo(), undefined);
    nb.close();
  }
});

/** @param {{ actions: Actions, nb: OpenNotebook }} page @param {(count: number) => number} below */
function editByChance({ actions, nb }, below) {
  const hidden = actions.removals.pending.value;
  const ids = nb.order.filter((id) => !hidden.includes(id));
  if (ids.length < 2) return void actions.addCell("code", null, `${below(100)}`);
  const at = below(ids.length - 1);
  const some = ids.slice(at, at + 1 + below(3));
  const others = ids.filter((id) => !some.includes(id));
  const edits = [
    () => actions.addCell("code", ids[at], `n${below(100)}`),
    () => actions.removeCells(some),
    () => actions.moveCells(some, below(2) ? 1 : -1),
    () => others.length > 0 && actions.moveBeside(some, others[below(others.length)], below(2) > 0),
    () => actions.mergeCells(ids.slice(at, at + 2)),
    () => actions.splitCell(ids[at], "one", "two"),
    () => actions.changeType(some, below(2) ? "markdown" : "ai"),
    () => actions.toggle(some, "outputVisible"),
    () =>
      actions.addCopies(
        nb.cells.slice(0, 2).map((it) => ({ cell: { ...it }, outputs: [] })),
        null,
      ),
  ];
  edits[below(edits.length)]();
}

test("what another tab did in between survives an undo", async () => {
  const { actions, history, nb, other, sourcesShown } = open();
  actions.moveCells(["a", "b"], 1);
  actions.changeType(["a", "c"], "markdown");
  await turn();
  assert.equal(sourcesShown(), "cabde");
  other.setType("a", "ai");
  other.setSource("c", "c = 2\nlast");
  other.addCell("code", "x = 1", { after: "d" });
  other.move("b", 5);
  await turn();
  assert.equal(sourcesShown(), "cadxeb");
  history.undo();
  assert.deepEqual([nb.cell("a")?.cellType, nb.cell("c")?.cellType], ["ai", "code"]);
  assert.equal(nb.cell("c")?.source, "c = 2\nlast");
  history.undo();
  await turn();
  assert.equal(sourcesShown(), "acdxeb");
});

test("what another tab wrote into a cell is merged with what an undo puts back", async () => {
  const { actions, history, nb, other } = open("ab");
  actions.mergeCells(["a", "b"]);
  await turn();
  other.setSource("a", "new\na = 1\nlast\n\nb = 1\nlast");
  await turn();
  history.undo();
  await turn();
  assert.equal(nb.cell("a")?.source, "new\na = 1\nlast");
  assert.equal(nb.cells[1].source, "b = 1\nlast");
});

test("a cell that another tab deleted stays deleted, and the rest is undone", async () => {
  const { actions, history, other, sourcesShown } = open();
  actions.moveBeside(["a", "b"], "e", true);
  await turn();
  other.deleteCells("b");
  await turn();
  assert.deepEqual(history.undo()?.ids, ["a"]);
  await turn();
  assert.equal(sourcesShown(), "acde");
});

test("outputs come back with their cell, and an edit is one piece in the store", async (t) => {
  const store = memoryStore([cell("a", "a"), cell("c", "c"), markdown("o", 0, "Because.")]);
  const nb = openNotebook(store);
  const actions = new Actions(nb, (_, go) => go());
  const commit = t.mock.method(store, "commit");
  actions.removeCells(["a", "c"]);
  actions.settle();
  await turn();
  assert.equal(commit.mock.callCount(), 1);
  const [, back] = actions.history.undo()?.ids ?? [];
  await turn();
  assert.deepEqual(
    nb.outputs(back).map(({ text }) => text),
    ["Because."],
  );
  assert.equal(commit.mock.callCount(), 2);
});

test("a new edit ends what could be done again, and an edit that changes nothing is none", () => {
  const { actions, history } = open("ab");
  actions.changeType(["a"], "ai");
  actions.changeType(["a"], "ai");
  assert.equal(history.past.value.length, 1);
  history.undo();
  assert.equal(history.future.value.length, 1);
  actions.toggle(["b"], "sourceVisible");
  assert.deepEqual([history.past.value.length, history.future.value.length], [1, 0]);
});

test("500 cells are deleted, moved and brought back in a moment", () => {
  const store = memoryStore(
    Array.from({ length: 500 }, (_, n) => cell(`c${n}`, `a${`${n}`.padStart(4, "0")}1`, "code")),
  );
  const nb = openNotebook(store);
  const actions = new Actions(nb, (_, go) => go());
  const since = performance.now();
  actions.removeCells(nb.order);
  actions.history.undo();
  actions.moveBeside(nb.order.slice(0, 250), nb.order[499], true);
  actions.history.undo();
  assert.equal(nb.order[0], "c0");
  assert.ok(performance.now() - since < 3000, `${performance.now() - since} ms`);
});
