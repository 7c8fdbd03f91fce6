import assert from "node:assert/strict";
import test from "node:test";

import { cell, event, fold, markdown, texts } from "../../support/events.js";

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
