// Tracks what Python is executing, from the events that it writes.

/** @import { LogEvent } from "../types.d.ts" */

export class Executing {
  /** The cells' ids by queue id, the outermost first. @type {Map<string, string>} */
  #cells = new Map();

  /** The queue id of the outermost execution, if there is one. */
  get outermost() {
    return this.#cells.keys().next().value;
  }

  /** The queue id and the cell of the innermost execution, if there is one. */
  get innermost() {
    return [...this.#cells].at(-1);
  }

  /** @param {LogEvent} event that Python wrote */
  note({ name, args }) {
    if (name === "v1.ExecutionStarted") this.#cells.set(String(args.queueId), String(args.cellId));
    else if (name === "v1.ExecutionCompleted") this.#cells.delete(String(args.queueId));
  }

  /** The queue ids of executions that an event by others ends. @param {LogEvent} event @returns {string[]} */
  endedBy({ name, args }) {
    const running = [...this.#cells];
    const select = (/** @type {(entry: [string, string]) => boolean} */ isMeant) =>
      running.filter(isMeant).map(([queueId]) => queueId);
    if (name === "v1.ExecutionCancelled") return select(([queueId]) => queueId === args.queueId);
    if (name === "v1.CellDeleted") return select(([, cellId]) => cellId === args.id);
    return name === "v1.AllExecutionsCancelled" ? select(() => true) : [];
  }

  /** Forgets an execution that stopped without an event, because others had already ended it. @param {string} queueId */
  forget(queueId) {
    this.#cells.delete(queueId);
  }
}
