import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../../js/index.js";
import { Actions } from "../../../../web/app/actions.js";
import { writeIpynb } from "../../../../js/notebook/ipynb/write.js";
import { NotebookSignals } from "../../../../web/app/signals.js";

/** @import { WireEvent } from "../../../../js/types.d.ts" */

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** @param {WireEvent[]} events */
async function open(...events) {
  const signals = new NotebookSignals(memoryStore(events));
  await turn();
  return signals;
}

/** What the file says in an empty notebook. @param {any} file */
async function importing(file) {
  const store = memoryStore();
  const signals = new NotebookSignals(store);
  const actions = new Actions(store, signals);
  actions.addIpynb(typeof file === "string" ? file : JSON.stringify(file));
  await turn();
  return signals.notebook;
}

/** @param {string} id @param {string} cellType @param {string} source @returns {WireEvent[]} */
const cell = (id, cellType, source) => [
  { name: "v2.CellCreated", args: { id, cellType, fractionalIndex: id, createdBy: "t" } },
  { name: "v1.CellSourceChanged", args: { id, source, modifiedBy: "t" } },
];

const anode = { role: "assistant", run_id: "q", iteration: 1, ai_provider: "test", ai_model: "m" };
const call = { tool_call_id: "c1", tool_name: "read_cell", arguments: { id: "a" } };

/** @type {WireEvent[]} */
const EVENTS = [
  { name: "v1.NotebookTitleChanged", args: { title: "A title: with / signs" } },
  { name: "v1.NotebookMetadataSet", args: { key: "max_ai_iterations", value: "4" } },
  ...cell("a", "code", "x = 1\nx"),
  ...cell("b", "markdown", "# Title\n"),
  ...cell("c", "ai", "Why?\n\n%%ai\n"),
  ...cell("d", "sql", "SELECT 1"),
  ...cell("e", "raw", ""),
  { name: "v1.CellSourceVisibilityToggled", args: { id: "a", sourceVisible: false } },
  { name: "v1.CellAiContextVisibilityToggled", args: { id: "b", aiContextVisible: false } },
  {
    name: "v1.AiSettingsChanged",
    args: { cellId: "c", provider: "openai", model: "m", settings: { temperature: 0 } },
  },
  {
    name: "v1.MultimediaResultOutputAdded",
    args: {
      ...{ id: "o1", cellId: "a", position: 0, executionCount: 3 },
      representations: {
        "text/plain": { type: "inline", data: "1\n2" },
        "application/json": { type: "inline", data: { a: [1, null] } },
        "image/png": { type: "artifact", artifactId: "art" },
      },
    },
  },
  {
    name: "v1.ErrorOutputAdded",
    args: {
      ...{ id: "o2", cellId: "a", position: 1 },
      content: { type: "inline", data: { ename: "E", evalue: "v", traceback: ["t"] } },
    },
  },
  {
    name: "v1.MarkdownOutputAdded",
    args: {
      ...{ id: "o3", cellId: "c", position: 0 },
      content: { type: "inline", data: "Because ", metadata: { anode } },
    },
  },
  {
    name: "v1.OutputDelta",
    args: {
      ...{ id: "d1", cellId: "c", outputId: "o3", sequenceNumber: 0 },
      delta: {
        text: "so.",
        metadata: { anode: { run: { turns: 2, usage: { input_tokens: 9 } } } },
      },
    },
  },
  {
    name: "v1.MultimediaDisplayOutputAdded",
    args: {
      ...{ id: "o4", cellId: "c", position: 1 },
      representations: {
        "application/vnd.anode.aitool+json": {
          type: "inline",
          data: call,
          metadata: { anode: { ...anode, role: "function_call", state: "running" } },
        },
        "text/plain": { type: "inline", data: "read_cell" },
      },
    },
  },
  {
    name: "v1.OutputDelta",
    args: {
      ...{ id: "d2", cellId: "c", outputId: "o4", sequenceNumber: 0 },
      delta: { metadata: { anode: { state: "success", duration_ms: 5 } } },
    },
  },
];

/** All that a reader of the notebook can tell. @param {import("../../../../js/notebook/state/notebook.js").Notebook} notebook */
function told(notebook) {
  return {
    metadata: Object.fromEntries(notebook.metadata),
    cells: notebook.order.map((id) => {
      const by = { createdBy: null, modifiedBy: null };
      const cell = { ...notebook.cells.get(id), ...by, fractionalIndex: null };
      const outputs = notebook.outputs.of(id).map((output) => ({
        ...{ kind: output.kind, text: output.text, metadata: output.metadata, error: output.error },
        ...{ streamName: output.streamName, executionCount: output.executionCount },
        bundle: Object.entries(output.bundle).map(([type, each]) => ({
          type,
          data: each.data,
          id: each.artifactId,
        })),
      }));
      return { ...cell, outputs };
    }),
  };
}

test("what we write comes back as it was", async () => {
  const { notebook } = await open(...EVENTS);
  const file = writeIpynb(notebook);
  const again = await importing(file);
  assert.deepEqual(told(again), told(notebook));
  assert.deepEqual(writeIpynb(again), file);
});

test("an AI cell reads well in Jupyter, and its metadata tell of its run", async () => {
  const { notebook } = await open(...EVENTS);
  const { cells, metadata } = writeIpynb(notebook);
  assert.equal(metadata.title, "A title: with / signs");
  const ai = cells[2];
  assert.equal(ai.cell_type, "code");
  assert.deepEqual(ai.source, ["%%ai\n", "Why?\n", "\n", "%%ai\n"]);
  assert.deepEqual(ai.outputs[0].data, { "text/markdown": ["Because so."] });
  assert.deepEqual(ai.metadata.runt.run, {
    prompt: "Why?\n\n%%ai\n",
    answer: "Because so.",
    calls: [
      {
        name: "read_cell",
        arguments: { id: "a" },
        state: "success",
        status: undefined,
        result: undefined,
      },
    ],
    provider: "test",
    model: "m",
    turns: 2,
    usage: { input_tokens: 9 },
  });
});

test("a notebook of Jupyter's own is read: lines, attachments, streams, charts", async () => {
  const notebook = await importing({
    nbformat: 4,
    nbformat_minor: 2,
    metadata: {},
    cells: [
      {
        cell_type: "markdown",
        source: ["![p](attachment:p.png)\n", "text"],
        attachments: { "p.png": { "image/png": "AAAA" } },
        metadata: {},
      },
      {
        cell_type: "code",
        source: "%%ai chatgpt\nWhy?",
        metadata: { jupyter: { outputs_hidden: true } },
        outputs: [
          { output_type: "stream", name: "stderr", text: ["a\n", "b"] },
          {
            output_type: "display_data",
            data: { "image/png": "AAAA\n" },
            metadata: { "image/png": { width: 4 } },
          },
          { output_type: "pyout" },
        ],
      },
      { cell_type: "heading", source: "x", metadata: {} },
    ],
  });
  const [text, code, odd] = notebook.order.map((id) => notebook.cells.get(id));
  assert.equal(text?.source, "![p](data:image/png;base64,AAAA)\ntext");
  assert.deepEqual([code?.cellType, code?.source], ["code", "%%ai chatgpt\nWhy?"]);
  assert.equal(code?.outputVisible, false);
  assert.equal(odd?.cellType, "raw");
  const outputs = notebook.outputs.of(code?.id ?? "");
  assert.deepEqual(
    outputs.map(({ kind }) => kind),
    ["terminal", "display"],
  );
  assert.equal(outputs[0].text, "a\nb");
});

test("cells that are there already stay, and none is overwritten", async () => {
  const store = memoryStore(EVENTS);
  const signals = new NotebookSignals(store);
  const actions = new Actions(store, signals);
  await turn();
  const before = [...signals.notebook.order];
  const file = writeIpynb(signals.notebook);
  file.metadata.title = "Another";
  assert.equal(actions.addIpynb(JSON.stringify(file)), 5);
  await turn();
  assert.deepEqual(signals.notebook.order.slice(0, 5), before);
  assert.equal(new Set(signals.notebook.order).size, 10);
  assert.equal(signals.notebook.metadata.get("title"), "A title: with / signs");
});

for (const [text, said] of /** @type {[string, RegExp][]} */ ([
  ["<html>", /not JSON/],
  ["{}", /no list of cells/],
  ['{"worksheets": []}', /old format/],
])) {
  test(`a file that is no notebook: ${text}`, () => assert.rejects(importing(text), said));
}
