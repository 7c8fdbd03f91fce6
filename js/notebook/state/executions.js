// The queue of a notebook: every execution there has been, by id and by cell.

/**
 * @typedef {"pending" | "assigned" | "executing" | "completed" | "failed" | "cancelled"} ExecutionState
 * @typedef {"success" | "error" | "cancelled"} Outcome
 *
 * @typedef {object} Execution
 * @property {string} queueId
 * @property {string} cellId
 * @property {number} [executionCount] the runtime's if it gave one, else the request's
 * @property {string} [requestedBy] once the request has been folded
 * @property {string} [group] what was requested together has the same
 * @property {ExecutionState} state
 * @property {string} [sessionId] of the runtime that took it
 * @property {string} [startedAt]
 * @property {Outcome} [outcome] once it is completed
 * @property {string} [error]
 * @property {number} [durationMs]
 * @property {string} [cancelledBy] if it was cancelled
 * @property {string} [reason] why it was cancelled
 * @property {string} [source] the cell's when it started
 */

/** Executions only move forward through their states, and the first end of one counts. */
export class Executions {
  /** @type {Map<string, Execution>} */
  byId = new Map();
  /** @type {Map<string, Execution[]>} */
  #byCell = new Map();
  /** @type {Set<Execution>} */
  #open = new Set();
  #touch;

  /** @param {(key: string) => void} touch told "execution/<cell id>" and "queue" */
  constructor(touch) {
    this.#touch = touch;
  }

  /** The executions that are pending, assigned or executing, in the order in which they arrived. */
  get open() {
    return [...this.#open];
  }

  /** The cell's open execution, or else its last one. @param {string} cellId */
  of(cellId) {
    const executions = this.#byCell.get(cellId) ?? [];
    return executions.find((execution) => this.#open.has(execution)) ?? executions.at(-1);
  }

  /** The number under which the cell began last, if it ever did. @param {string} cellId */
  countOf(cellId) {
    const begun = this.#byCell.get(cellId)?.findLast(({ startedAt }) => startedAt !== undefined);
    return begun?.executionCount;
  }

  /** @param {string} cellId */
  nextCount(cellId) {
    const executions = this.#byCell.get(cellId) ?? [];
    const last = executions.reduce(
      (most, { executionCount = 0 }) => Math.max(most, executionCount),
      0,
    );
    // An event must not contain a larger number.
    return Math.min(last + 1, Number.MAX_SAFE_INTEGER);
  }

  /** @param {{ queueId: string, cellId: string, executionCount: number, requestedBy: string, group?: string }} args */
  request({ queueId, cellId, executionCount, requestedBy, group }) {
    // An execution may begin before its request arrives; a second request is ignored.
    const execution = this.#entry(queueId, cellId);
    execution.executionCount ??= executionCount;
    if (execution.requestedBy === undefined) Object.assign(execution, { requestedBy, group });
    this.#changed(execution);
  }

  /** @param {{ requestedBy: string, cellsInfo: { id: string, executionCount: number, queueId: string }[] }} args */
  requestMany({ requestedBy, cellsInfo }) {
    for (const { queueId, id: cellId, executionCount } of cellsInfo) {
      const group = cellsInfo[0].queueId;
      this.request({ queueId, cellId, executionCount, requestedBy, group });
    }
  }

  /**
   * This event names no cell, so it cannot create an execution that is not known yet.
   * @param {{ queueId: string, runtimeSessionId: string }} args
   */
  assign({ queueId, runtimeSessionId: sessionId }) {
    const execution = this.byId.get(queueId);
    if (execution?.state !== "pending") return;
    Object.assign(execution, { state: "assigned", sessionId });
    this.#changed(execution);
  }

  /**
   * @param {object} args
   * @param {string} args.queueId
   * @param {string} args.cellId
   * @param {string} args.runtimeSessionId
   * @param {string} args.startedAt
   * @param {number} [args.executionCount]
   * @param {string} [source] the cell's
   */
  start({ queueId, cellId, runtimeSessionId: sessionId, startedAt, executionCount }, source) {
    const execution = this.#entry(queueId, cellId);
    if (execution.state !== "pending" && execution.state !== "assigned") return;
    Object.assign(execution, { state: "executing", sessionId, startedAt, source });
    execution.executionCount = executionCount ?? execution.executionCount;
    this.#changed(execution);
  }

  /**
   * @param {object} args
   * @param {string} args.queueId
   * @param {string} args.cellId
   * @param {Outcome} args.status
   * @param {string} [args.error]
   * @param {number} args.executionDurationMs
   */
  complete({ queueId, cellId, status: outcome, error, executionDurationMs: durationMs }) {
    const execution = this.#entry(queueId, cellId);
    const state = outcome === "success" ? "completed" : "failed";
    this.#end(execution, state, { outcome, error, durationMs });
  }

  /** @param {{ queueId: string, cellId: string, cancelledBy: string, reason: string }} args */
  cancel({ queueId, cellId, cancelledBy, reason }) {
    this.#end(this.#entry(queueId, cellId), "cancelled", { cancelledBy, reason });
  }

  cancelAll() {
    for (const execution of this.open) this.#end(execution, "cancelled");
  }

  /** @param {string} queueId @param {string} cellId @returns {Execution} */
  #entry(queueId, cellId) {
    const known = this.byId.get(queueId);
    if (known) return known;
    /** @type {Execution} */
    const execution = { queueId, cellId, state: "pending" };
    this.byId.set(queueId, execution);
    this.#open.add(execution);
    const executions = this.#byCell.get(cellId);
    if (executions) executions.push(execution);
    else this.#byCell.set(cellId, [execution]);
    return execution;
  }

  /** @param {Execution} execution @param {ExecutionState} state @param {Partial<Execution>} [result] */
  #end(execution, state, result = {}) {
    if (!this.#open.delete(execution)) return;
    Object.assign(execution, { state, ...result });
    this.#changed(execution);
  }

  /** @param {Execution} execution */
  #changed({ cellId }) {
    this.#touch(`execution/${cellId}`);
    this.#touch("queue");
  }
}
