// A notebook over a store in memory, and what a runtime would write into that.

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { attend } from "../../../js/notebook/state/sessions.js";

/** @import { EventStore, LogEvent } from "../../../js/types.d.ts" */

/** Lets the store deliver. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

export const AT = "2026-11-29T12:00:00.000Z";

/** @param {string} id @param {string} fractionalIndex @param {string} [cellType] @returns {LogEvent} */
export const created = (id, fractionalIndex, cellType = "ai") => ({
  name: "v2.CellCreated",
  args: { id, cellType, fractionalIndex, createdBy: "somebody" },
});

/** What a runtime writes into a store, by hand. @param {EventStore & { events(): LogEvent[] }} store */
function runtimeOf(store) {
  const requested = () =>
    store.events().flatMap(({ name, args }) => {
      if (name === "v1.ExecutionRequested") return [args];
      if (name !== "v1.MultipleExecutionRequested") return [];
      return /** @type {any[]} */ (args.cellsInfo).map(({ id, ...info }) => ({
        cellId: id,
        ...info,
      }));
    });
  /** @param {any} name @param {any} args */
  const write = (name, args) => store.commit({ name, args });
  return {
    requested,
    write,
    /** @param {any} run @param {string} id @param {string} data @param {object} [anode] */
    say: ({ cellId }, id, data, anode = {}) =>
      write("v1.MarkdownOutputAdded", {
        id,
        cellId,
        position: Number(id.slice(1)),
        content: { type: "inline", data, metadata: { anode: { role: "assistant", ...anode } } },
      }),
    /** @param {any} run */
    start: ({ queueId, cellId }) =>
      write("v1.ExecutionStarted", { queueId, cellId, runtimeSessionId: "s", startedAt: AT }),
    /** @param {any} run @param {string} status @param {string} [error] */
    end: ({ queueId, cellId }, status = "success", error) =>
      write("v1.ExecutionCompleted", {
        ...{ queueId, cellId, status, completedAt: AT, executionDurationMs: 1 },
        ...(error && { error }),
      }),
  };
}

/** @param {LogEvent[]} events */
export function open(...events) {
  const store = memoryStore(events);
  attend(store);
  return { store, nb: openNotebook(store, { author: "me" }), runtime: runtimeOf(store) };
}
