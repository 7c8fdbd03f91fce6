import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { attend } from "../../../js/notebook/state/sessions.js";
import { AT, created, open, turn } from "../support/open-notebook.js";

/** @import { Run } from "../../../js/types-notebook.d.ts" */

test("a run: the answer without its thinking, as it grows and when it has ended", async () => {
  const { nb, runtime, store } = open();
  const cell = nb.addCell("ai", "Why?");
  /** @type {string[]} */
  const seen = [];
  const run = nb.run(cell, { onChange: ({ text }) => seen.push(text) });
  const [request] = runtime.requested();
  runtime.start(request);
  runtime.say(request, "o0", "Let me think.", { thinking: true });
  runtime.say(request, "o1", "Because ");
  await turn();
  store.commit({
    name: "v1.OutputDelta",
    args: { id: "d", cellId: cell.id, outputId: "o1", sequenceNumber: 0, delta: { text: "so." } },
  });
  runtime.end(request);
  const { state, text, thinking, calls, error, id } = await run;
  assert.deepEqual(
    { state, text, thinking, calls, error, id },
    {
      ...{ state: "success", text: "Because so.", thinking: "Let me think.", calls: [] },
      ...{ error: undefined, id: request.queueId },
    },
  );
  assert.deepEqual([...new Set(seen)], ["", "Because ", "Because so."]);
  assert.deepEqual(nb.lastRun(cell)?.text, "Because so.");
});

test("a call waits for its approval, and has its result", async () => {
  const { nb, runtime, store } = open();
  const cell = nb.addCell("ai", "Do it");
  const run = nb.run(cell);
  const [request] = runtime.requested();
  runtime.start(request);
  const call = { tool_call_id: "c1", tool_name: "forecast", arguments: { town: "Oslo" } };
  const show = (/** @type {string} */ id, /** @type {string} */ mime, /** @type {any} */ data) =>
    runtime.write("v1.MultimediaDisplayOutputAdded", {
      ...{ id, cellId: cell.id, position: Number(id.slice(1)) },
      representations: {
        [mime]: { type: "inline", data, metadata: { anode: { tool_call_id: "c1" } } },
        "text/plain": { type: "inline", data: "Tool call: forecast" },
      },
    });
  show("o0", "application/vnd.anode.aitool+json", call);
  runtime.write("v1.ToolApprovalRequested", {
    ...{ toolCallId: "c1", cellId: cell.id, toolName: "forecast" },
    ...{ arguments: { town: "Oslo" }, requestedAt: AT },
  });
  await turn();
  const [waiting] = /** @type {Run} */ (nb.lastRun(cell)).calls;
  assert.deepEqual(
    [waiting.name, waiting.arguments, waiting.needsApproval],
    ["forecast", { town: "Oslo" }, true],
  );
  assert.deepEqual(
    nb.openApprovals.map(({ toolCallId }) => toolCallId),
    ["c1"],
  );
  nb.deny(waiting, "  Not now. ");
  await turn();
  assert.deepEqual(store.events().at(-1)?.args.reason, "Not now.");
  assert.deepEqual(nb.openApprovals, []);
  show("o1", "application/vnd.anode.aitool.result+json", {
    ...call,
    status: "success",
    result: "snow",
  });
  runtime.say(request, "o2", "It snows.");
  runtime.end(request);
  const { calls, text } = await run;
  assert.deepEqual(
    calls.map(({ id, result, needsApproval }) => [id, result, needsApproval]),
    [["c1", "snow", false]],
  );
  assert.equal(text, "It snows.");
});

test("a run that fails says why and keeps what it said; one that is stopped is cancelled", async () => {
  const { nb, runtime } = open();
  const [failing, stopped] = [nb.addCell("code", "1/0"), nb.addCell("ai", "Why?")];
  const failed = nb.run(failing);
  const [request] = runtime.requested();
  runtime.write("v1.TerminalOutputAdded", {
    ...{ id: "o0", cellId: failing.id, position: 0, streamName: "stdout" },
    content: { type: "inline", data: "before\n" },
  });
  runtime.write("v1.ErrorOutputAdded", {
    ...{ id: "o1", cellId: failing.id, position: 1 },
    content: {
      type: "inline",
      data: { ename: "ZeroDivisionError", evalue: "by zero", traceback: [] },
    },
  });
  runtime.end(request, "error", "ZeroDivisionError: by zero");
  const { state, error, text } = await failed;
  assert.deepEqual(
    [state, error?.name, error?.message, text],
    ["error", "ZeroDivisionError", "by zero", "before\n"],
  );

  const abort = new AbortController();
  const run = nb.run(stopped, { signal: abort.signal });
  abort.abort();
  assert.equal((await run).state, "cancelled");
});

test("a second run joins the first; cells that do not run are refused", async () => {
  const { nb, runtime } = open();
  const [cell, text] = [nb.addCell("ai", "Why?"), nb.addCell("markdown", "Text")];
  const both = [nb.run(cell), nb.run(cell)];
  nb.requestRuns(cell, text);
  const [request, ...others] = runtime.requested();
  assert.deepEqual(others, []);
  runtime.end(request);
  const [first, second] = await Promise.all(both);
  assert.equal(first.id, second.id);
  await assert.rejects(nb.run(text), /not of a type that runs/);
  await assert.rejects(nb.run("nobody"), /"nobody"/);
  assert.throws(() => nb.setSource("nobody", ""), /there is no cell "nobody"/);
  const again = nb.run(cell);
  assert.equal(runtime.requested().at(-1).executionCount, 2);
  nb.close();
  await assert.rejects(again, /closed/);
  await assert.rejects(nb.run(cell), /closed/);
});

test("what others decided first stands, however the events came", async () => {
  const { nb, store, runtime } = open();
  const cell = nb.addCell("ai", "Why?");
  const run = nb.run(cell);
  const [request] = runtime.requested();
  runtime.end(request);
  nb.stop(cell); // not told yet that it has ended
  assert.equal((await run).state, "success");
  await turn();
  const again = openNotebook(memoryStore(store.events()));
  assert.equal(again.lastRun(cell.id)?.state, nb.lastRun(cell)?.state);
});

test("a run that is requested after all were stopped runs, though the stop is delivered later", async () => {
  const { nb, store, runtime } = open();
  const cell = nb.addCell("ai", "Why?");
  await turn();
  store.commit({ name: "v1.AllExecutionsCancelled", args: {} }); // by another client
  const run = nb.run(cell);
  await turn();
  assert.equal(nb.lastRun(cell)?.state, "waiting");
  const [request] = runtime.requested();
  runtime.end(request);
  assert.equal((await run).state, "success");
});

test("a run that is stopped in the moment of its request, and one whose cell is deleted", async () => {
  const { nb } = open();
  const [stopped, deleted] = [nb.addCell("ai", "a"), nb.addCell("ai", "b")];
  const run = nb.run(stopped);
  nb.stop(stopped);
  assert.equal((await run).state, "cancelled");
  const lost = nb.run(deleted);
  await turn();
  nb.deleteCells(deleted);
  await assert.rejects(lost, /was deleted/);
});

test("what a session left out says why, and the rest of it can be run", async () => {
  const { nb, runtime } = open(...["a", "b", "c", "d"].map((id) => created(id, id, "code")));
  const capabilities = { canExecuteCode: true, canExecuteSql: true, canExecuteAi: true };
  runtime.write("v1.RuntimeSessionStarted", {
    ...{ sessionId: "s", runtimeId: "r", runtimeType: "python", capabilities },
  });
  await turn();
  nb.requestRuns("a", "b", "c", "d");
  const waiting = nb.run("b");
  await turn();
  const [first, ...others] = runtime.requested();
  runtime.start(first);
  runtime.end(first, "error", "No.");
  const reason = "Not run: a cell above failed.";
  for (const { queueId, cellId } of others.slice(0, 2)) {
    runtime.write("v1.ExecutionCancelled", { queueId, cellId, cancelledBy: "s", reason });
  }
  nb.stop("d");
  await turn();
  const { state, reason: said } = await waiting;
  assert.deepEqual([state, said], ["cancelled", reason]);
  assert.deepEqual(
    ["a", "b", "c", "d"].map((id) => nb.rest(id)),
    [[], ["b", "c"], ["b", "c"], []],
  );
  nb.requestRuns(...nb.rest("c"));
  await turn();
  assert.deepEqual(nb.rest("b"), []);
  assert.deepEqual(
    nb.openExecutions.map(({ cellId }) => cellId),
    ["b", "c"],
  );
});

test("what waits and costs money can be held for a person, with what was to follow it", async () => {
  const { nb, runtime } = open();
  const [first, paid, after] = /** @type {const} */ (["code", "ai", "code"]).map((type) =>
    nb.addCell(type, "1"),
  );
  const alone = nb.addCell("code", "\n%%ai p/m\n2");
  nb.requestRuns(first, paid, after);
  nb.requestRuns(alone);
  await turn();
  nb.hold(nb.openExecutions, "The page was closed.");
  await turn();
  const stateOf = (/** @type {any} */ cell) => nb.execution(cell)?.state;
  assert.deepEqual([first, paid, after, alone].map(stateOf), [
    "pending",
    ...Array(3).fill("cancelled"),
  ]);
  assert.equal(nb.execution(paid)?.reason, "The page was closed.");
  assert.deepEqual(nb.rest(after), [paid.id, after.id]);
  assert.deepEqual(nb.rest(alone), [alone.id]);
  // What has begun is not held: it ends by itself, or with its runtime.
  nb.requestRuns(...nb.rest(alone));
  runtime.start(runtime.requested().at(-1));
  await turn();
  nb.hold(nb.openExecutions, "The page was closed.");
  await turn();
  assert.deepEqual([first, alone].map(stateOf), ["pending", "executing"]);
});

test("a run that waits for a runtime says so, unless one is there or is being started", async () => {
  const store = memoryStore();
  /** @type {string[]} */
  const said = [];
  const nb = openNotebook(store, { onWarning: (problem) => said.push(problem) });
  const run = () => void nb.run(nb.addCell("code", "1")).catch(() => {});
  run();
  await turn();
  assert.equal(said.length, 1);
  assert.match(
    said[0],
    /^The run of the cell ".+" waits, since there is no runtime for this noteb/,
  );
  assert.match(said[0], /await startRuntime\(\{ store, \.\.\. \}\), from "runt-pyodide"\.$/);
  run();
  const leave = attend(store); // in the line below: it is in time
  await turn();
  const [sessionId, capabilities] = ["s", { canExecuteCode: true, canExecuteSql: true }];
  const session = { sessionId, runtimeId: "r", runtimeType: "x" };
  store.commit({
    name: "v1.RuntimeSessionStarted",
    args: { ...session, capabilities: { ...capabilities, canExecuteAi: true } },
  });
  leave();
  await turn();
  run(); // a session of another page
  await turn();
  assert.equal(said.length, 1);
  store.commit({ name: "v1.RuntimeSessionTerminated", args: { sessionId, reason: "shutdown" } });
  await turn();
  run();
  await turn();
  assert.equal(said.length, 2);
  nb.close();
});
