// What the args of each event must hold: the vocabulary as far as this page reads it. Fields that
// are not named here are passed over, as a newer notebook may have them.

/** @typedef {{ says: string, test: (value: any) => boolean }} Kind */

/** @param {string} says @param {(value: any) => boolean} test @returns {Kind} */
const kind = (says, test) => ({ says, test });

const isObject = (/** @type {any} */ value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (/** @type {any} */ value) => typeof value === "string";

const text = kind("text", isText);
const number = kind("a number", Number.isFinite);
const integer = kind("a whole number", Number.isInteger);
const flag = kind("true or false", (value) => typeof value === "boolean");
const object = kind("an object", isObject);
const time = kind(
  "a time in ISO 8601",
  (value) => isText(value) && !Number.isNaN(Date.parse(value)),
);
const representation = kind("a representation", isRepresentation);
const bundle = kind("a bundle of representations", isBundle);
const delta = kind("text, data or metadata", isDelta);
const cellsInfo = kind("a list of {id, executionCount, queueId}", isCellsInfo);
const json = kind("JSON", (value) => value !== undefined);
const scope = kind("an object with a cellId, a runId or neither", isScope);
const restored = kind("a kind of output with text, a bundle or an error", isRestored);
const cellType = oneOf("code", "markdown", "sql", "ai", "raw");

/** @param {string[]} values */
function oneOf(...values) {
  return kind(`one of ${values.join(", ")}`, (value) => values.includes(value));
}

/** @param {Kind} wanted */
function optional({ says, test }) {
  return kind(says, (value) => value === undefined || test(value));
}

/** @param {any} value */
function isRepresentation(value) {
  if (!isObject(value) || !optional(object).test(value.metadata)) return false;
  return value.type === "inline" ? "data" in value : isText(value.artifactId);
}

/** @param {any} value */
function isBundle(value) {
  return isObject(value) && Object.values(value).every(isRepresentation);
}

/** @param {any} value */
function isDelta(value) {
  const { text: words, data, metadata } = isObject(value) ? value : { text: 0 };
  return [
    optional(text).test(words),
    optional(bundle).test(data),
    optional(object).test(metadata),
  ].every(Boolean);
}

/** @param {any} value */
function isScope(value) {
  const fits = optional(text).test;
  return isObject(value) && fits(value.cellId) && fits(value.runId);
}

/** @param {any} value */
function isRestored(value) {
  const kinds = oneOf("terminal", "markdown", "display", "result", "error");
  if (!isObject(value) || !kinds.test(value.kind)) return false;
  return [
    optional(text).test(value.text),
    optional(bundle).test(value.bundle),
    optional(object).test(value.error),
    optional(object).test(value.metadata),
    optional(oneOf("stdout", "stderr")).test(value.streamName),
    optional(text).test(value.displayId),
  ].every(Boolean);
}

/** @param {any} value */
function isCellsInfo(value) {
  const fits = (/** @type {any} */ entry) =>
    isObject(entry) &&
    isText(entry.id) &&
    isText(entry.queueId) &&
    Number.isInteger(entry.executionCount);
  return Array.isArray(value) && value.every(fits);
}

const cell = { id: text };
const output = { id: text, cellId: text, position: number };
const appended = { id: text, outputId: text, delta: text, sequenceNumber: integer };

/** @type {Record<string, Record<string, Kind>>} */
export const ARGS = {
  "v1.NotebookTitleChanged": { title: text },
  "v1.NotebookMetadataSet": { key: text, value: text },
  "v1.CellCreated": { ...cell, cellType, position: number, createdBy: text },
  "v2.CellCreated": { ...cell, cellType, fractionalIndex: text, createdBy: text },
  "v1.CellSourceChanged": { ...cell, source: text, modifiedBy: text },
  "v1.CellTypeChanged": { ...cell, cellType },
  "v1.CellDeleted": cell,
  "v1.CellMoved": { ...cell, newPosition: number },
  "v2.CellMoved": { ...cell, fractionalIndex: text },
  "v1.CellSourceVisibilityToggled": { ...cell, sourceVisible: flag },
  "v1.CellOutputVisibilityToggled": { ...cell, outputVisible: flag },
  "v1.CellAiContextVisibilityToggled": { ...cell, aiContextVisible: flag },
  "v1.AiSettingsChanged": { cellId: text, provider: text, model: text, settings: object },
  "v1.SqlResultVariableChanged": {
    cellId: text,
    resultVariable: optional(text),
    changedBy: text,
  },

  "v1.RuntimeSessionStarted": {
    sessionId: text,
    runtimeId: text,
    runtimeType: text,
    capabilities: object,
  },
  "v1.RuntimeSessionStatusChanged": {
    sessionId: text,
    status: oneOf("ready", "busy", "restarting"),
  },
  "v1.RuntimeSessionRenewal": { sessionId: text, renewedAt: time, validForMs: number },
  "v1.RuntimeSessionTerminated": {
    sessionId: text,
    reason: oneOf("shutdown", "restart", "error", "timeout", "displaced"),
  },

  "v1.ExecutionRequested": {
    queueId: text,
    cellId: text,
    executionCount: integer,
    requestedBy: text,
  },
  "v1.MultipleExecutionRequested": { requestedBy: text, cellsInfo },
  "v1.ExecutionAssigned": { queueId: text, runtimeSessionId: text },
  "v1.ExecutionStarted": {
    queueId: text,
    cellId: text,
    runtimeSessionId: text,
    startedAt: time,
    executionCount: optional(integer),
  },
  "v1.ExecutionCompleted": {
    queueId: text,
    cellId: text,
    status: oneOf("success", "error", "cancelled"),
    error: optional(text),
    completedAt: time,
    executionDurationMs: number,
  },
  "v1.ExecutionCancelled": { queueId: text, cellId: text, cancelledBy: text, reason: text },
  "v1.AllExecutionsCancelled": {},

  "v1.TerminalOutputAdded": {
    ...output,
    content: representation,
    streamName: oneOf("stdout", "stderr"),
  },
  "v2.TerminalOutputAppended": appended,
  "v1.MarkdownOutputAdded": { ...output, content: representation },
  "v2.MarkdownOutputAppended": appended,
  "v1.MultimediaDisplayOutputAdded": {
    ...output,
    representations: bundle,
    displayId: optional(text),
  },
  "v1.MultimediaDisplayOutputUpdated": { displayId: text, representations: bundle },
  "v1.MultimediaResultOutputAdded": {
    ...output,
    representations: bundle,
    executionCount: integer,
  },
  "v1.ErrorOutputAdded": { ...output, content: representation },
  "v1.CellOutputsCleared": { cellId: text, wait: flag, clearedBy: text },
  "v1.AllOutputsCleared": { clearedBy: text },

  "v1.ToolApprovalRequested": {
    toolCallId: text,
    cellId: text,
    toolName: text,
    arguments: object,
    requestedAt: time,
  },
  "v1.ToolApprovalResponded": {
    toolCallId: text,
    status: oneOf("approved_once", "approved_always", "denied"),
    approvedBy: text,
    respondedAt: time,
    reason: optional(text),
  },

  "v1.OutputDelta": { id: text, cellId: text, outputId: text, sequenceNumber: integer, delta },
  "v1.CellMetadataSet": { cellId: text, key: text, value: json },
  "v1.NotebookJsonSet": { key: text, value: json },
  "v1.ToolPolicySet": {
    tool: text,
    policy: oneOf("auto", "ask", "never", "risky"),
    scope: optional(scope),
    setBy: text,
  },
  "v1.OutputRestored": { ...output, output: restored, executionCount: optional(integer) },
};

/**
 * What is wrong with an event of a known name, naming the event and the field; else undefined.
 * @param {{ name: string, args?: any }} event
 * @returns {string | undefined}
 */
export function faultOf({ name, args = {} }) {
  for (const [field, { says, test }] of Object.entries(ARGS[name])) {
    if (!test(args[field])) return `${name}: ${field} must be ${says}`;
  }
  return undefined;
}
