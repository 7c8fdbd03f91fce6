import assert from "node:assert/strict";
import test from "node:test";

import { Notebook } from "../../../../js/notebook/state/notebook.js";
import { cell, delta, event, fold, inline, markdown, texts } from "../../support/events.js";

test("an output that came whole takes updates and deltas as others do", () => {
  const restored = (/** @type {string} */ id, /** @type {any} */ output) =>
    event("v1.OutputRestored", { id, cellId: "c", position: 0, output, executionCount: 2 });
  const { notebook, problems } = fold(
    delta(0, { text: " b" }),
    restored("o", { kind: "markdown", text: "a", metadata: { anode: { role: "assistant" } } }),
    restored("p", { kind: "display", bundle: { "text/plain": inline("x") }, displayId: "d" }),
    restored("q", { kind: "error", error: { ename: "E" } }),
    restored("r", { kind: "terminal", text: "t", streamName: "stderr" }),
    restored("s", { kind: "result", bundle: {} }),
    event("v1.MultimediaDisplayOutputUpdated", {
      displayId: "d",
      representations: { "text/plain": inline("y") },
    }),
  );
  assert.deepEqual(problems, []);
  const [o, p, q, r, s] = notebook.outputs.of("c");
  assert.deepEqual([o.kind, o.text, o.metadata.anode], ["markdown", "a b", { role: "assistant" }]);
  assert.deepEqual([p.kind, p.bundle], ["display", { "text/plain": inline("y") }]);
  assert.deepEqual([q.kind, q.error], ["error", { ename: "E" }]);
  assert.deepEqual([r.text, r.streamName, r.executionCount], ["t", "stderr", undefined]);
  assert.deepEqual([s.kind, s.executionCount], ["result", 2]);
});

test("deltas count in the order of their numbers, and once each, whatever order they come in", () => {
  const deltas = [
    delta(0, { text: "b", metadata: { anode: { finish_reason: "stop" } } }),
    delta(1, { text: "c" }),
    delta(2, { text: "d", metadata: { anode: { usage: { output_tokens: 3 } } } }),
    delta(2, { text: "e" }, "d2-of-another-writer"),
  ];
  const added = markdown("o", 0, "a", { anode: { role: "assistant" }, other: 1 });
  for (const events of [
    [added, ...deltas],
    [added, ...deltas.toReversed(), ...deltas],
    [...deltas.toReversed(), added, added],
    [deltas[2], added, deltas[3], deltas[0], deltas[2], deltas[1]],
  ]) {
    const { notebook } = fold(...events);
    assert.deepEqual(texts(notebook), ["abcde"]);
    assert.deepEqual(notebook.outputs.get("o")?.metadata, {
      anode: { role: "assistant", finish_reason: "stop", usage: { output_tokens: 3 } },
      other: 1,
    });
  }
});

test("a display's updates replace what was added; deltas lie over it", () => {
  const display = (/** @type {string} */ id) =>
    event("v1.MultimediaDisplayOutputAdded", {
      ...{ id, cellId: "c", position: 0, displayId: "plot" },
      representations: { "text/plain": inline("1", { anode: { role: "tool" } }) },
    });
  const { notebook } = fold(
    display("o"),
    display("p"),
    delta(0, { data: { "text/html": inline("<b>1</b>", { anode: { iteration: 2 } }) } }),
  );
  const bundles = () => notebook.outputs.of("c").map(({ bundle }) => bundle);
  const html = { "text/html": inline("<b>1</b>", { anode: { iteration: 2 } }) };
  const first = { "text/plain": inline("1", { anode: { role: "tool" } }) };
  assert.deepEqual(bundles(), [{ ...first, ...html }, first]);
  assert.deepEqual(notebook.outputs.get("o")?.metadata.anode, { role: "tool", iteration: 2 });

  const second = { "text/plain": inline("2") };
  const update = event("v1.MultimediaDisplayOutputUpdated", {
    displayId: "plot",
    representations: second,
  });
  assert.deepEqual([...notebook.apply([update])], ["output/o", "output/p"]);
  assert.deepEqual(bundles(), [{ ...second, ...html }, second]);
});

test("an error output holds its name, text and traceback", () => {
  const data = { ename: "ValueError", evalue: "no", traceback: ["line 1"] };
  const content = { type: "inline", data };
  const { notebook } = fold(
    event("v1.ErrorOutputAdded", { id: "e", cellId: "c", position: 0, content }),
  );
  assert.deepEqual(notebook.outputs.get("e")?.error, data);
});

test("the two older events that append read as deltas", () => {
  const { notebook } = fold(
    event("v1.TerminalOutputAdded", {
      ...{ id: "t", cellId: "c", position: 0, content: inline("1"), streamName: "stderr" },
    }),
    event("v2.TerminalOutputAppended", { id: "x", outputId: "t", delta: "3", sequenceNumber: 1 }),
    event("v2.TerminalOutputAppended", { id: "y", outputId: "t", delta: "2", sequenceNumber: 0 }),
    markdown("o", 1, "a"),
    event("v2.MarkdownOutputAppended", { id: "z", outputId: "o", delta: "b", sequenceNumber: 0 }),
  );
  assert.deepEqual(texts(notebook), ["123", "ab"]);
  assert.equal(notebook.outputs.get("t")?.streamName, "stderr");
});

test("a display that carries a delta is that delta", () => {
  const args = { id: "d", cellId: "c", outputId: "o", sequenceNumber: 0, delta: { text: "b" } };
  const carrier = (/** @type {any} */ data) =>
    event("v1.MultimediaDisplayOutputAdded", {
      ...{ id: "d", cellId: "c", position: 0 },
      representations: { "application/vnd.runt-pyodide.delta+json": inline(data) },
    });
  /** @type {string[]} */
  const problems = [];
  const notebook = new Notebook((problem) => void problems.push(problem));
  notebook.apply([cell("c", "a"), markdown("o", 0, "a"), carrier(args), carrier({})]);
  assert.deepEqual(
    notebook.outputs.of("c").map(({ text }) => text),
    ["ab"],
  );
  assert.deepEqual(problems, ["An event was refused. v1.OutputDelta: id is missing."]);
});
