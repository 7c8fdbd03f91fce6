// What is said in place of an event that the store refuses for good, and of one that Python may not write.

/** @import { LogEvent } from "../types.d.ts" */

import { newId } from "../notebook/cell-events.js";
import { RUNTIME } from "../notebook/cell-run.js";
import { isForPeople } from "../notebook/person/events.js";

const ENAME = "NotKept";
const FORGED = "NotAPerson";

const COMPLETED = "v1.ExecutionCompleted";
const CANCELLED = "v1.ExecutionCancelled";

/**
 * Returns events to commit in place of the refused one: an error output at its cell, and the end of an execution
 * with the least that it must say, since whoever waits for it waits for ever otherwise. If the store takes no such
 * end, it is told of one of the other kind.
 * @param {LogEvent} event
 * @param {Error} error
 * @returns {LogEvent[]} empty if the event is of no cell, or if nothing else can stand in its place
 */
export function inPlaceOf({ name, args }, error) {
  const { cellId, queueId, position } = /** @type {any} */ (args ?? {});
  if (typeof cellId !== "string") return [];
  const evalue = `The notebook's store refused part of what this cell wrote, so it is not kept: ${error.message}`;
  const told = errorAt(cellId, ENAME, evalue, Number.isFinite(position) ? position : 0);
  const why = `${ENAME}: ${evalue}`;
  const completed = () => ({
    name: COMPLETED,
    args: { ...{ queueId, cellId, status: "error", error: why }, ...now() },
  });
  const cancelled = () => ({
    name: CANCELLED,
    args: { queueId, cellId, cancelledBy: RUNTIME, reason: why },
  });
  if (isSubstitute(args)) return name === COMPLETED ? [cancelled()] : [];
  if (name === COMPLETED || name === CANCELLED) return [told, completed()];
  return [told];
}

function now() {
  return { completedAt: new Date().toISOString(), executionDurationMs: 0 };
}

/** @param {any} args */
function isSubstitute({ content, error, reason }) {
  return content?.data?.ename === ENAME || String(error ?? reason).startsWith(`${ENAME}: `);
}

/**
 * Takes out of a batch what only a person may write. The code in a cell, or in a package, has found the way to the
 * page: it is not believed, and whatever it meant to allow is not allowed.
 * @param {readonly LogEvent[]} batch that Python wrote
 * @returns {{ kept: LogEvent[], forged: LogEvent[] }}
 */
export function partForged(batch) {
  const kept = batch.filter((event) => !isForPeople(event));
  return { kept, forged: batch.filter(isForPeople) };
}

/** Says at a cell that something was written there which is not believed. @param {string} cellId @param {LogEvent} event */
export function forgedAt(cellId, { name }) {
  const told =
    `Python code wrote ${name}, which only a person may, on the page. It was left out, and changes nothing. ` +
    "Look at the code that this cell runs: it tried to act for you.";
  return errorAt(cellId, FORGED, told, LAST);
}

// Below whatever the cell shows.
const LAST = 1e9;

/** @param {string} cellId @param {string} ename @param {string} evalue @param {number} position @returns {LogEvent} */
function errorAt(cellId, ename, evalue, position) {
  const data = { ename, evalue, traceback: [`${ename}: ${evalue}`] };
  const content = { type: "inline", data };
  return { name: "v1.ErrorOutputAdded", args: { id: newId(), cellId, position, content } };
}
