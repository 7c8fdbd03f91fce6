import assert from "node:assert/strict";
import test from "node:test";

import { totalOf } from "../../../../js/notebook/ai-run.js";
import {
  cell,
  cleared,
  delta,
  event,
  fold,
  markdown,
  request,
  texts,
} from "../../support/events.js";

test("outputs are ordered by position, then by id, and added once", () => {
  const { notebook } = fold(
    markdown("b", 1, "third"),
    markdown("a", 1, "second"),
    markdown("c", 0, "first"),
    markdown("a", 0, "again"),
  );
  assert.deepEqual(texts(notebook), ["first", "second", "third"]);
});

test("what an AI run took is kept when its outputs are cleared or its cell is deleted", () => {
  const run = { usage: { input_tokens: 5, output_tokens: 1 }, price_usd: 0.01 };
  const spent = (/** @type {string} */ id) => [
    markdown(id, 0, "answer", { anode: { run_id: id } }),
    event("v1.OutputDelta", {
      ...{ id: `${id}-d`, cellId: "c", outputId: id, sequenceNumber: 0 },
      delta: { metadata: { anode: { run } } },
    }),
  ];
  const { notebook } = fold(
    cell("c", "a"),
    ...spent("o"),
    cleared(),
    ...spent("p"),
    event("v1.CellDeleted", { id: "c" }),
  );
  const { runs, read, price } = totalOf(notebook.outputs.goneRuns);
  assert.deepEqual({ runs, read, price }, { runs: 2, read: 10, price: 0.02 });
});

test("what an AI run tells of itself counts after its outputs are gone, too, once, in any order", () => {
  const told = (
    /** @type {number} */ number,
    /** @type {string} */ id,
    /** @type {number} */ turns,
  ) =>
    event("v1.OutputDelta", {
      ...{ id: `d${number}`, cellId: "c", outputId: id, sequenceNumber: number },
      delta: {
        metadata: { anode: { run_id: "q", run: { turns, usage: { input_tokens: turns * 5 } } } },
      },
    });
  const added = markdown("o", 0, "answer", { anode: { run_id: "q" } });
  const gone = event("v1.CellDeleted", { id: "c" });
  for (const log of [
    [cell("c", "a"), added, told(0, "o", 1), cleared(), told(1, "o", 2)],
    [cell("c", "a"), added, told(0, "o", 1), gone, told(1, "o", 2)],
    [cell("c", "a"), gone, added, told(0, "o", 1), told(1, "o", 2)],
    [cell("c", "a"), told(1, "o", 2), told(0, "o", 1), gone, added],
    [cell("c", "a"), added, cleared(), told(1, "o", 2), told(0, "o", 1)],
  ]) {
    const { notebook } = fold(...log);
    const { runs, read } = totalOf(notebook.outputs.goneRuns);
    assert.deepEqual({ runs, read }, { runs: 1, read: 10 });
  }
});

test("a clear takes all outputs, for good; with wait, when the next one comes", () => {
  const { notebook } = fold(markdown("o", 0, "old"), cleared(), delta(0, { text: "late" }));
  notebook.apply([markdown("o", 0, "old")]);
  assert.deepEqual(texts(notebook), []);
  notebook.apply([markdown("p", 0, "kept"), cleared(true)]);
  assert.deepEqual(texts(notebook), ["kept"]);
  notebook.apply([markdown("q", 0, "new"), markdown("r", 1, "more")]);
  assert.deepEqual(texts(notebook), ["new", "more"]);
  notebook.apply([event("v1.AllOutputsCleared", { clearedBy: "me" })]);
  assert.deepEqual(texts(notebook), []);
});

test("a text delta touches its output and nothing else", () => {
  const { notebook } = fold(cell("c", "i"), request("q"), markdown("o", 0, "a"));
  assert.deepEqual([...notebook.apply([delta(0, { text: "b" })])], ["output/o"]);
});
