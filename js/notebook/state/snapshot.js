// Writes a notebook's whole state as JSON, the same in both languages: the states of the fold cases. Empty
// values are left out, so that a reader sees what the events did.

/** @import { Cell } from "./cells.js" */
/** @import { Notebook } from "./notebook.js" */
/** @import { Output } from "./output.js" */
/** @import { Session } from "./sessions.js" */

import { compareText } from "../ordering.js";

/** Everything that can be read of a notebook. @param {Notebook} notebook */
export function stateJson(notebook) {
  const { metadata, json, cells, order, outputs, executions, sessions, approvals } = notebook;
  const outputsJson = outputs.cellIds.map((id) => [id, outputs.of(id).map(outputJson)]);
  return withoutEmpty({
    metadata: Object.fromEntries(metadata),
    json: Object.fromEntries(json),
    cells: order.map((id) => cellJson(/** @type {Cell} */ (cells.get(id)))),
    deletedCells: [...notebook.deletedCells].sort(compareText),
    outputs: Object.fromEntries(outputsJson),
    executions: [...executions.byId.values()].map(({ source: _, ...one }) => withoutEmpty(one)),
    openExecutions: executions.open.map(({ queueId }) => queueId),
    sessions: Object.fromEntries([...sessions].map(([id, one]) => [id, sessionJson(one)])),
    approvals: Object.fromEntries([...approvals].map(([id, one]) => [id, withoutEmpty(one)])),
    policies: policiesJson(notebook),
  });
}

/** @param {Cell} cell */
export function cellJson(cell) {
  const { sourceVisible, outputVisible, aiContextVisible, metadata, ...shown } = cell;
  const visible = { source: sourceVisible, output: outputVisible, aiContext: aiContextVisible };
  return withoutEmpty({
    ...shown,
    source: cell.source || undefined,
    modifiedBy: cell.modifiedBy || undefined,
    hidden: Object.entries(visible).flatMap(([part, isVisible]) => (isVisible ? [] : [part])),
    metadata: Object.fromEntries(metadata),
  });
}

/** @param {Output} output */
export function outputJson(output) {
  const { id, kind, position, text, bundle, error, metadata } = output;
  const { streamName, displayId, executionCount } = output;
  return withoutEmpty({
    ...{ id, kind, position, text: text || undefined, bundle, error, metadata },
    ...{ streamName, displayId, executionCount },
  });
}

/** @param {Session} session */
function sessionJson({ runtimeId, runtimeType, capabilities, status }) {
  return { runtimeId, runtimeType, capabilities, status };
}

/** Sorted by tool, cell and run. @param {Notebook} notebook */
function policiesJson({ policies }) {
  return policies
    .map(({ tool, policy, scope, setBy }) => withoutEmpty({ tool, ...scope, policy, setBy }))
    .sort(
      (a, b) =>
        compareText(a.tool, b.tool) ||
        compareOptional(a.cellId, b.cellId) ||
        compareOptional(a.runId, b.runId),
    );
}

/** undefined comes first. @param {string | undefined} a @param {string | undefined} b */
function compareOptional(a, b) {
  return Number(a !== undefined) - Number(b !== undefined) || compareText(a ?? "", b ?? "");
}

/** @param {object} fields @returns {any} */
function withoutEmpty(fields) {
  const isEmpty = (/** @type {any} */ value) =>
    value === undefined ||
    value === null ||
    (typeof value === "object" && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}
