// The log of a week's use: prompts that are edited and answered in many small pieces, and cells that are run again and
// again, in batches as a page commits them.

/** @import { LogEvent } from "../../../js/types.d.ts" */

import { cell, event, inline } from "./events.js";

const WORDS = "the answer streams in small pieces and each of them is one event of the log ".split(
  " ",
);
const START = Date.UTC(2026, 0, 5, 8);
/** @param {number} second */
const at = (second) => new Date(START + second * 1000).toISOString();

/**
 * @typedef {object} Size
 * @property {number} answers
 * @property {number} pieces of an answer
 * @property {number} runs of Python cells
 * @property {number} lines that a run prints, one by one
 * @property {number} renewals of the session
 */

/** 200,000 events. @type {Size} */
export const WEEK = { answers: 500, pieces: 296, runs: 2000, lines: 10, renewals: 9600 };
/** 20,000 events. @type {Size} */
export const AFTERNOON = { answers: 50, pieces: 280, runs: 200, lines: 10, renewals: 960 };

/** @param {Size} size @returns {LogEvent[][]} */
export function week({ answers, pieces, runs, lines, renewals }) {
  const begun = { sessionId: "s", runtimeId: "r", runtimeType: "pyodide" };
  const can = { canExecuteCode: true, canExecuteSql: true, canExecuteAi: true };
  const batches = [[event("v1.RuntimeSessionStarted", { ...begun, capabilities: can })]];
  const cells = Array.from({ length: 40 }, (_, n) => `cell-${n}`);
  for (const [n, id] of cells.entries()) batches.push([cell(id, `a${n.toString(36)}i`)]);
  for (let n = 0; n < answers; n++) batches.push(...answer(n, cells[n % 20], pieces));
  for (let n = 0; n < runs; n++) batches.push(...run(n, cells[20 + (n % 20)], lines));
  for (let n = 0; n < renewals; n++) {
    const renewedAt = at(n * 15);
    const renewal = { sessionId: "s", renewedAt, validForMs: 30_000 };
    batches.push([event("v1.RuntimeSessionRenewal", renewal)]);
  }
  return batches;
}

/** @param {number} n @param {string} cellId @param {number} pieces @returns {LogEvent[][]} */
function answer(n, cellId, pieces) {
  const [queueId, outputId] = [`answer-${n}`, `answer-${n}-output`];
  const { requested, ended } = execution(queueId, cellId, n);
  const anode = { role: "assistant", ai_provider: "openai", run: { id: queueId } };
  const content = inline("", { anode });
  const delta = (/** @type {number} */ sequenceNumber, /** @type {any} */ body) =>
    event("v1.OutputDelta", {
      ...{ id: `${outputId}-${sequenceNumber}`, cellId, outputId, sequenceNumber, delta: body },
    });
  return [
    [event("v1.CellSourceChanged", { id: cellId, source: `Question ${n}?`, modifiedBy: "me" })],
    ...requested,
    [event("v1.MarkdownOutputAdded", { id: outputId, cellId, position: 0, content })],
    ...Array.from({ length: pieces - 1 }, (_, i) => [
      delta(i, { text: `${WORDS[i % WORDS.length]} ` }),
    ]),
    [
      delta(pieces, { metadata: { anode: { run: { id: queueId, state: "done", tokens: n } } } }),
      ...ended,
    ],
  ];
}

/** @param {number} n @param {string} cellId @param {number} lines @returns {LogEvent[][]} */
function run(n, cellId, lines) {
  const [queueId, outputId] = [`run-${n}`, `run-${n}-output`];
  const { requested, ended } = execution(queueId, cellId, n);
  const added = { id: outputId, cellId, position: 0, streamName: "stdout" };
  return [
    [event("v1.CellSourceChanged", { id: cellId, source: `print(${n})\n`, modifiedBy: "me" })],
    ...requested,
    [event("v1.TerminalOutputAdded", { ...added, content: inline("line 0\n") })],
    ...Array.from({ length: lines }, (_, i) => [
      event("v1.OutputDelta", {
        ...{ id: `${outputId}-${i}`, cellId, outputId, sequenceNumber: i },
        delta: { text: `line ${i + 1}\n` },
      }),
    ]),
    ended,
  ];
}

/** @param {string} queueId @param {string} cellId @param {number} n */
function execution(queueId, cellId, n) {
  const times = { startedAt: at(n * 60), completedAt: at(n * 60 + 20) };
  const one = { queueId, cellId };
  const status = (/** @type {string} */ status) =>
    event("v1.RuntimeSessionStatusChanged", { sessionId: "s", status });
  return {
    requested: [
      [event("v1.ExecutionRequested", { ...one, executionCount: n + 1, requestedBy: "me" })],
      [event("v1.ExecutionAssigned", { queueId, runtimeSessionId: "s" }), status("busy")],
      [
        event("v1.ExecutionStarted", {
          ...{ ...one, runtimeSessionId: "s", startedAt: times.startedAt },
        }),
        event("v1.CellOutputsCleared", { cellId, wait: false, clearedBy: "s" }),
      ],
    ],
    ended: [
      event("v1.ExecutionCompleted", {
        ...{ ...one, status: "success", executionDurationMs: 20_000 },
        completedAt: times.completedAt,
      }),
      status("ready"),
    ],
  };
}
