// Tracks what Python is executing, from the events that it writes.

/** @import { LogEvent } from "../types.d.ts" */

/**
 * The key of an execution, by which a signal names it: a hash of 32 bits (FNV-1a) of its id in UTF-16. Python
 * computes it too, in `runt_pyodide/execution/interrupts.py`.
 * @param {string} queueId
 */
export function keyOf(queueId) {
  let key = 0x811c9dc5;
  for (let at = 0; at < queueId.length; at++) {
    const unit = queueId.charCodeAt(at);
    for (const byte of [unit & 0xff, unit >> 8]) key = Math.imul(key ^ byte, 0x01000193);
  }
  return key >>> 0;
}

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

  /** @param {string | undefined} queueId @returns {string | undefined} the id of the execution's cell, if it runs */
  cellOf(queueId) {
    return this.#cells.get(String(queueId));
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

  /** @template {{ queueId?: string }} T @param {T[]} stops @returns {(T & { cellId?: string })[]} with their cells */
  withCells(stops) {
    return stops.map((stop) => ({ ...stop, cellId: this.cellOf(stop.queueId) }));
  }

  /**
   * The queue ids of what events of others are to stop, the outermost first: executions that Python runs. If it runs
   * none, those that were cancelled before Python took them, since it may be held up by code that belongs to none,
   * such as a task of a cell that has ended.
   * @param {readonly LogEvent[]} events
   * @param {string} sessionId Python's own
   * @returns {string[]}
   */
  meantBy(events, sessionId) {
    if (this.outermost !== undefined) return events.flatMap((event) => this.endedBy(event));
    return events
      .filter(
        ({ name, args }) => name === "v1.ExecutionCancelled" && args.cancelledBy !== sessionId,
      )
      .map(({ args }) => String(args.queueId));
  }

  /** Forgets an execution that stopped without an event, because others had already ended it. @param {string} queueId */
  forget(queueId) {
    this.#cells.delete(queueId);
  }
}
