import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../../js/index.js";
import { openNotebook } from "../../../../js/notebook/index.js";

/** @import { LogEvent } from "../../../../js/types.d.ts" */
/** @import { OpenNotebook } from "../../../../js/types-notebook.d.ts" */

/** @param {LogEvent[]} events */
const open = (...events) => openNotebook(memoryStore(events));

/** What the file says in an empty notebook. @param {any} file */
function importing(file) {
  const nb = open();
  nb.importIpynb(typeof file === "string" ? file : JSON.stringify(file));
  return nb;
}

/** @param {string} id @param {string} cellType @param {string} source @returns {LogEvent[]} */
const cell = (id, cellType, source) => [
  { name: "v2.CellCreated", args: { id, cellType, fractionalIndex: id, createdBy: "t" } },
  { name: "v1.CellSourceChanged", args: { id, source, modifiedBy: "t" } },
];

/** What the service wants back comes back from a file byte by byte. */
const state = [{ type: "t", signature: "sk-0123456789abcdefghij/+=\u2028\n" }];
const anode = {
  ...{ role: "assistant", run_id: "q", iteration: 1, ai_provider: "test", ai_model: "m" },
  ...{ origin: "0123456789abcdef m", service_state: state },
};
const call = { tool_call_id: "c1", tool_name: "read_cell", arguments: { id: "a" } };

const PICTURE = { mediaType: "image/png", data: "iVBORw0KGgo=", name: "a.png" };

/** @type {LogEvent[]} */
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
  { name: "v1.CellMetadataSet", args: { cellId: "c", key: "sampling", value: { topP: 0.5 } } },
  { name: "v1.CellMetadataSet", args: { cellId: "c", key: "images", value: [PICTURE] } },
  { name: "v1.CellMetadataSet", args: { cellId: "a", key: "__proto__", value: { a: [null] } } },
  {
    name: "v1.SqlResultVariableChanged",
    args: { cellId: "a", resultVariable: "sales", changedBy: "me" },
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

/** All that a reader of the notebook can tell. @param {OpenNotebook} nb */
function told(nb) {
  return {
    metadata: Object.fromEntries(nb.metadata),
    cells: nb.order.map((id) => {
      const by = { createdBy: null, modifiedBy: null };
      const cell = { ...nb.cell(id), ...by, fractionalIndex: null };
      const outputs = nb.outputs(id).map((output) => ({
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

test("what we write comes back as it was", () => {
  const nb = open(...EVENTS);
  const file = nb.toIpynb();
  const again = importing(file);
  assert.deepEqual(again.toIpynb(), file);
  again.useFromFile(true);
  assert.deepEqual(told(again), told(nb));
  assert.deepEqual(again.toIpynb(), file);
});

test("an AI cell reads well in Jupyter, and its metadata tell of its run", () => {
  const nb = open(...EVENTS);
  const { cells, metadata } = nb.toIpynb();
  assert.equal(metadata.title, "A title: with / signs");
  const ai = cells[3];
  assert.equal(ai.cell_type, "code");
  const line = "%%ai openai/m --temperature 0 --top-p 0.5\n";
  assert.deepEqual(ai.source, [line, "Why?\n", "\n", "%%ai\n"]);
  assert.deepEqual(ai.outputs[0].data, { "text/markdown": ["Because so."] });
  assert.deepEqual(ai.metadata.runt.run, {
    prompt: "Why?\n\n%%ai\n",
    answer: "Because so.",
    calls: [
      {
        name: "read_cell",
        arguments: { id: "a" },
        state: "success",
      },
    ],
    provider: "test",
    model: "m",
    turns: 2,
    usage: { input_tokens: 9 },
  });
});

test("cells that are there already stay, and none is overwritten", () => {
  const nb = open(...EVENTS);
  const before = [...nb.order];
  const file = nb.toIpynb();
  file.metadata.title = "Another";
  assert.equal(nb.importIpynb(JSON.stringify(file)), 5);
  assert.deepEqual(nb.order.slice(0, 5), before);
  assert.equal(new Set(nb.order).size, 10);
  assert.equal(nb.title, "A title: with / signs");
});

test("a notebook in another language is read, and its code does not run", async () => {
  const metadata = { kernelspec: { name: "ir", language: "R" } };
  const cells = [{ cell_type: "code", id: "a", source: "x <- 1", outputs: [], metadata: {} }];
  const nb = importing({ nbformat: 4, nbformat_minor: 5, metadata, cells });
  assert.equal(nb.foreignLanguage, "R");
  await assert.rejects(nb.run("a"), /not of a type that runs/);
  nb.requestRuns("a");
  assert.equal(nb.openExecutions.length, 0);
  assert.throws(() => open(...EVENTS).importIpynb(JSON.stringify(nb.toIpynb())), /written in R/);
  assert.equal(open(...EVENTS).foreignLanguage, undefined);
});

test("a file's bytes are decoded, and what is no text is said", () => {
  const nb = open();
  const file = { nbformat: 4, cells: [{ cell_type: "raw", source: "caf\u00e9", metadata: {} }] };
  const utf16 = Buffer.from(`\ufeff${JSON.stringify(file)}`, "utf16le");
  for (const bytes of [new TextEncoder().encode(JSON.stringify(file)), utf16]) {
    assert.equal(nb.importIpynb(bytes), 1);
  }
  assert.deepEqual(
    nb.cells.map(({ source }) => source),
    ["caf\u00e9", "caf\u00e9"],
  );
  assert.throws(() => nb.importIpynb(Buffer.from("caf\u00e9", "latin1")), /not text in UTF-8/);
});
