// A LiveStore with the tables of the runt notebooks. In Node its SQLite has 16 MB for all stores of a
// process: these tests are a file of their own.

import assert from "node:assert/strict";
import test from "node:test";

import { liveStore } from "../../../js/stores/livestore.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { Notebook } from "../../../js/notebook/state/notebook.js";
import { runtSchema as schema } from "../support/runt-schema.js";
import { openStore } from "../support/livestore-in-memory.js";
import { event, record, turn } from "../support/store-contract.js";

test("a store holds the contract as far as they do", async (t) => {
  const inner = await openStore(t, schema);
  const store = liveStore(inner);
  const batches = record(store);
  store.commit(event("a"), event("b"));
  store.commit(event("c"));
  await turn();
  assert.deepEqual(batches, [[], ["a", "b"], ["c"]]);
  const later = record(liveStore(inner));
  await turn();
  assert.deepEqual(
    later.map((batch) => batch.toSorted()),
    [["a", "b", "c"]],
  );
});

test("what the schema does not have is refused and harms nothing", async (t) => {
  const store = liveStore(await openStore(t, schema));
  for (const bad of /** @type {any[]} */ ([
    { name: "v1.OutputDelta", args: {} },
    { name: "v1.NotebookMetadataSet", args: { key: "k" } },
    { name: "v1.NotebookMetadataSet", args: { key: "k", value: "v", more: 1 } },
  ])) {
    assert.throws(() => store.commit(event("a"), bad), TypeError);
  }
  store.commit(event("b"));
  const batches = record(store);
  await turn();
  assert.deepEqual(batches, [["b"]]);
});

const at = "2026-01-01T00:00:00.000Z";
const place = { cellId: "c", position: 0 };
const inline = (/** @type {any} */ data) => ({ type: "inline", data });
const run = { queueId: "q", cellId: "c" };
const capabilities = { canExecuteCode: true, canExecuteSql: true, canExecuteAi: true };
const marked = (/** @type {any} */ data, /** @type {any} */ mark, more = {}) => ({
  ...{ type: "inline", data, metadata: { ...more, "runt-pyodide": mark } },
});
const delta = (
  /** @type {string} */ id,
  /** @type {string} */ outputId,
  body = {},
  number = 0,
) => ({
  ...{ id, cellId: "c", outputId, sequenceNumber: number, delta: body },
});
const said = { anode: { finish_reason: "stop" } };
const thought = { anode: { thinking: true } };
/** What is written with marks: added again, in pieces, as something else, and for readers alone. @type {[string, any][]} */
const MARKED = [
  [
    "v1.MarkdownOutputAdded",
    {
      ...{ id: "o", ...place },
      content: marked("Hello", { delta: delta("d2", "o", { metadata: said }, 1) }, said),
    },
  ],
  [
    "v1.TerminalOutputAdded",
    { id: "p", ...place, position: 3, content: inline("one "), streamName: "stdout" },
  ],
  [
    "v1.TerminalOutputAdded",
    {
      ...{ id: "p1", ...place, position: 3.5, streamName: "stdout" },
      content: marked("two", { continues: { outputId: "p", sequenceNumber: 0 } }),
    },
  ],
  [
    "v1.MultimediaDisplayOutputAdded",
    {
      ...{ id: "h", ...place, position: 4 },
      representations: {
        "text/markdown": marked("<details>", { markdown: { ...inline("Hm."), metadata: thought } }),
      },
    },
  ],
  [
    "v1.MultimediaDisplayOutputAdded",
    {
      ...{ id: "h", ...place, position: 4 },
      representations: {
        "text/markdown": marked("<details>", {
          markdown: { ...inline("Hm. So."), metadata: thought },
          delta: delta("h1", "h", { text: " So." }),
        }),
      },
    },
  ],
  [
    "v1.MultimediaDisplayOutputAdded",
    {
      ...{ id: "n", ...place, position: 5 },
      representations: { "text/plain": marked("Stopped.", { note: true }) },
    },
  ],
];
/** What a runtime and a person write, in the vocabulary "runt". */
const LIFE = /** @type {[string, any][]} */ ([
  ["v2.CellCreated", { id: "c", cellType: "ai", fractionalIndex: "m", createdBy: "me" }],
  ["v1.CellSourceChanged", { id: "c", source: "Hi", modifiedBy: "me" }],
  [
    "v1.AiSettingsChanged",
    { cellId: "c", provider: "p", model: "m", settings: { temperature: 1 } },
  ],
  ["v1.CellAiContextVisibilityToggled", { id: "c", aiContextVisible: false }],
  ["v2.CellMoved", { id: "c", fractionalIndex: "n" }],
  [
    "v1.RuntimeSessionStarted",
    { sessionId: "s", runtimeId: "r", runtimeType: "python", capabilities },
  ],
  ["v1.RuntimeSessionStatusChanged", { sessionId: "s", status: "ready" }],
  ["v1.ExecutionRequested", { ...run, executionCount: 1, requestedBy: "me" }],
  ["v1.ExecutionAssigned", { queueId: "q", runtimeSessionId: "s" }],
  ["v1.ExecutionStarted", { ...run, runtimeSessionId: "s", startedAt: at }],
  ["v1.MarkdownOutputAdded", { id: "o", ...place, content: inline("Hello") }],
  ["v2.MarkdownOutputAppended", { id: "d", outputId: "o", delta: ", you", sequenceNumber: 0 }],
  [
    "v1.MultimediaDisplayOutputAdded",
    {
      id: "x",
      ...place,
      position: 1,
      displayId: "y",
      representations: { "text/plain": inline("1") },
    },
  ],
  [
    "v1.MultimediaDisplayOutputUpdated",
    { displayId: "y", representations: { "text/plain": inline("2") } },
  ],
  [
    "v1.ErrorOutputAdded",
    { id: "e", ...place, position: 2, content: inline({ ename: "E", evalue: "v", traceback: [] }) },
  ],
  [
    "v1.ToolApprovalRequested",
    { toolCallId: "t", cellId: "c", toolName: "f", arguments: {}, requestedAt: at },
  ],
  [
    "v1.ToolApprovalResponded",
    { toolCallId: "t", status: "denied", approvedBy: "me", respondedAt: at },
  ],
  ...MARKED,
  ["v1.ExecutionCompleted", { ...run, status: "success", completedAt: at, executionDurationMs: 5 }],
  ["v1.RuntimeSessionTerminated", { sessionId: "s", reason: "shutdown" }],
]);

/** All that the page's notebook makes of events. @param {readonly any[]} events */
function stateOf(events) {
  const notebook = new Notebook();
  notebook.apply(events);
  const cells = [...notebook.cells.values()];
  const outputs = notebook.outputs.of("c").map(({ id, kind, text, bundle, error, metadata }) => ({
    ...{ id, kind, text, bundle, error, metadata },
  }));
  const execution = notebook.executions.of("c");
  return {
    cells,
    outputs,
    execution,
    sessions: [...notebook.sessions.values()],
    approvals: [...notebook.approvals],
  };
}

test("others see the same notebook, at once and as it grows", async (t) => {
  const inner = await openStore(t, schema);
  const [writer, reader] = [liveStore(inner), liveStore(inner)];
  /** @type {any[]} */
  const got = [];
  reader.subscribe((events) => void got.push(...events));
  /** @type {any[]} */
  const events = LIFE.map(([name, args]) => ({ name, args }));
  for (const one of events) {
    writer.commit(one);
    await turn();
  }
  assert.deepEqual(stateOf(got), stateOf(events));
  /** @type {any[]} */
  const later = [];
  liveStore(inner).subscribe((events) => void later.push(...events));
  await turn();
  assert.deepEqual(stateOf(later), stateOf(events));
  writer.commit({
    name: "v1.CellOutputsCleared",
    args: { cellId: "c", wait: false, clearedBy: "me" },
  });
  writer.commit({ name: "v1.CellDeleted", args: { id: "c" } });
  await turn();
  assert.deepEqual(
    got.slice(-2).map(({ name }) => name),
    ["v1.CellDeleted", "v1.CellOutputsCleared"],
  );
});

test("a page writes sources, without what the tables have no column for", async (t) => {
  const inner = await openStore(t, schema);
  const [nb, other] = [openNotebook(liveStore(inner)), openNotebook(liveStore(inner))];
  await Promise.all([nb.ready, other.ready]);
  const { id } = nb.addCell("code", "x = 1");
  nb.setSource(id, "x = 2");
  await turn();
  assert.equal(other.cell(id)?.source, "x = 2");
});

test("an output that was added again, in the last row or with others, is told once more", async (t) => {
  const inner = await openStore(t, schema);
  const [writer, reader] = [liveStore(inner), liveStore(inner)];
  /** @returns {any} */
  const markdown = (/** @type {string} */ id, position = 0, content = inline("a")) => ({
    name: "v1.MarkdownOutputAdded",
    args: { id, cellId: "c", position, content },
  });
  const again = (/** @type {string} */ id, number = 0) =>
    markdown(id, 0, marked("a", { delta: delta(`${id}${number}`, id, {}, number) }, { number }));
  /** @type {any[]} */
  const got = [];
  reader.subscribe((events) => void got.push(...events));
  writer.commit(markdown("x"), markdown("y", 1));
  await turn();
  for (const ids of [["y"], ["x"], ["x", "y"]]) {
    got.length = 0;
    for (const id of ids) writer.commit(again(id, ids.length));
    await turn();
    assert.deepEqual(
      got.map(({ name, args }) => [name, args.outputId, args.delta.metadata]).sort(),
      ids.map((id) => ["v1.OutputDelta", id, { number: ids.length }]),
    );
  }
  writer.commit({
    name: "v1.CellOutputsCleared",
    args: { cellId: "c", wait: false, clearedBy: "me" },
  });
  writer.commit(markdown("z"));
  await turn();
  assert.deepEqual(
    got.slice(2).map(({ name }) => name),
    ["v1.CellOutputsCleared", "v1.MarkdownOutputAdded"],
  );
});

test("a store without the tables of a notebook is refused", async (t) => {
  const store = await openStore(t, schema);
  const tables = new Map(
    [...store.schema.state.sqlite.tables].filter(([name]) => name !== "outputs"),
  );
  const poor = Object.create(store, { schema: { value: { state: { sqlite: { tables } } } } });
  assert.throws(() => liveStore(poor), /has no table outputs/);
});
