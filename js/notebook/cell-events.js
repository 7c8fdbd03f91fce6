// Writes a cell and its outputs as the events that create a copy of it, with new ids.

/** @import { JsonObject } from "../types.d.ts" */
/** @import { Cell, Output } from "../types-notebook.d.ts" */

import { compareText } from "./ordering.js";

/** @typedef {[name: string, args: JsonObject]} Event */

/** 96 random bits in hexadecimal: crypto.randomUUID exists on secure pages only, and a notebook may be served over plain HTTP. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Cell} cell
 * @param {readonly Output[]} outputs
 * @param {string} id of the new cell
 * @param {string} author
 * @returns {Event[]}
 */
export function copyOf(cell, outputs, id, author) {
  return [
    ...cellEvents({ ...cell, id }, author),
    ...outputs.map((output) => outputEvent(output, id)),
  ];
}

/** @param {Omit<Cell, "createdBy">} cell @param {string} author @returns {Event[]} */
export function cellEvents(cell, author) {
  const { id, cellType, fractionalIndex, source, ai, sqlVariable, metadata } = cell;
  /** @type {Event[]} */
  const events = [["v2.CellCreated", { id, cellType, fractionalIndex, createdBy: author }]];
  if (source) events.push(["v1.CellSourceChanged", { id, source, modifiedBy: author }]);
  for (const [name, field] of VISIBILITIES) {
    if (!cell[field]) events.push([name, { id, [field]: false }]);
  }
  if (ai) {
    const { provider, model, settings = {} } = ai;
    events.push(["v1.AiSettingsChanged", { cellId: id, provider, model, settings }]);
  }
  if (sqlVariable !== undefined) {
    const named = { cellId: id, resultVariable: sqlVariable, changedBy: author };
    events.push(["v1.SqlResultVariableChanged", named]);
  }
  for (const [key, value] of metadata) {
    events.push(["v1.CellMetadataSet", { cellId: id, key, value }]);
  }
  return events;
}

/** @type {[name: string, field: "sourceVisible" | "outputVisible" | "aiContextVisible"][]} */
export const VISIBILITIES = [
  ["v1.CellSourceVisibilityToggled", "sourceVisible"],
  ["v1.CellOutputVisibilityToggled", "outputVisible"],
  ["v1.CellAiContextVisibilityToggled", "aiContextVisible"],
];

/** @param {Output} output @param {string} cellId @returns {Event} */
function outputEvent(output, cellId) {
  const { kind, position, text, metadata } = output;
  const representations = withMetadata(output);
  const base = { id: newId(), cellId, position };
  const content = { type: "inline", data: text, ...(hasKeys(metadata) && { metadata }) };
  switch (kind) {
    case "terminal":
      return [
        "v1.TerminalOutputAdded",
        { ...base, content, streamName: output.streamName ?? "stdout" },
      ];
    case "markdown":
      return ["v1.MarkdownOutputAdded", { ...base, content }];
    case "error":
      return ["v1.ErrorOutputAdded", { ...base, content: { ...content, data: output.error } }];
    case "result": {
      const { executionCount = 0 } = output;
      return ["v1.MultimediaResultOutputAdded", { ...base, representations, executionCount }];
    }
    case "display":
      return ["v1.MultimediaDisplayOutputAdded", { ...base, representations }];
  }
}

/**
 * The bundle, with the metadata that deltas have added at the last MIME type, whose metadata is merged last.
 * @param {Output} output
 */
function withMetadata({ bundle, metadata }) {
  const last = Object.keys(bundle).sort(compareText).at(-1);
  if (last === undefined || !hasKeys(metadata)) return bundle;
  return { ...bundle, [last]: { ...bundle[last], metadata } };
}

/** @param {object} value */
function hasKeys(value) {
  return Object.keys(value).length > 0;
}
