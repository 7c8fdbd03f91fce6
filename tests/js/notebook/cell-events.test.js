import assert from "node:assert/strict";
import test from "node:test";

import { copyOf } from "../../../js/notebook/cell-events.js";
import { cellJson, outputJson } from "../../../js/notebook/state/snapshot.js";
import { cell, delta, event, fold, inline, markdown } from "../support/events.js";

const SETTINGS = { cellId: "c", provider: "p", model: "m", settings: { maxTokens: 5 } };

test("a copy of a cell has all that the cell has, and its outputs as they stand", () => {
  const display = {
    "text/plain": inline("1", { anode: { state: "running" } }),
    "text/html": inline("<b>1</b>"),
  };
  const { notebook } = fold(
    cell("c", "i"),
    event("v1.CellSourceChanged", { id: "c", source: "SELECT 1", modifiedBy: "me" }),
    event("v1.CellTypeChanged", { id: "c", cellType: "sql" }),
    event("v1.CellOutputVisibilityToggled", { id: "c", outputVisible: false }),
    event("v1.AiSettingsChanged", SETTINGS),
    event("v1.SqlResultVariableChanged", { cellId: "c", resultVariable: "n", changedBy: "me" }),
    event("v1.CellMetadataSet", { cellId: "c", key: "tags", value: ["a", null] }),
    event("v1.MultimediaDisplayOutputAdded", {
      ...{ id: "o", cellId: "c", position: 0, representations: display },
    }),
    delta(0, { metadata: { anode: { state: "success" } } }),
    markdown("p", 1, "text", { anode: { role: "assistant" } }),
  );
  const original = /** @type {any} */ (notebook.cells.get("c"));
  const outputs = notebook.outputs.of("c");
  notebook.apply(copyOf(original, outputs, "copy", "me").map(([name, args]) => event(name, args)));

  const copied = /** @type {any} */ (notebook.cells.get("copy"));
  assert.deepEqual({ ...cellJson(copied), id: "c" }, cellJson(original));
  const told = (/** @type {any} */ output) => {
    const { kind, position, text, metadata, bundle = {} } = outputJson(output);
    return { kind, position, text, metadata, shows: Object.keys(bundle) };
  };
  assert.deepEqual(notebook.outputs.of("copy").map(told), outputs.map(told));
});
