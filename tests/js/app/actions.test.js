import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { Actions } from "../../../web/app/actions.js";

/** @import { LogEvent } from "../../../js/types.d.ts" */
/** @import { Cell } from "../../../js/types-notebook.d.ts" */

/** Lets the store deliver. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** @param {string} id @param {string} fractionalIndex @param {string} [cellType] @returns {LogEvent} */
const cell = (id, fractionalIndex, cellType = "ai") => ({
  name: "v2.CellCreated",
  args: { id, cellType, fractionalIndex, createdBy: "test" },
});

/** @param {LogEvent[]} events */
async function open(...events) {
  const store = memoryStore(events);
  const nb = openNotebook(store);
  await turn();
  /** What was committed since the beginning. */
  const written = () => store.events().slice(events.length);
  return { actions: new Actions(nb, (_, go) => go()), nb, store, written };
}

/** @param {LogEvent[]} events */
const names = (events) => events.map(({ name }) => name);

test("a new cell stands where it was asked for", async () => {
  const { actions, nb } = await open(cell("a", "i"), cell("b", "j"));
  const middle = actions.addCell("ai", "a");
  await turn();
  const first = actions.addCell("markdown", null);
  const last = actions.addCell("code", "b");
  await turn();
  assert.deepEqual(nb.order, [first, "a", middle, "b", last]);
  assert.equal(nb.cell(last)?.cellType, "code");
});

test("a cell like another has its source, its model, its settings and its pictures", async () => {
  const { actions, nb } = await open(cell("a", "i"));
  nb.setSource("a", "What is this?");
  nb.setModel("a", { provider: "p", model: "m", settings: { temperature: 0 } });
  nb.setSettings("a", { temperature: 0, seed: 7 });
  nb.setImages("a", [{ mediaType: "image/png", data: "iVBORw0KGgo=" }]);
  const original = /** @type {Cell} */ (nb.cell("a"));
  const [id] = actions.addCopies([{ cell: original, outputs: [] }], "a");
  await turn();
  assert.deepEqual(nb.order, ["a", id]);
  assert.deepEqual(nb.cell(id)?.ai, original.ai);
  assert.equal(nb.cell(id)?.source, "What is this?");
  assert.deepEqual([nb.settings(id), nb.images(id)], [nb.settings("a"), nb.images("a")]);
});

test("a cell that its first line has changed is the Python cell again", async () => {
  const { actions, nb } = await open(cell("a", "i"));
  nb.setSource("a", "Cities?");
  nb.setModel("a", { provider: "p", model: "m" });
  nb.setSettings("a", { answer: { name: "x" }, seed: 7, temperature: 0 });
  nb.setImages("a", [{ mediaType: "image/png", data: "iVBORw0KGgo=" }]);
  nb.setCellMetadata("a", "magic", "%%ai p/m --seed 7 -> x");
  nb.setCellMetadata("a", "tags", ["kept"]);
  actions.restoreMagic("a", "%%ai p/m --seed 7 -> x");
  await turn();
  const { cellType, source, metadata, ai } = /** @type {Cell} */ (nb.cell("a"));
  assert.deepEqual([cellType, source], ["code", "%%ai p/m --seed 7 -> x\nCities?"]);
  assert.deepEqual([...metadata], [["tags", ["kept"]]]);
  assert.deepEqual([ai?.provider, nb.settings("a")], ["", {}]);
});

test("a cell moves by one place, and not beyond the ends", async () => {
  const { actions, nb, written } = await open(cell("a", "a"), cell("b", "b"), cell("c", "c"));
  actions.moveCells(["a"], 1);
  await turn();
  assert.deepEqual(nb.order, ["b", "a", "c"]);
  actions.moveCells(["c"], -1);
  await turn();
  assert.deepEqual(nb.order, ["b", "c", "a"]);
  actions.moveCells(["b"], -1);
  actions.moveCells(["a"], 1);
  assert.equal(written().length, 2);
});

test("where there is no room between two cells, all get a new index", async () => {
  const { actions, nb } = await open(cell("a", "a"), cell("b", "a0"), cell("c", "a0"));
  const added = actions.addCell("ai", "a");
  await turn();
  assert.deepEqual(nb.order, ["a", added, "b", "c"]);
  actions.moveCells(["c"], -1);
  await turn();
  assert.deepEqual(nb.order, ["a", added, "c", "b"]);
});

test("typing is committed once it pauses", async (t) => {
  const { actions, nb, written } = await open(cell("a", "i"));
  t.mock.timers.enable({ apis: ["setTimeout"] });
  actions.typeSource("a", "h");
  t.mock.timers.tick(299);
  actions.typeSource("a", "hi");
  t.mock.timers.tick(299);
  assert.deepEqual(written(), []);
  assert.ok(actions.isTyping("a"));
  t.mock.timers.tick(1);
  const base = { head: 0, lines: [""], tail: 0 };
  assert.deepEqual(written(), [
    { name: "v1.CellSourceChanged", args: { id: "a", source: "hi", modifiedBy: nb.author, base } },
  ]);
  actions.flushSource("a");
  assert.equal(written().length, 1);
});

test("a run commits first what was typed, and counts", async () => {
  const { actions, nb, written } = await open(cell("a", "i"));
  actions.typeSource("a", "prompt");
  actions.run("a");
  assert.deepEqual(names(written()), ["v1.CellSourceChanged", "v1.ExecutionRequested"]);
  await turn();
  actions.run("a");
  assert.equal(written().length, 2, "what waits or runs is not asked for again");
  nb.stop("a");
  await turn();
  actions.run("a");
  await turn();
  assert.equal(nb.execution("a")?.executionCount, 2);
});

test("run all asks for what can run and is not under way, in order", async () => {
  const { actions, nb, written } = await open(
    cell("c", "c"),
    cell("b", "b", "code"),
    cell("text", "ab", "markdown"),
    cell("a", "a"),
  );
  actions.run("b");
  await turn();
  actions.runAll();
  await turn();
  const asked = nb.openExecutions.map(({ cellId }) => cellId);
  assert.deepEqual(asked, ["b", "a", "c"]);
  const count = written().length;
  actions.runAll();
  assert.equal(written().length, count);
});

test("stop cancels each open execution, once", async () => {
  const { actions, nb, written } = await open(cell("a", "a"), cell("b", "b"));
  actions.runAll();
  await turn();
  nb.stop();
  await turn();
  const [, first, second] = written();
  assert.equal(first.name, "v1.ExecutionCancelled");
  assert.deepEqual([first.args.cellId, second.args.cellId], ["a", "b"]);
  assert.equal(first.args.cancelledBy, nb.author);
  assert.deepEqual(nb.openExecutions, []);
  nb.stop();
  nb.stop("a");
  assert.equal(written().length, 3);
});

test("cells that are removed can come back, until they are deleted in earnest", async (t) => {
  const { actions, written } = await open(cell("a", "a"), cell("b", "b"));
  t.mock.timers.enable({ apis: ["setTimeout"] });
  actions.removeCells(["a"]);
  actions.removeCells(["b"]);
  assert.deepEqual(actions.removals.pending.value, ["a", "b"]);
  actions.history.undo();
  assert.deepEqual(actions.removals.pending.value, ["a"]);
  actions.history.undo();
  t.mock.timers.tick(60_000);
  assert.deepEqual(actions.removals.pending.value, []);
  assert.deepEqual(written(), []);

  actions.removeCells(["a"]);
  t.mock.timers.tick(60_000);
  assert.deepEqual(written(), [{ name: "v1.CellDeleted", args: { id: "a" } }]);
  assert.deepEqual(actions.removals.pending.value, []);
});

test("a deleted cell comes back as a new one, with its source, outputs and place", async () => {
  const output = {
    name: "v1.TerminalOutputAdded",
    args: {
      ...{ id: "o", cellId: "b", position: 0, streamName: "stderr" },
      content: { type: "inline", data: "text" },
    },
  };
  const hide = {
    name: "v1.CellAiContextVisibilityToggled",
    args: { id: "b", aiContextVisible: false },
  };
  const { actions, nb } = await open(
    cell("a", "a"),
    cell("b", "b", "code"),
    cell("c", "c"),
    { name: "v1.CellSourceChanged", args: { id: "b", source: "x = 1", modifiedBy: "me" } },
    output,
    hide,
  );
  actions.removeCells(["b"]);
  actions.removals.finish();
  await turn();
  assert.deepEqual(nb.order, ["a", "c"]);
  const [id] = actions.history.undo()?.ids ?? [];
  await turn();
  assert.deepEqual(nb.order, ["a", id, "c"]);
  const back = nb.cell(id);
  assert.deepEqual(
    [back?.cellType, back?.source, back?.sourceVisible, back?.aiContextVisible],
    ["code", "x = 1", true, false],
  );
  const [first] = nb.outputs(id);
  assert.deepEqual([first.kind, first.text, first.streamName], ["terminal", "text", "stderr"]);
  assert.equal(actions.history.undo(), undefined);
});

test("a cell is parted in two", async () => {
  const { actions, nb } = await open(cell("a", "a", "code"), cell("b", "b"));
  actions.typeSource("a", "one\ntwo");
  const id = actions.splitCell("a", "one", "two");
  await turn();
  assert.deepEqual(nb.order, ["a", id, "b"]);
  assert.equal(nb.cell("a")?.source, "one");
  assert.deepEqual([nb.cell(id)?.source, nb.cell(id)?.cellType], ["two", "code"]);
});

test("run below asks for a cell and those after it", async () => {
  const { actions, nb } = await open(cell("a", "a"), cell("b", "b", "code"), cell("c", "c", "sql"));
  actions.runFrom("b");
  await turn();
  assert.deepEqual(
    nb.openExecutions.map(({ cellId }) => cellId),
    ["b", "c"],
  );
});

test("what was typed into a cell that others delete meanwhile comes back with it", async () => {
  const { nb, store } = await open(cell("a", "a"), cell("b", "b"), cell("c", "c"));
  /** @type {string[]} */
  const said = [];
  const actions = new Actions(
    nb,
    (_, go) => go(),
    (text) => said.push(text),
  );
  actions.typeSource("b", "lost?");
  store.commit({ name: "v1.CellDeleted", args: { id: "b" } });
  await turn();
  actions.settle();
  assert.match(said.join(), /deleted elsewhere.*press Esc, then z/);
  const [id] = actions.history.undo()?.ids ?? [];
  await turn();
  assert.deepEqual([nb.order, nb.cell(id)?.source], [["a", id, "c"], "lost?"]);
});

test("what runs is shown, if its outputs were hidden", async () => {
  const { actions, nb, written } = await open(
    cell("a", "a", "code"),
    cell("b", "b", "markdown"),
    cell("c", "c", "code"),
  );
  for (const id of ["a", "b"]) nb.setVisible(id, "outputVisible", false);
  actions.runBefore("c");
  await turn();
  assert.equal(nb.cell("a")?.outputVisible, true);
  assert.deepEqual(names(written()).slice(2), [
    "v1.CellOutputVisibilityToggled",
    "v1.ExecutionRequested",
  ]);
});

test("a removed cell is stopped, and is gone before anything else runs", async () => {
  const { actions, written } = await open(cell("a", "a"), cell("b", "b"), cell("c", "c"));
  actions.run("a");
  await turn();
  actions.removeCells(["a"]);
  actions.removeCells(["b"]);
  actions.run("c");
  assert.deepEqual(
    written().map(({ name, args }) => [name, args.cellId ?? args.id]),
    [
      ["v1.ExecutionRequested", "a"],
      ["v1.ExecutionCancelled", "a"],
      ["v1.CellDeleted", "a"],
      ["v1.CellDeleted", "b"],
      ["v1.ExecutionRequested", "c"],
    ],
  );
});
