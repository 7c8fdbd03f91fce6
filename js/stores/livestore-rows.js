// Translates rows of the runt notebooks' tables into the events that they stand for.

/** @import { JsonObject, LogEvent } from "../types.d.ts" */

import { deltaBetween, withoutDelta } from "../notebook/state/marks.js";

/**
 * A row that is new or has changed, and what it was before. @typedef {{ row: any, before: any }} Change
 *
 * @typedef {object} Meaning
 * @property {string} key the table's primary key
 * @property {(changed: Change[], gone: any[]) => LogEvent[]} derive
 */

/** @param {string} name @param {JsonObject} args @returns {LogEvent} */
const event = (name, args) => ({ name, args: given(args) });

/** Leaves out null values, as an event does with optional fields. @param {any} args @returns {any} */
const given = (args) =>
  Object.fromEntries(
    Object.entries(args).filter(([, value]) => value !== null && value !== undefined),
  );

/** @param {(change: Change) => LogEvent[]} of @returns {Meaning["derive"]} */
const each = (of) => (changed) => changed.flatMap(of);

/** Whether any of these fields has changed. @param {Change} change @param {...string} fields */
const differs = ({ row, before }, ...fields) =>
  fields.some((field) => JSON.stringify(row[field]) !== JSON.stringify(before?.[field]));

/** Tables by name, in the order in which their changes are reported. @type {Record<string, Meaning>} */
export const EVENTS_OF = {
  notebookMetadata: {
    key: "key",
    derive: each(({ row: { key, value } }) => [event("v1.NotebookMetadataSet", { key, value })]),
  },
  cells: {
    key: "id",
    derive: (changed, gone) => [
      ...changed.flatMap(cellEvents),
      ...gone.map(({ id }) => event("v1.CellDeleted", { id })),
    ],
  },
  runtimeSessions: { key: "sessionId", derive: each(sessionEvents) },
  executionQueue: { key: "id", derive: each(executionEvents) },
  toolApprovals: { key: "toolCallId", derive: each(approvalEvents) },
  outputs: {
    key: "id",
    derive: (changed, gone) => [
      // Outputs are removed only when a cell is cleared, and then all of them are.
      ...[...new Set(gone.map(({ cellId }) => cellId))].map((cellId) =>
        event("v1.CellOutputsCleared", { cellId, wait: false, clearedBy: "store" }),
      ),
      ...changed.flatMap(outputEvents),
    ],
  },
  output_deltas: { key: "id", derive: (changed) => changed.flatMap(deltaEvents) },
};

/** @param {Change} change @returns {LogEvent[]} */
function cellEvents(change) {
  const { row, before } = change;
  const { id, cellType, createdBy } = row;
  const fractionalIndex = row.fractionalIndex ?? "a0";
  const events = [];
  if (!before) events.push(event("v2.CellCreated", { id, cellType, fractionalIndex, createdBy }));
  else {
    if (differs(change, "cellType")) events.push(event("v1.CellTypeChanged", { id, cellType }));
    if (differs(change, "fractionalIndex")) {
      events.push(event("v2.CellMoved", { id, fractionalIndex }));
    }
  }
  const known = before ?? {
    source: "",
    sourceVisible: true,
    outputVisible: true,
    aiContextVisible: true,
  };
  if (row.source !== known.source) {
    const modifiedBy = row.modifiedBy ?? createdBy;
    events.push(event("v1.CellSourceChanged", { id, source: row.source, modifiedBy }));
  }
  for (const [field, name] of [
    ["sourceVisible", "v1.CellSourceVisibilityToggled"],
    ["outputVisible", "v1.CellOutputVisibilityToggled"],
    ["aiContextVisible", "v1.CellAiContextVisibilityToggled"],
  ]) {
    if (row[field] !== known[field]) events.push(event(name, { id, [field]: row[field] }));
  }
  const { sqlResultVariable: resultVariable = null } = row;
  if (resultVariable !== (before?.sqlResultVariable ?? null)) {
    const args = { cellId: id, resultVariable, changedBy: createdBy };
    events.push(event("v1.SqlResultVariableChanged", args));
  }
  const { aiProvider: provider, aiModel: model, aiSettings } = row;
  if (provider && model && differs(change, "aiProvider", "aiModel", "aiSettings")) {
    const settings = given(aiSettings ?? {});
    events.push(event("v1.AiSettingsChanged", { cellId: id, provider, model, settings }));
  }
  return events;
}

/** @param {Change} change @returns {LogEvent[]} */
function sessionEvents(change) {
  const { row, before } = change;
  const { sessionId, runtimeId, runtimeType, status } = row;
  const events = [];
  if (!before) {
    const { canExecuteCode, canExecuteSql, canExecuteAi, availableAiModels } = row;
    const capabilities = given({ canExecuteCode, canExecuteSql, canExecuteAi, availableAiModels });
    const args = { sessionId, runtimeId, runtimeType, capabilities };
    events.push(event("v1.RuntimeSessionStarted", args));
  }
  if (status === before?.status) return events;
  if (status === "terminated") {
    events.push(event("v1.RuntimeSessionTerminated", { sessionId, reason: "shutdown" }));
  } else if (status !== "starting") {
    events.push(event("v1.RuntimeSessionStatusChanged", { sessionId, status }));
  }
  return events;
}

/** @param {Change} change @returns {LogEvent[]} */
function executionEvents(change) {
  const { row, before } = change;
  const { id: queueId, cellId, executionCount, requestedBy, status } = row;
  const events = [];
  if (!before) {
    const args = { queueId, cellId, executionCount, requestedBy };
    events.push(event("v1.ExecutionRequested", args));
  }
  if (status === before?.status) return events;
  const runtimeSessionId = row.assignedRuntimeSession;
  if (runtimeSessionId && differs(change, "assignedRuntimeSession")) {
    events.push(event("v1.ExecutionAssigned", { queueId, runtimeSessionId }));
  }
  if (runtimeSessionId && row.startedAt && differs(change, "startedAt")) {
    const startedAt = timeOf(row.startedAt);
    events.push(event("v1.ExecutionStarted", { queueId, cellId, runtimeSessionId, startedAt }));
  }
  if (status === "completed" || status === "failed") {
    const args = {
      queueId,
      cellId,
      status: status === "completed" ? "success" : "error",
      completedAt: timeOf(row.completedAt ?? new Date()),
      executionDurationMs: row.executionDurationMs ?? 0,
    };
    events.push(event("v1.ExecutionCompleted", args));
  } else if (status === "cancelled") {
    const args = { queueId, cellId, cancelledBy: "store", reason: "cancelled" };
    events.push(event("v1.ExecutionCancelled", args));
  }
  return events;
}

/** @param {Change} change @returns {LogEvent[]} */
function approvalEvents({ row, before }) {
  const { toolCallId, cellId, toolName, status, approvedBy } = row;
  const events = [];
  if (!before) {
    const args = { toolCallId, cellId, toolName, arguments: row.arguments ?? {} };
    const requestedAt = timeOf(row.requestedAt);
    events.push(event("v1.ToolApprovalRequested", { ...args, requestedAt }));
  }
  if (status !== "pending" && status !== before?.status) {
    const respondedAt = timeOf(row.respondedAt ?? row.requestedAt);
    const args = { toolCallId, status, approvedBy: approvedBy ?? "unknown", respondedAt };
    events.push(event("v1.ToolApprovalResponded", args));
  }
  return events;
}

/** @param {Change} change @returns {LogEvent[]} */
function outputEvents({ row, before }) {
  const added = addedEvent(row);
  if (!before) return [withoutDelta(added)];
  const delta = deltaBetween(addedEvent(before), added);
  if (delta) return [delta];
  // Else only a display can change, by an update.
  const { displayId, representations } = row;
  return displayId
    ? [event("v1.MultimediaDisplayOutputUpdated", { displayId, representations })]
    : [];
}

/** @param {any} row @returns {LogEvent} the event that adds the output as it is now */
function addedEvent(row) {
  const { id, cellId, position, outputType, displayId } = row;
  const representations = row.representations ?? {};
  const place = { id, cellId, position };
  switch (outputType) {
    case "terminal": {
      const streamName = row.streamName ?? "stdout";
      return event("v1.TerminalOutputAdded", { ...place, content: contentOf(row), streamName });
    }
    case "markdown":
      return event("v1.MarkdownOutputAdded", { ...place, content: contentOf(row) });
    case "error": {
      const content = { ...contentOf(row), data: errorOf(row.data) };
      return event("v1.ErrorOutputAdded", { ...place, content });
    }
    case "multimedia_result": {
      const executionCount = row.executionCount ?? 0;
      const args = { ...place, representations, executionCount };
      return event("v1.MultimediaResultOutputAdded", args);
    }
    default:
      return event("v1.MultimediaDisplayOutputAdded", { ...place, representations, displayId });
  }
}

/** A new row is a delta; changes of a row are ignored. @param {Change} change @returns {LogEvent[]} */
function deltaEvents({ row: { id, outputId, delta, sequenceNumber }, before }) {
  if (before) return [];
  return [event("v2.MarkdownOutputAppended", { id, outputId, delta, sequenceNumber })];
}

/** @param {any} row @returns {any} */
function contentOf({ artifactId, data, metadata }) {
  if (artifactId) return given({ type: "artifact", artifactId, metadata });
  return given({ type: "inline", data: data ?? "", metadata });
}

/** The tables keep an error as text. @param {unknown} data @returns {any} */
function errorOf(data) {
  try {
    return typeof data === "string" ? JSON.parse(data) : data;
  } catch {
    return { ename: "Error", evalue: String(data), traceback: [] };
  }
}

/** @param {Date | string} time */
function timeOf(time) {
  return new Date(time).toISOString();
}
