// Reads a run of a cell from the notebook: its state, its text, its model's calls, and why it failed.

/** @import { Call, Run } from "../types-notebook.d.ts" */
/** @import { Execution } from "./state/executions.js" */
/** @import { Notebook } from "./state/notebook.js" */
/** @import { Output } from "./state/output.js" */

import { CALL, RESULT, callOf, recordOf, resultOf, textOfResult } from "./ai-record.js";
import { pairResults } from "./ai-run.js";

/** Whether the execution has ended, in whatever way. @param {Execution} execution */
export function isOver({ state }) {
  return state === "completed" || state === "failed" || state === "cancelled";
}

/** Who cancels runs that wait for a person to ask for them again. */
export const HOLDER = "hold";
/** Who cancels what no session of Python is left to end. */
export const RUNTIME = "runtime";

/**
 * Whether it was not run though nobody stopped it: the runtime left it out, since something that was requested
 * together with it failed or was stopped, or since there was no Python, or a page held it. Then `reason` is for
 * people.
 * @param {Execution} execution
 * @param {(id: string) => unknown} session finds the session with this id
 */
export function isLeftOut({ state, startedAt, cancelledBy = "" }, session) {
  const hasNotRun = state === "cancelled" && startedAt === undefined;
  return hasNotRun && ([HOLDER, RUNTIME].includes(cancelledBy) || Boolean(session(cancelledBy)));
}

/**
 * Returns a run as it stands. A cell's outputs always belong to its last run.
 * @param {Notebook} fold
 * @param {Execution} execution
 * @returns {Run}
 */
export function readRun(fold, execution) {
  const outputs = fold.outputs.of(execution.cellId);
  const { others, results } = pairResults(outputs);
  const isThinking = (/** @type {Output} */ output) => recordOf(output).thinking === true;
  return {
    id: execution.queueId,
    cellId: execution.cellId,
    state: stateOf(execution),
    isOver: isOver(execution),
    text: join(others.filter((output) => !isThinking(output))),
    thinking: join(others.filter(isThinking)),
    calls: others.flatMap((output) => readCall(fold, output, results)),
    error: errorOf(execution, outputs),
    reason: execution.reason,
    outputs,
  };
}

/** @param {Execution} execution @returns {Run["state"]} */
function stateOf({ state, outcome }) {
  if (state === "pending" || state === "assigned") return "waiting";
  if (state === "executing") return "running";
  if (state === "completed") return "success";
  return state === "cancelled" || outcome === "cancelled" ? "cancelled" : "error";
}

/** @param {readonly Output[]} outputs */
function join(outputs) {
  return outputs.map(textOf).join("");
}

/** An output as plain text; calls and their results have none. @param {Output} output */
function textOf({ kind, text, bundle }) {
  if (kind === "terminal" || kind === "markdown") return text;
  const plain = CALL in bundle || RESULT in bundle ? undefined : bundle["text/plain"]?.data;
  return typeof plain === "string" ? plain : "";
}

/**
 * @param {Notebook} fold
 * @param {Output} output
 * @param {ReadonlyMap<string, Output>} results
 * @returns {Call[]} one, if the output is a call
 */
function readCall(fold, output, results) {
  const call = callOf(output);
  if (!call) return [];
  const { tool_call_id: id, tool_name: name, arguments: args = {} } = call;
  const { request, response } = fold.approvals.get(id) ?? {};
  const needsApproval = request !== undefined && response === undefined;
  const shown = results.get(id);
  const result = shown && textOfResult(resultOf(shown));
  return [{ id, name, arguments: args, state: recordOf(output).state, needsApproval, result }];
}

/** @param {Execution} execution @param {readonly Output[]} outputs @returns {Run["error"]} */
function errorOf(execution, outputs) {
  if (stateOf(execution) !== "error") return undefined;
  const { ename: name = "Error", evalue, traceback = [] } = outputs.findLast(isError)?.error ?? {};
  return { name, message: evalue ?? execution.error ?? "", traceback };
}

/** @param {Output} output */
function isError({ kind }) {
  return kind === "error";
}
