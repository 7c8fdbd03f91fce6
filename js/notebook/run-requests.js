// Requests, stops and awaits runs of cells.

/** @import { Cell, Run, RunOptions } from "../types-notebook.d.ts" */
/** @import { Event, FoldedStore } from "./folded-store.js" */
/** @import { Execution } from "./state/executions.js" */

import { HOLDER, isLeftOut, isOver, readRun } from "./cell-run.js";
import { newId } from "./cell-events.js";
import { foreignLanguage } from "./ipynb/language.js";

/** The types of cells that a runtime executes. */
const RUNNABLE = ["ai", "code", "sql"];
const CLOSED = "the notebook was closed";

/**
 * A caller that waits for the end of an execution.
 * @typedef {object} Waiting
 * @property {string} cellId
 * @property {string} queueId
 * @property {(run: Run) => void} onChange
 * @property {(run: Run) => void} resolve
 * @property {(error: Error) => void} reject
 */

export class RunRequests {
  #log;
  #author;
  #warn;
  /** @type {Set<Waiting>} */
  #waiting = new Set();
  /** What was requested and is not delivered yet: queue ids by the cells' ids. @type {Map<string, string>} */
  #requested = new Map();
  /** The queue ids of what was stopped and is not delivered yet. @type {Set<string>} */
  #stopped = new Set();
  #isClosed = false;

  /** @param {FoldedStore} log @param {string} author @param {(problem: string) => void} warn */
  constructor(log, author, warn) {
    this.#log = log;
    this.#author = author;
    this.#warn = warn;
    log.subscribe((changed) => this.#tell(changed));
  }

  /** @param {string} id @param {RunOptions} [options] @returns {Promise<Run>} */
  async run(id, { signal, onChange = () => {} } = {}) {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new Error(CLOSED);
    this.request([id]);
    const queueId = this.#underWay(id);
    if (queueId === undefined) {
      throw new Error(`the cell ${JSON.stringify(id)} is not there, or not of a type that runs`);
    }
    queueMicrotask(() => {
      if (!this.#log.hasRuntime) this.#warn(waits(id)); // it may be started in the next line
    });
    const stop = () => this.stop([id]);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.add({ cellId: id, queueId, onChange, resolve, reject });
      });
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /**
   * Requests runs of the cells that are neither running nor waiting. They are folded when the store delivers
   * them: only then is it known whether somebody stopped all cells before.
   * @param {readonly string[]} ids in order
   */
  request(ids) {
    const requestedBy = this.#author;
    const cellsInfo = ids
      .filter((id) => this.#canRun(id))
      .map((id) => ({ id, executionCount: this.#executions.nextCount(id), queueId: newId() }));
    if (cellsInfo.length === 1) {
      const [{ id: cellId, ...info }] = cellsInfo;
      this.#log.commit(["v1.ExecutionRequested", { cellId, ...info, requestedBy }]);
    } else if (cellsInfo.length > 1) {
      this.#log.commit(["v1.MultipleExecutionRequested", { requestedBy, cellsInfo }]);
    }
    for (const { id, queueId } of cellsInfo) this.#requested.set(id, queueId);
  }

  /** The cells that were left out together with this one, itself too, in order. @param {string} id */
  rest(id) {
    const session = (/** @type {string} */ by) => this.#log.fold.sessions.get(by);
    const leftOut = (/** @type {string} */ cellId) => {
      const last = this.#executions.of(cellId);
      return last && isLeftOut(last, session) ? last : undefined;
    };
    const group = leftOut(id)?.group;
    if (group === undefined) return leftOut(id) ? [id] : [];
    return this.#log.fold.order.filter((other) => leftOut(other)?.group === group);
  }

  /**
   * Takes what waits and costs money out of the queue, and what was requested to run after it.
   * @param {readonly Execution[]} executions in the order of the queue
   * @param {string} reason for the person
   */
  hold(executions, reason) {
    const groups = new Set();
    const held = executions.filter(({ cellId, state, group }) => {
      const isPaid = asksModel(this.#log.fold.cells.get(cellId));
      const isHeld = state === "pending" && (isPaid || groups.has(group));
      if (isHeld && group !== undefined) groups.add(group);
      return isHeld;
    });
    this.#cancel(held, { cancelledBy: HOLDER, reason });
  }

  /** @param {readonly string[]} [ids] default: all cells */
  stop(ids) {
    const requested = [...this.#requested].map(([cellId, queueId]) => ({ cellId, queueId }));
    const open = [...this.#executions.open, ...requested].filter(
      ({ cellId, queueId }) => !this.#stopped.has(queueId) && (ids?.includes(cellId) ?? true),
    );
    this.#cancel(open, { cancelledBy: this.#author, reason: "stopped by the user" });
  }

  /** Rejects the promises of all who wait. */
  close() {
    this.#isClosed = true;
    for (const { reject } of this.#waiting) reject(new Error(CLOSED));
    this.#waiting.clear();
  }

  /** @param {readonly { cellId: string, queueId: string }[]} executions @param {{ cancelledBy: string, reason: string }} why */
  #cancel(executions, why) {
    /** @param {{ cellId: string, queueId: string }} execution @returns {Event} */
    const cancel = ({ queueId, cellId }) => ["v1.ExecutionCancelled", { queueId, cellId, ...why }];
    this.#log.commit(...executions.map(cancel));
    for (const { queueId } of executions) this.#stopped.add(queueId);
  }

  get #executions() {
    return this.#log.fold.executions;
  }

  /** @param {string} id */
  #canRun(id) {
    const cell = this.#log.fold.cells.get(id);
    const isIdle = this.#underWay(id) === undefined;
    const isForeign = cell?.cellType === "code" && foreignLanguage(this.#log.fold) !== undefined;
    return cell !== undefined && RUNNABLE.includes(cell.cellType) && isIdle && !isForeign;
  }

  /** The queue id of the cell's run that is not over. @param {string} id */
  #underWay(id) {
    const last = this.#executions.of(id);
    return last && !isOver(last) ? last.queueId : this.#requested.get(id);
  }

  /** @param {ReadonlySet<string>} changed */
  #tell(changed) {
    for (const [cellId, queueId] of this.#requested) {
      if (this.#executions.byId.has(queueId)) this.#requested.delete(cellId);
    }
    for (const queueId of this.#stopped) {
      const execution = this.#executions.byId.get(queueId);
      if (execution && isOver(execution)) this.#stopped.delete(queueId);
    }
    for (const one of this.#waiting) {
      const execution = this.#executions.byId.get(one.queueId);
      if (!execution || !this.#concerns(changed, one.cellId)) continue;
      const run = readRun(this.#log.fold, execution);
      const isGone = !this.#log.fold.cells.has(one.cellId);
      if (run.isOver || isGone) this.#waiting.delete(one);
      if (run.isOver) one.resolve(run);
      else if (isGone) one.reject(new Error("the cell was deleted while it ran"));
      one.onChange(run);
    }
  }

  /** @param {ReadonlySet<string>} changed @param {string} cellId */
  #concerns(changed, cellId) {
    const outputs = this.#log.fold.outputs.of(cellId);
    return (
      changed.has(`execution/${cellId}`) ||
      changed.has(`outputs/${cellId}`) ||
      changed.has("approvals") ||
      changed.has("order") ||
      outputs.some(({ id }) => changed.has(`output/${id}`))
    );
  }
}

/** Says that there is no runtime. @param {string} id */
function waits(id) {
  const said = `The run of the cell ${JSON.stringify(id)} waits, since there is no runtime for this notebook.`;
  return `${said} Start one on its store: await startRuntime({ store, ... }), from "runt-pyodide".`;
}

/** Whether a run of the cell asks a model: a Python cell that begins with %%ai becomes an AI cell. @param {Cell | undefined} cell */
function asksModel(cell) {
  return (
    cell?.cellType === "ai" || (cell?.cellType === "code" && /^\s*%%ai(\s|$)/.test(cell.source))
  );
}
