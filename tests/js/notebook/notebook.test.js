import assert from "node:assert/strict";
import test from "node:test";

import { Notebook } from "../../../js/notebook/state/notebook.js";

/** @import { WireEvent } from "../../../js/types.d.ts" */

/** @param {string} name @param {any} [args] @returns {WireEvent} */
const event = (name, args = {}) => ({ name, args });
/** @param {string} data @param {any} [metadata] */
const inline = (data, metadata) => ({ type: "inline", data, ...(metadata && { metadata }) });
/** @param {string} id @param {string} fractionalIndex */
const cell = (id, fractionalIndex) =>
  event("v2.CellCreated", { id, cellType: "ai", fractionalIndex, createdBy: "me" });
/** @param {string} queueId @param {string} [cellId] */
const request = (queueId, cellId = "c") =>
  event("v1.ExecutionRequested", { queueId, cellId, executionCount: 1, requestedBy: "me" });
/** @param {string} queueId @param {string} [status] */
const completed = (queueId, status = "success") =>
  event("v1.ExecutionCompleted", {
    ...{ queueId, cellId: "c", status, executionDurationMs: 1200 },
    completedAt: "2026-01-01T00:00:02.000Z",
  });
/** @param {string} queueId */
const started = (queueId) =>
  event("v1.ExecutionStarted", {
    ...{ queueId, cellId: "c", runtimeSessionId: "s" },
    startedAt: "2026-01-01T00:00:01.000Z",
  });
/** @param {string} queueId */
const assigned = (queueId) => event("v1.ExecutionAssigned", { queueId, runtimeSessionId: "s" });
/** @param {string} queueId */
const cancelled = (queueId) =>
  event("v1.ExecutionCancelled", { queueId, cellId: "c", cancelledBy: "me", reason: "stopped" });
/** @param {string} id @param {number} position @param {string} text @param {any} [metadata] */
const markdown = (id, position, text, metadata) =>
  event("v1.MarkdownOutputAdded", { id, cellId: "c", position, content: inline(text, metadata) });
/** @param {number} sequenceNumber @param {any} delta @param {string} [id] */
const delta = (sequenceNumber, delta, id = `d${sequenceNumber}`) =>
  event("v1.OutputDelta", { id, cellId: "c", outputId: "o", sequenceNumber, delta });
/** @param {boolean} [wait] */
const cleared = (wait = false) =>
  event("v1.CellOutputsCleared", { cellId: "c", wait, clearedBy: "s" });

/** @param {WireEvent[]} events */
function fold(...events) {
  /** @type {string[]} */
  const problems = [];
  const notebook = new Notebook((problem) => void problems.push(problem));
  const touched = notebook.apply(events);
  return { notebook, problems, touched };
}

/** @param {Notebook} notebook */
const texts = (notebook) => notebook.outputs.of("c").map(({ text }) => text);

test("cells are ordered by index, then by id; old positions count as indices", () => {
  const old = { id: "old", cellType: "code", position: 37.5, createdBy: "me" };
  const { notebook } = fold(
    cell("b", "i"),
    cell("a", "i"),
    cell("z", "a10"),
    event("v1.CellCreated", old),
    event("v1.CellCreated", { ...old, id: "older", position: 9 }),
  );
  assert.deepEqual(notebook.order, ["z", "old", "older", "a", "b"]);
  notebook.apply([
    event("v1.CellMoved", { id: "b", newPosition: 1 }),
    event("v2.CellMoved", { id: "z", fractionalIndex: "z" }),
  ]);
  assert.deepEqual(notebook.order, ["b", "old", "older", "a", "z"]);
});

test("a cell is created once, and what is deleted stays gone with its outputs", () => {
  const { notebook } = fold(cell("c", "i"), cell("c", "a"), markdown("o", 0, "text"));
  assert.equal(notebook.cells.get("c")?.fractionalIndex, "i");
  const gone = event("v1.CellDeleted", { id: "c" });
  notebook.apply([gone, cell("c", "i"), gone, markdown("late", 1, "text")]);
  assert.deepEqual(notebook.order, []);
  assert.deepEqual(texts(notebook), []);
});

test("a cell's source, type, visibility and settings", () => {
  const settings = { provider: "openai", model: "m", settings: { temperature: 0 } };
  const { notebook } = fold(
    cell("c", "i"),
    event("v1.CellSourceChanged", { id: "c", source: "hello", modifiedBy: "you" }),
    event("v1.CellTypeChanged", { id: "c", cellType: "markdown" }),
    event("v1.CellSourceVisibilityToggled", { id: "c", sourceVisible: false }),
    event("v1.CellOutputVisibilityToggled", { id: "c", outputVisible: false }),
    event("v1.CellAiContextVisibilityToggled", { id: "c", aiContextVisible: false }),
    event("v1.AiSettingsChanged", { cellId: "c", ...settings }),
    event("v1.SqlResultVariableChanged", { cellId: "c", resultVariable: "s", changedBy: "me" }),
    event("v1.CellMetadataSet", { cellId: "c", key: "tags", value: ["a"] }),
    event("v1.CellMetadataSet", { cellId: "c", key: "gone", value: 1 }),
    event("v1.CellMetadataSet", { cellId: "c", key: "gone", value: null }),
    event("v1.CellSourceChanged", { id: "nobody", source: "hello", modifiedBy: "you" }),
  );
  assert.deepEqual(notebook.cells.get("c"), {
    ...{ id: "c", cellType: "markdown", fractionalIndex: "i", createdBy: "me" },
    ...{ source: "hello", modifiedBy: "you" },
    ...{ sourceVisible: false, outputVisible: false, aiContextVisible: false, ai: settings },
    ...{ sqlVariable: "s", metadata: new Map([["tags", ["a"]]]) },
  });
});

test("what a notebook's file holds beside, and the policies of tools", () => {
  const policy = (/** @type {string} */ policy, /** @type {any} */ scope) =>
    event("v1.ToolPolicySet", { tool: "run", policy, setBy: "me", ...(scope && { scope }) });
  const { notebook } = fold(
    event("v1.NotebookJsonSet", { key: "kernelspec", value: { name: "ir" } }),
    policy("risky", undefined),
    policy("auto", { cellId: "c" }),
    policy("never", { cellId: "c" }),
  );
  assert.deepEqual([...notebook.json], [["kernelspec", { name: "ir" }]]);
  const set = { tool: "run", setBy: "me" };
  assert.deepEqual(notebook.policies, [
    { ...set, policy: "risky", scope: {} },
    { ...set, policy: "never", scope: { cellId: "c" } },
  ]);
});

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

test("the number that the runtime gives an execution comes before its request's", () => {
  const begun = { ...started("q"), args: { ...started("q").args, executionCount: 7 } };
  for (const events of [
    [request("q"), begun],
    [begun, request("q")],
  ]) {
    assert.equal(fold(...events).notebook.executions.of("c")?.executionCount, 7);
  }
});

test("an execution goes on and never back, and its first end stands", () => {
  const { notebook } = fold(request("q"), assigned("q"));
  const { executions } = notebook;
  assert.equal(executions.of("c")?.state, "assigned");
  notebook.apply([started("q"), assigned("q"), request("q")]);
  assert.equal(executions.of("c")?.state, "executing");
  notebook.apply([cancelled("q"), completed("q"), started("q")]);
  assert.equal(executions.of("c")?.state, "cancelled");
  assert.equal(executions.of("c")?.outcome, undefined);
  assert.deepEqual(executions.open, []);
});

test("an execution that fails or is interrupted has failed; its outcome says which", () => {
  const { notebook } = fold(request("q"), completed("q", "error"));
  assert.equal(notebook.executions.of("c")?.state, "failed");
  notebook.apply([request("r"), completed("r", "cancelled")]);
  assert.equal(notebook.executions.of("c")?.state, "failed");
  assert.equal(notebook.executions.of("c")?.outcome, "cancelled");
});

test("a cell shows the execution that is open, else its last", () => {
  const { notebook } = fold(request("q"), started("q"), request("r"));
  assert.equal(notebook.executions.of("c")?.queueId, "q");
  notebook.apply([completed("q")]);
  assert.equal(notebook.executions.of("c")?.queueId, "r");
  notebook.apply([completed("r"), completed("late")]);
  assert.equal(notebook.executions.of("c")?.queueId, "late");
  assert.equal(notebook.executions.nextCount("c"), 2);
});

test("an execution may begin before its request comes, which counts once", () => {
  const again = event("v1.ExecutionRequested", { ...request("q").args, executionCount: 9 });
  const { notebook } = fold(started("q"), request("q"), again);
  assert.equal(notebook.executions.of("c")?.state, "executing");
  assert.equal(notebook.executions.of("c")?.executionCount, 1);
});

test("many requests at once queue in order; all can be cancelled at once", () => {
  const cellsInfo = ["b", "a"].map((id) => ({ id, executionCount: 3, queueId: `q-${id}` }));
  const { notebook } = fold(
    event("v1.MultipleExecutionRequested", { requestedBy: "me", cellsInfo }),
  );
  assert.deepEqual(
    notebook.executions.open.map(({ cellId }) => cellId),
    ["b", "a"],
  );
  notebook.apply([event("v1.AllExecutionsCancelled")]);
  assert.deepEqual(notebook.executions.open, []);
  assert.equal(notebook.executions.of("a")?.state, "cancelled");
});

test("sessions follow their status until they are terminated", () => {
  const status = (/** @type {string} */ status) =>
    event("v1.RuntimeSessionStatusChanged", { sessionId: "s", status });
  const { notebook } = fold(
    event("v1.RuntimeSessionStarted", {
      ...{ sessionId: "s", runtimeId: "r", runtimeType: "python", capabilities: {} },
    }),
    status("busy"),
  );
  assert.equal(notebook.sessions.get("s")?.status, "busy");
  notebook.apply([
    event("v1.RuntimeSessionTerminated", { sessionId: "s", reason: "displaced" }),
    status("ready"),
  ]);
  assert.equal(notebook.sessions.get("s")?.status, "terminated");
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
  assert.deepEqual(problems, ["An event was refused. v1.OutputDelta: id must be text."]);
});

test("outputs are ordered by position, then by id, and added once", () => {
  const { notebook } = fold(
    markdown("b", 1, "third"),
    markdown("a", 1, "second"),
    markdown("c", 0, "first"),
    markdown("a", 0, "again"),
  );
  assert.deepEqual(texts(notebook), ["first", "second", "third"]);
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

test("a text delta touches its output and nothing else", () => {
  const { notebook } = fold(cell("c", "i"), request("q"), markdown("o", 0, "a"));
  assert.deepEqual([...notebook.apply([delta(0, { text: "b" })])], ["output/o"]);
});

test("approvals keep their first answer", () => {
  const answer = (/** @type {string} */ status) =>
    event("v1.ToolApprovalResponded", {
      ...{ toolCallId: "t", status, approvedBy: "me", respondedAt: "2026-01-01T00:00:00.000Z" },
    });
  const asked = event("v1.ToolApprovalRequested", {
    ...{ toolCallId: "t", cellId: "c", toolName: "create_cell", arguments: {} },
    requestedAt: "2026-01-01T00:00:00.000Z",
  });
  const { notebook } = fold(answer("denied"), asked, answer("approved_once"));
  const approval = notebook.approvals.get("t");
  assert.equal(approval?.request?.toolName, "create_cell");
  assert.equal(approval?.response?.status, "denied");
});

test("unknown names are passed over with one warning each", () => {
  const { problems } = fold(event("v9.New"), event("v9.New"), event("toString"));
  assert.deepEqual(problems, [
    "Events named v9.New are passed over.",
    "Events named toString are passed over.",
  ]);
});

test("an event with bad args is refused, by name, and changes nothing", () => {
  const { notebook, problems, touched } = fold(event("v1.CellDeleted", { id: 7 }));
  assert.deepEqual(problems, ["An event was refused. v1.CellDeleted: id must be text."]);
  assert.equal(touched.size, 0);
  assert.deepEqual(notebook.order, []);
});
