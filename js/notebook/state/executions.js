// The queue of a notebook: every execution there was, by id and by cell.

/**
 * @typedef {"pending" | "assigned" | "executing" | "completed" | "failed" | "cancelled"} State
 *
 * @typedef {object} Execution
 * @property {string} queueId
 * @property {string} cellId
 * @property {number} [executionCount] the runtime's, else the request's
 * @property {State} state
 * @property {string} [sessionId] of the runtime that took it
 * @property {string} [startedAt]
 * @property {"success" | "error" | "cancelled"} [outcome] if it was completed
 * @property {string} [error]
 * @property {number} [durationMs]
 */

const RANK = { pending: 0, assigned: 1, executing: 2, completed: 3, failed: 3, cancelled: 3 };

export class Executions {
  /** @type {Map<string, Execution>} */
  #byId = new Map();
  /** @type {Map<string, Execution[]>} */
  #byCell = new Map();
  /** @type {Set<Execution>} */
  #open = new Set();
  #touch;

  /** @param {(key: string) => void} touch told "execution/<cell id>" and "queue" */
  constructor(touch) {
    this.#touch = touch;
  }

  /** What is pending, assigned or executing, in the order it was asked for. */
  get open() {
    return [...this.#open];
  }

  /** The cell's execution that is not over, else its last. @param {string} cellId */
  of(cellId) {
    const executions = this.#byCell.get(cellId) ?? [];
    return executions.find((execution) => this.#open.has(execution)) ?? executions.at(-1);
  }

  /** @param {string} cellId */
  nextCount(cellId) {
    const executions = this.#byCell.get(cellId) ?? [];
    const counts = executions.map(({ executionCount = 0 }) => executionCount);
    return 1 + Math.max(0, ...counts);
  }

  /**
   * It may have begun before its request came; a second request of one id counts for nothing.
   * @param {string} queueId
   * @param {string} cellId
   * @param {number} executionCount
   */
  request(queueId, cellId, executionCount) {
    this.#entry(queueId, cellId).executionCount ??= executionCount;
  }

  /** This event names no cell: one that is not known yet cannot be noted. @param {string} queueId */
  assign(queueId) {
    const execution = this.#byId.get(queueId);
    if (execution) this.#advance(execution, "assigned");
  }

  /**
   * @param {string} queueId
   * @param {string} cellId
   * @param {{ runtimeSessionId: string, startedAt: string, executionCount?: number }} args a count
   *   that the runtime gave; a request's own is only a wish
   */
  start(queueId, cellId, { runtimeSessionId, startedAt, executionCount }) {
    const execution = this.#entry(queueId, cellId);
    execution.sessionId ??= runtimeSessionId;
    execution.startedAt ??= startedAt;
    if (RANK[execution.state] < RANK.executing) {
      execution.executionCount = executionCount ?? execution.executionCount;
    }
    this.#advance(execution, "executing");
  }

  /**
   * @param {string} queueId
   * @param {string} cellId
   * @param {"completed" | "failed" | "cancelled"} state
   * @param {Pick<Execution, "outcome" | "error" | "durationMs">} [result]
   */
  end(queueId, cellId, state, result = {}) {
    const execution = this.#entry(queueId, cellId);
    if (!this.#open.delete(execution)) return; // its first end stands
    Object.assign(execution, result);
    this.#advance(execution, state);
  }

  cancelAll() {
    for (const { queueId, cellId } of this.open) this.end(queueId, cellId, "cancelled");
  }

  /** @param {string} queueId @param {string} cellId @returns {Execution} */
  #entry(queueId, cellId) {
    this.#touch(`execution/${cellId}`);
    this.#touch("queue");
    const known = this.#byId.get(queueId);
    if (known) return known;
    /** @type {Execution} */
    const execution = { queueId, cellId, state: "pending" };
    this.#byId.set(queueId, execution);
    this.#open.add(execution);
    const executions = this.#byCell.get(cellId);
    if (executions) executions.push(execution);
    else this.#byCell.set(cellId, [execution]);
    return execution;
  }

  /** @param {Execution} execution @param {State} state */
  #advance(execution, state) {
    if (RANK[state] <= RANK[execution.state]) return;
    execution.state = state;
    this.#touch(`execution/${execution.cellId}`);
    this.#touch("queue");
  }
}
