import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";

/** @import { EventStore, LogEvent } from "../../../js/types.d.ts" */
/** @import { Run } from "../../../js/types-notebook.d.ts" */

/** Lets the store deliver. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const AT = "2026-11-29T12:00:00.000Z";

/** @param {string} id @param {string} fractionalIndex @param {string} [cellType] @returns {LogEvent} */
const created = (id, fractionalIndex, cellType = "ai") => ({
  name: "v2.CellCreated",
  args: { id, cellType, fractionalIndex, createdBy: "somebody" },
});

/** What a runtime writes into a store, by hand. @param {EventStore & { events(): LogEvent[] }} store */
function runtimeOf(store) {
  const requested = () =>
    store.events().flatMap(({ name, args }) => {
      if (name === "v1.ExecutionRequested") return [args];
      if (name !== "v1.MultipleExecutionRequested") return [];
      return /** @type {any[]} */ (args.cellsInfo).map(({ id, ...info }) => ({
        cellId: id,
        ...info,
      }));
    });
  /** @param {any} name @param {any} args */
  const write = (name, args) => store.commit({ name, args });
  return {
    requested,
    write,
    /** @param {any} run @param {string} id @param {string} data @param {object} [anode] */
    say: ({ cellId }, id, data, anode = {}) =>
      write("v1.MarkdownOutputAdded", {
        id,
        cellId,
        position: Number(id.slice(1)),
        content: { type: "inline", data, metadata: { anode: { role: "assistant", ...anode } } },
      }),
    /** @param {any} run */
    start: ({ queueId, cellId }) =>
      write("v1.ExecutionStarted", { queueId, cellId, runtimeSessionId: "s", startedAt: AT }),
    /** @param {any} run @param {string} status @param {string} [error] */
    end: ({ queueId, cellId }, status = "success", error) =>
      write("v1.ExecutionCompleted", {
        ...{ queueId, cellId, status, completedAt: AT, executionDurationMs: 1 },
        ...(error && { error }),
      }),
  };
}

/** @param {LogEvent[]} events */
function open(...events) {
  const store = memoryStore(events);
  return { store, nb: openNotebook(store, { author: "me" }), runtime: runtimeOf(store) };
}

test("cells that are added one after the other stand in that order, at once", async () => {
  const { nb } = open(created("a", "i"));
  const words = ["one", "two", "three"].map((source) => nb.addCell("ai", source));
  assert.deepEqual(
    nb.cells.map(({ id }) => id),
    ["a", ...words.map(({ id }) => id)],
  );
  const first = nb.addCell("markdown", "", { after: null });
  const second = nb.addCell("code", "", { after: first });
  await turn();
  assert.deepEqual(nb.cells.slice(0, 3), [nb.cell(first.id), nb.cell(second.id), nb.cell("a")]);
  assert.equal(nb.cells[3].source, "one");
});

test("a cell without room beside it, and a hundred moves to the top", () => {
  const { nb } = open(created("a", "a"), created("b", "a0"), created("c", "a0"));
  const added = nb.addCell("ai", "", { after: "a" });
  const ids = () => nb.cells.map(({ id }) => id);
  assert.deepEqual(ids(), ["a", added.id, "b", "c"]);
  for (let i = 0; i < 100; i++) {
    const last = ids()[3];
    nb.move(last, 0);
    assert.equal(ids()[0], last);
  }
  nb.move("a", 99);
  assert.equal(ids()[3], "a");
});

test("what is written is in the store, and the fold of the store is the same", async () => {
  const { nb, store } = open();
  const cell = nb.addCell("ai", "Why?");
  nb.setSource(cell, "Why not?");
  nb.setSource(cell, "Why not?");
  nb.setType(cell, "markdown");
  nb.setVisible(cell, "aiContextVisible", false);
  nb.setModel(cell, { provider: "openai", model: "m" });
  nb.setCellMetadata(cell, "timeout", 5);
  nb.setCellMetadata(cell, "gone", true);
  nb.setCellMetadata(cell, "gone", null);
  nb.setTitle("A notebook");
  nb.deleteCells(nb.addCell("code"), "nobody");
  await turn();
  const again = openNotebook(memoryStore(store.events()));
  assert.deepEqual(again.cells, nb.cells);
  assert.equal(again.title, "A notebook");
  const [{ source, cellType, aiContextVisible, ai, modifiedBy, metadata }] = again.cells;
  assert.deepEqual([...metadata], [["timeout", 5]]);
  assert.deepEqual(
    [source, cellType, aiContextVisible, ai?.model, modifiedBy],
    ["Why not?", "markdown", false, "m", "me"],
  );
  assert.equal(store.events().filter(({ name }) => name === "v1.CellSourceChanged").length, 2);
});

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

test("a store that tells its events later is waited for", async () => {
  const inner = memoryStore([created("a", "i")]);
  /** @type {EventStore} */
  const store = { commit: inner.commit, subscribe: inner.subscribe };
  const nb = openNotebook(store);
  assert.throws(() => nb.addCell("ai"), /await its `ready`/);
  await nb.ready;
  const added = nb.addCell("ai", "Why?");
  assert.deepEqual(
    nb.cells.map(({ id }) => id),
    ["a", added.id],
  );
});

test("a store with more in its first delivery than could be read at once", async () => {
  const inner = memoryStore([created("a", "i")]);
  const early = inner.events();
  inner.commit(.../** @type {any} */ ([created("b", "j")]));
  const nb = openNotebook(/** @type {any} */ ({ ...inner, events: () => early }));
  assert.deepEqual(nb.order, ["a"]);
  await nb.ready;
  assert.deepEqual(nb.order, ["a", "b"]);
});

/** The same store, but it delivers copies, with the keys in another order. @param {EventStore} inner */
function copying(inner) {
  /** @param {any} value @returns {any} */
  const copy = (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, each]) => [key, copy(each)]),
        )
      : value;
  return {
    ...inner,
    /** @param {(events: readonly LogEvent[]) => void} listener */
    subscribe: (listener) => inner.subscribe((events) => listener(events.map(copy))),
  };
}

for (const [what, storeOf] of /** @type {const} */ ([
  ["the events that were written", (/** @type {EventStore} */ inner) => inner],
  ["copies of them", copying],
])) {
  test(`what is written stays while the store delivers ${what}, one by one`, async () => {
    const inner = memoryStore([created("a", "i"), created("b", "j"), created("c", "k")]);
    const nb = openNotebook(storeOf(inner));
    await nb.ready;
    for (const source of ["x", "xy", "xyz"]) nb.setSource("a", source);
    for (const place of [2, 0, 1]) nb.move("a", place);
    /** @type {Set<string>} */
    const seen = new Set();
    nb.subscribe(() => seen.add([nb.cell("a")?.source, ...nb.order].join(" ")));
    await turn();
    assert.deepEqual([...seen], ["xyz b a c"]);
    inner.commit({
      name: "v1.CellSourceChanged",
      args: { id: "a", source: "theirs", modifiedBy: "somebody" },
    });
    await turn();
    assert.equal(nb.cell("a")?.source, "theirs");
    assert.deepEqual(openNotebook(memoryStore(inner.events())).cells, nb.cells);
  });
}

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

test("listeners are told what changed, until they leave", async () => {
  const { nb } = open();
  /** @type {string[][]} */
  const told = [];
  const leave = nb.subscribe((changed) => told.push([...changed].sort()));
  await turn();
  told.length = 0;
  const cell = nb.addCell("code", "1");
  assert.deepEqual(told, [[`cell/${cell.id}`, "order"]]);
  leave();
  nb.setSource(cell, "2");
  assert.equal(told.length, 1);
});
