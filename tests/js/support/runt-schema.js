// A LiveStore schema with the tables of the runt notebooks, as far as they concern a runtime: their
// names and columns are those of the public schema (runtimed/anode); how they are filled is told here
// in our own words.

import { Events, makeSchema, Schema, State as AnyState } from "@livestore/livestore";

// The types of the tables would say once more what the tables say.
/** @type {any} */
const State = AnyState;

const { String: text, Number: number, Boolean: flag } = Schema;
const { SQLite } = State;
const maybe = { nullable: true };
const any = Schema.Any;
const optional = Schema.optional;

const tables = {
  notebookMetadata: SQLite.table({
    name: "notebookMetadata",
    columns: { key: SQLite.text({ primaryKey: true }), value: SQLite.text() },
  }),
  cells: SQLite.table({
    name: "cells",
    columns: {
      id: SQLite.text({ primaryKey: true }),
      cellType: SQLite.text(),
      source: SQLite.text({ default: "" }),
      fractionalIndex: SQLite.text(maybe),
      sqlResultVariable: SQLite.text(maybe),
      aiProvider: SQLite.text(maybe),
      aiModel: SQLite.text(maybe),
      aiSettings: SQLite.json({ nullable: true, schema: any }),
      sourceVisible: SQLite.boolean({ default: true }),
      outputVisible: SQLite.boolean({ default: true }),
      aiContextVisible: SQLite.boolean({ default: true }),
      createdBy: SQLite.text(),
    },
  }),
  outputs: SQLite.table({
    name: "outputs",
    columns: {
      id: SQLite.text({ primaryKey: true }),
      cellId: SQLite.text(),
      outputType: SQLite.text(),
      position: SQLite.real(),
      streamName: SQLite.text(maybe),
      executionCount: SQLite.integer(maybe),
      displayId: SQLite.text(maybe),
      data: SQLite.text(maybe),
      artifactId: SQLite.text(maybe),
      metadata: SQLite.json({ nullable: true, schema: any }),
      representations: SQLite.json({ nullable: true, schema: any }),
    },
  }),
  outputDeltas: SQLite.table({
    name: "output_deltas",
    columns: {
      id: SQLite.text({ primaryKey: true }),
      outputId: SQLite.text(),
      delta: SQLite.text({ default: "" }),
      sequenceNumber: SQLite.integer(),
    },
  }),
  runtimeSessions: SQLite.table({
    name: "runtimeSessions",
    columns: {
      sessionId: SQLite.text({ primaryKey: true }),
      runtimeId: SQLite.text(),
      runtimeType: SQLite.text(),
      status: SQLite.text(),
      canExecuteCode: SQLite.boolean({ default: false }),
      canExecuteSql: SQLite.boolean({ default: false }),
      canExecuteAi: SQLite.boolean({ default: false }),
      availableAiModels: SQLite.json({ nullable: true, schema: any }),
    },
  }),
  executionQueue: SQLite.table({
    name: "executionQueue",
    columns: {
      id: SQLite.text({ primaryKey: true }),
      cellId: SQLite.text(),
      executionCount: SQLite.integer(),
      requestedBy: SQLite.text(),
      status: SQLite.text({ default: "pending" }),
      assignedRuntimeSession: SQLite.text(maybe),
      startedAt: SQLite.datetime(maybe),
      completedAt: SQLite.datetime(maybe),
      executionDurationMs: SQLite.integer(maybe),
    },
  }),
  toolApprovals: SQLite.table({
    name: "toolApprovals",
    columns: {
      toolCallId: SQLite.text({ primaryKey: true }),
      cellId: SQLite.text(),
      toolName: SQLite.text(),
      status: SQLite.text(),
      approvedBy: SQLite.text(maybe),
      requestedAt: SQLite.datetime(),
      respondedAt: SQLite.datetime(maybe),
    },
  }),
};
const { notebookMetadata, cells, outputs, outputDeltas } = tables;
const { runtimeSessions, executionQueue, toolApprovals } = tables;

const output = { id: text, cellId: text, position: number };
const appended = { id: text, outputId: text, delta: text, sequenceNumber: number };
const capabilities = Schema.Struct({
  canExecuteCode: flag,
  canExecuteSql: flag,
  canExecuteAi: flag,
  availableAiModels: optional(any),
});
const executed = { queueId: text, cellId: text };
const settings = Schema.Struct({
  temperature: optional(number),
  maxTokens: optional(number),
  systemPrompt: optional(text),
});

/** @param {any} content */
const flat = ({ data, artifactId, metadata }) => ({
  data: data === undefined || typeof data === "string" ? data : JSON.stringify(data),
  artifactId,
  metadata,
});
/** @param {string} outputType @param {(args: any) => any} more */
const added = (outputType, more) => (/** @type {any} */ args) => {
  const { id, cellId, position } = args;
  return outputs
    .insert({ id, cellId, position, outputType, ...more(args) })
    .onConflict("id", "replace");
};
/** @param {string} field */
const toggle = (field) => (/** @type {any} */ args) =>
  cells.update({ [field]: args[field] }).where({ id: args.id });
const request = (/** @type {any} */ { queueId: id, cellId, executionCount, requestedBy }) =>
  executionQueue
    .insert({ id, cellId, executionCount, requestedBy, status: "pending" })
    .onConflict("id", "ignore");

/** Name, fields, and what becomes of the rows. @type {[string, any, (args: any) => any][]} */
const EVENTS = [
  [
    "v1.NotebookMetadataSet",
    { key: text, value: text },
    (args) => notebookMetadata.insert(args).onConflict("key", "replace"),
  ],
  [
    "v2.CellCreated",
    { id: text, cellType: text, fractionalIndex: text, createdBy: text },
    (args) => cells.insert(args).onConflict("id", "ignore"),
  ],
  [
    "v1.CellSourceChanged",
    { id: text, source: text, modifiedBy: text },
    ({ id, source }) => cells.update({ source }).where({ id }),
  ],
  [
    "v1.CellTypeChanged",
    { id: text, cellType: text },
    ({ id, cellType }) => cells.update({ cellType }).where({ id }),
  ],
  [
    "v2.CellMoved",
    { id: text, fractionalIndex: text },
    ({ id, fractionalIndex }) => cells.update({ fractionalIndex }).where({ id }),
  ],
  ["v1.CellDeleted", { id: text }, ({ id }) => cells.delete().where({ id })],
  ["v1.CellSourceVisibilityToggled", { id: text, sourceVisible: flag }, toggle("sourceVisible")],
  ["v1.CellOutputVisibilityToggled", { id: text, outputVisible: flag }, toggle("outputVisible")],
  [
    "v1.CellAiContextVisibilityToggled",
    { id: text, aiContextVisible: flag },
    toggle("aiContextVisible"),
  ],
  [
    "v1.AiSettingsChanged",
    { cellId: text, provider: text, model: text, settings },
    (args) =>
      cells
        .update({ aiProvider: args.provider, aiModel: args.model, aiSettings: args.settings })
        .where({ id: args.cellId }),
  ],
  [
    "v1.SqlResultVariableChanged",
    { cellId: text, resultVariable: optional(text), changedBy: text },
    ({ cellId: id, resultVariable = null }) =>
      cells.update({ sqlResultVariable: resultVariable }).where({ id }),
  ],
  [
    "v1.RuntimeSessionStarted",
    { sessionId: text, runtimeId: text, runtimeType: text, capabilities },
    ({ capabilities, ...session }) =>
      runtimeSessions
        .insert({ ...session, ...capabilities, status: "starting" })
        .onConflict("sessionId", "ignore"),
  ],
  [
    "v1.RuntimeSessionStatusChanged",
    { sessionId: text, status: text },
    ({ sessionId, status }) => runtimeSessions.update({ status }).where({ sessionId }),
  ],
  [
    "v1.RuntimeSessionRenewal",
    { sessionId: text, renewedAt: Schema.Date, validForMs: number },
    () => [],
  ],
  [
    "v1.RuntimeSessionTerminated",
    { sessionId: text, reason: text },
    ({ sessionId }) => runtimeSessions.update({ status: "terminated" }).where({ sessionId }),
  ],
  ["v1.ExecutionRequested", { ...executed, executionCount: number, requestedBy: text }, request],
  [
    "v1.ExecutionAssigned",
    { queueId: text, runtimeSessionId: text },
    (args) =>
      executionQueue
        .update({ status: "assigned", assignedRuntimeSession: args.runtimeSessionId })
        .where({ id: args.queueId }),
  ],
  [
    "v1.ExecutionStarted",
    { ...executed, runtimeSessionId: text, startedAt: Schema.Date },
    ({ queueId, startedAt }) =>
      executionQueue.update({ status: "executing", startedAt }).where({ id: queueId }),
  ],
  [
    "v1.ExecutionCompleted",
    {
      ...executed,
      status: text,
      error: optional(text),
      completedAt: Schema.Date,
      executionDurationMs: number,
    },
    ({ queueId, status, completedAt, executionDurationMs }) =>
      executionQueue
        .update({
          status: status === "success" ? "completed" : "failed",
          completedAt,
          executionDurationMs,
        })
        .where({ id: queueId }),
  ],
  [
    "v1.ExecutionCancelled",
    { ...executed, cancelledBy: text, reason: text },
    ({ queueId }) => executionQueue.update({ status: "cancelled" }).where({ id: queueId }),
  ],
  [
    "v1.AllExecutionsCancelled",
    {},
    () =>
      executionQueue
        .update({ status: "cancelled" })
        .where({ status: { op: "IN", value: ["pending", "assigned", "executing"] } }),
  ],
  [
    "v1.TerminalOutputAdded",
    { ...output, content: any, streamName: text },
    added("terminal", ({ content, streamName }) => ({ ...flat(content), streamName })),
  ],
  [
    "v1.MarkdownOutputAdded",
    { ...output, content: any },
    added("markdown", ({ content }) => flat(content)),
  ],
  [
    "v1.ErrorOutputAdded",
    { ...output, content: any },
    added("error", ({ content }) => flat(content)),
  ],
  [
    "v1.MultimediaDisplayOutputAdded",
    { ...output, representations: any, displayId: optional(text) },
    ({ displayId, representations, ...place }) => [
      ...(displayId ? [outputs.update({ representations }).where({ displayId })] : []),
      outputs
        .insert({ ...place, outputType: "multimedia_display", displayId, representations })
        .onConflict("id", "replace"),
    ],
  ],
  [
    "v1.MultimediaResultOutputAdded",
    { ...output, representations: any, executionCount: number },
    added("multimedia_result", ({ representations, executionCount }) => ({
      representations,
      executionCount,
    })),
  ],
  [
    "v1.MultimediaDisplayOutputUpdated",
    { displayId: text, representations: any },
    ({ displayId, representations }) => outputs.update({ representations }).where({ displayId }),
  ],
  ["v2.TerminalOutputAppended", appended, (args) => outputDeltas.insert(args)],
  ["v2.MarkdownOutputAppended", appended, (args) => outputDeltas.insert(args)],
  [
    "v1.CellOutputsCleared",
    { cellId: text, wait: flag, clearedBy: text },
    ({ cellId, wait }) => (wait ? [] : outputs.delete().where({ cellId })),
  ],
  [
    "v1.ToolApprovalRequested",
    { toolCallId: text, cellId: text, toolName: text, arguments: any, requestedAt: Schema.Date },
    ({ arguments: _arguments, ...args }) =>
      toolApprovals.insert({ ...args, status: "pending" }).onConflict("toolCallId", "ignore"),
  ],
  [
    "v1.ToolApprovalResponded",
    { toolCallId: text, status: text, approvedBy: text, respondedAt: Schema.Date },
    ({ toolCallId, ...args }) => toolApprovals.update(args).where({ toolCallId }),
  ],
];

const events = Object.fromEntries(
  EVENTS.map(([name, fields]) => [
    name,
    /** @type {any} */ (Events).synced({ name, schema: Schema.Struct(fields) }),
  ]),
);
const materializers = Object.fromEntries(
  EVENTS.map(([name, , materialize]) => [name, materialize]),
);

export const runtSchema = makeSchema({
  events,
  state: SQLite.makeState({
    tables,
    materializers: SQLite.materializers(events, /** @type {any} */ (materializers)),
  }),
});
