// What is said in place of an event that the store refuses for good.

/** @import { LogEvent } from "../types.d.ts" */

import { newId } from "../notebook/cell-events.js";

const ENAME = "NotKept";

/**
 * Returns events to commit in place of the refused one: an error output at its cell, and the end of an execution
 * with the least that it must say, since whoever waits for it waits for ever otherwise.
 * @param {LogEvent} event
 * @param {Error} error
 * @returns {LogEvent[]} empty if the event is of no cell, or if it stands in place of another already
 */
export function inPlaceOf({ name, args }, error) {
  const { cellId, queueId, position, completedAt } = /** @type {any} */ (args ?? {});
  if (typeof cellId !== "string" || isSubstitute(args)) return [];
  const evalue = `The notebook's store refused part of what this cell wrote, so it is not kept: ${error.message}`;
  const data = { ename: ENAME, evalue, traceback: [`${ENAME}: ${evalue}`] };
  const told = {
    name: "v1.ErrorOutputAdded",
    args: {
      id: newId(),
      cellId,
      position: Number.isFinite(position) ? position : 0,
      content: { type: "inline", data },
    },
  };
  if (name !== "v1.ExecutionCompleted") return [told];
  const end = { queueId, cellId, status: "error", error: `${ENAME}: ${evalue}`, completedAt };
  return [told, { name, args: { ...end, executionDurationMs: 0 } }];
}

/** @param {any} args */
function isSubstitute({ content, error }) {
  return content?.data?.ename === ENAME || String(error).startsWith(`${ENAME}: `);
}
