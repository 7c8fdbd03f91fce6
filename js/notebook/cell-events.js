// Writes a cell and its outputs as the events that create a copy of it, with new ids.

/** @import { JsonObject } from "../types.d.ts" */
/** @import { AISettings, Cell, Output, Picture } from "../types-notebook.d.ts" */

import { writeBase } from "./merge/base.js";
import { compareText } from "./ordering.js";
import { ASKING, IMAGES, SAMPLING, readPicture } from "./state/cell-settings.js";
import { pickPresent } from "./state/fields.js";

/** @typedef {[name: string, args: JsonObject]} Event */

/** 96 random bits in hexadecimal: crypto.randomUUID exists on secure pages only, and a notebook may be served over plain HTTP. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {{ readonly [key: string]: string }} values @returns {Event[]} */
export function metadataEvents(values) {
  return Object.entries(values).map(([key, value]) => ["v1.NotebookMetadataSet", { key, value }]);
}

/** Changes a cell's source. @param {string} id @param {string} base what it is made from @param {string} source @param {string} modifiedBy @returns {Event} */
export function sourceEvent(id, base, source, modifiedBy) {
  const change = { id, source, modifiedBy, base: writeBase(source, base) };
  return ["v1.CellSourceChanged", /** @type {any} */ (change)];
}

/** @param {string} id @returns {Event} */
export function deletion(id) {
  return ["v1.CellDeleted", { id }];
}

/** Clears the outputs of a cell, or of all cells. @param {string} clearedBy @param {string} [cellId] @returns {Event} */
export function clearEvent(clearedBy, cellId) {
  if (cellId === undefined) return ["v1.AllOutputsCleared", { clearedBy }];
  return ["v1.CellOutputsCleared", { cellId, wait: false, clearedBy }];
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

/** @param {Pick<Cell, "id" | "cellType" | "fractionalIndex" | "source">} cell @param {string} author @returns {Event[]} */
export function creation({ id, cellType, fractionalIndex, source }, author) {
  /** @type {Event} */
  const created = ["v2.CellCreated", { id, cellType, fractionalIndex, createdBy: author }];
  return source
    ? [created, ["v1.CellSourceChanged", { id, source, modifiedBy: author }]]
    : [created];
}

/** @param {Omit<Cell, "createdBy">} cell @param {string} author @returns {Event[]} */
export function cellEvents(cell, author) {
  const { id, ai, sqlVariable, metadata } = cell;
  const events = creation(cell, author);
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

/**
 * What replaces a cell's own settings; what stays the same is not written.
 * @param {Cell} cell
 * @param {AISettings} wanted
 * @returns {Event[]}
 */
export function settingsEvents(cell, wanted) {
  const { id: cellId, ai } = cell;
  const { temperature, maxTokens, systemPrompt, topP, seed, stop, reasoningEffort, webSearch } =
    wanted;
  const { tools, context, raw, format, answer } = wanted;
  const settings = pickPresent({ temperature, maxTokens, systemPrompt });
  const sampling = pickPresent({
    topP,
    seed,
    stop: stop?.length ? [...stop] : undefined,
    reasoningEffort,
    webSearch,
  });
  /** @type {Event[]} */
  const events = [];
  if (!isSame(settings, ai?.settings ?? {})) {
    const { provider = "", model = "" } = ai ?? {};
    events.push(["v1.AiSettingsChanged", { cellId, provider, model, settings }]);
  }
  const asking = pickPresent({
    tools: tools === false ? false : undefined,
    context: context === false ? false : undefined,
    raw: raw === true ? true : undefined,
    format,
    ...answer,
  });
  for (const [key, chosen] of Object.entries({ [SAMPLING]: sampling, [ASKING]: asking })) {
    if (isSame(chosen, cell.metadata.get(key) ?? {})) continue;
    events.push(["v1.CellMetadataSet", { cellId, key, value: hasKeys(chosen) ? chosen : null }]);
  }
  return events;
}

/**
 * What replaces the pictures beside a cell's prompt.
 * @param {string} cellId
 * @param {readonly Picture[]} images
 * @returns {Event}
 */
export function imagesEvent(cellId, images) {
  const value = images.map((image, place) => {
    const read = readPicture(image);
    if (read) return /** @type {JsonObject} */ ({ ...read });
    const kinds = "a PNG, JPEG, GIF or WebP picture of at most 4 MiB in base64";
    throw new TypeError(`images[${place}] is not ${kinds}`);
  });
  return ["v1.CellMetadataSet", { cellId, key: IMAGES, value: value.length > 0 ? value : null }];
}

/** @param {string | { readonly id: string }} named */
export function idOf(named) {
  return typeof named === "string" ? named : named.id;
}

/** Whether two values are the same JSON, with their keys in the same order. @param {unknown} a @param {unknown} b */
function isSame(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** @param {string} id @param {string} field @param {boolean} isVisible @returns {Event} */
export function visibilityEvent(id, field, isVisible) {
  const [name] = VISIBILITIES.find(([, known]) => known === field) ?? [];
  if (!name) throw new TypeError(`${JSON.stringify(field)} is not a visibility of a cell`);
  return [name, { id, [field]: isVisible }];
}

/** @type {[name: string, field: "sourceVisible" | "outputVisible" | "aiContextVisible"][]} */
const VISIBILITIES = [
  ["v1.CellSourceVisibilityToggled", "sourceVisible"],
  ["v1.CellOutputVisibilityToggled", "outputVisible"],
  ["v1.CellAiContextVisibilityToggled", "aiContextVisible"],
];

/** @param {Output} output @param {string} [cellId] of another cell @returns {Event} what adds it, under a new id */
export function outputEvent(output, cellId = output.cellId) {
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
