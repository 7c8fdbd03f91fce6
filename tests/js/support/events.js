// Short ways to write the events of a notebook, and to fold them.

import { Notebook } from "../../../js/notebook/state/notebook.js";

/** @import { LogEvent } from "../../../js/types.d.ts" */

/** @param {string} name @param {any} [args] @returns {LogEvent} */
export const event = (name, args = {}) => ({ name, args });
/** @param {string} data @param {any} [metadata] */
export const inline = (data, metadata) => ({ type: "inline", data, ...(metadata && { metadata }) });
/** @param {string} id @param {string} fractionalIndex */
export const cell = (id, fractionalIndex) =>
  event("v2.CellCreated", { id, cellType: "ai", fractionalIndex, createdBy: "me" });
/** @param {string} queueId @param {string} [cellId] */
export const request = (queueId, cellId = "c") =>
  event("v1.ExecutionRequested", { queueId, cellId, executionCount: 1, requestedBy: "me" });
/** @param {string} queueId @param {string} [status] */
export const completed = (queueId, status = "success") =>
  event("v1.ExecutionCompleted", {
    ...{ queueId, cellId: "c", status, executionDurationMs: 1200 },
    completedAt: "2026-01-01T00:00:02.000Z",
  });
/** @param {string} queueId */
export const started = (queueId) =>
  event("v1.ExecutionStarted", {
    ...{ queueId, cellId: "c", runtimeSessionId: "s" },
    startedAt: "2026-01-01T00:00:01.000Z",
  });
/** @param {string} queueId */
export const assigned = (queueId) =>
  event("v1.ExecutionAssigned", { queueId, runtimeSessionId: "s" });
/** @param {string} queueId */
export const cancelled = (queueId) =>
  event("v1.ExecutionCancelled", { queueId, cellId: "c", cancelledBy: "me", reason: "stopped" });
/** @param {string} id @param {number} position @param {string} text @param {any} [metadata] */
export const markdown = (id, position, text, metadata) =>
  event("v1.MarkdownOutputAdded", { id, cellId: "c", position, content: inline(text, metadata) });
/** @param {number} sequenceNumber @param {any} delta @param {string} [id] */
export const delta = (sequenceNumber, delta, id = `d${sequenceNumber}`) =>
  event("v1.OutputDelta", { id, cellId: "c", outputId: "o", sequenceNumber, delta });
/** @param {boolean} [wait] */
export const cleared = (wait = false) =>
  event("v1.CellOutputsCleared", { cellId: "c", wait, clearedBy: "s" });

/** @param {LogEvent[]} events */
export function fold(...events) {
  /** @type {string[]} */
  const problems = [];
  const notebook = new Notebook((problem) => void problems.push(problem));
  const touched = notebook.apply(events);
  return { notebook, problems, touched };
}

/** @param {Notebook} notebook */
export const texts = (notebook) => notebook.outputs.of("c").map(({ text }) => text);
