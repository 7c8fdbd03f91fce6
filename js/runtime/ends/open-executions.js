// The executions that are not over, as the log and Python tell them. Each has one end: a second one is kept out of
// the log, and where no Python is left to write an end, it is written here.
//
// A Python that takes over ends what the one before it was executing. What is left for the page is a Python that
// does not come: one that was stopped, that broke down too often, or that could not be started.

/** @import { EventStore, LogEvent } from "../../types.d.ts" */
/** @import { Execution } from "../../notebook/state/executions.js" */

import { RUNTIME, isOver } from "../../notebook/cell-run.js";
import { newId } from "../../notebook/cell-events.js";
import { Executions } from "../../notebook/state/executions.js";
import { noteOf } from "../../notebook/state/marks.js";
import { Sessions, attend } from "../../notebook/state/sessions.js";
import { readEvents } from "../../notebook/wire-event.js";

const ENAME = "PythonEnded";
const STARTED = "v1.RuntimeSessionStarted";
const TERMINATED = "v1.RuntimeSessionTerminated";
const ENDS = ["v1.ExecutionCompleted", "v1.ExecutionCancelled"];

/**
 * Why executions end: whole sentences for people. What has begun fails by a failure, and is cancelled otherwise;
 * what has not begun is cancelled.
 * @typedef {{ reason: string, isFailure?: boolean }} Cause
 */

export class OpenExecutions {
  /** As Python, the log and what is written here tell. */
  #executions = new Executions(() => {});
  /** As the log alone tells. */
  #logged = new Executions(() => {});
  #sessions = new Sessions(() => {});
  /** The sessions of this runtime. @type {Set<string>} */
  #own = new Set();
  /** The sessions that had not ended when this runtime began: their runtimes are gone, or will be displaced. */
  #earlier = new Set();
  /** What waited for them, by queue id. @type {ReadonlySet<string>} */
  #inherited = new Set();
  /** Where the next output of a cell goes. @type {Map<string, number>} */
  #positions = new Map();
  /** Why what is requested ends at once, while there is no Python. @type {Cause | undefined} */
  #refusal;
  #write;
  #notes;
  #unsubscribe;
  #leave;

  /**
   * @param {EventStore} store
   * @param {(events: LogEvent[]) => void} write
   * @param {{ vocabulary?: string }} [options] in the vocabulary "runt", why a cell was not run is written below it too:
   *   readers of a runt notebook see nothing of the event
   */
  constructor(store, write, { vocabulary } = {}) {
    this.#leave = attend(store);
    this.#write = write;
    this.#notes = vocabulary === "runt";
    let isFirst = true;
    this.#unsubscribe = store.subscribe((events) => {
      if (isFirst) this.#inherit(events);
      else for (const event of events) this.#follow(event);
      isFirst = false;
      if (this.#refusal) this.#endAll(this.#refusal);
    });
  }

  /** The queue ids of what waits for its turn. */
  get waiting() {
    const pending = this.#executions.open.filter(({ state }) => state === "pending");
    return pending.map(({ queueId }) => queueId);
  }

  /** The queue ids of what an earlier runtime left waiting, and nobody has asked this one for. */
  get inherited() {
    return this.waiting.filter((queueId) => this.#inherited.has(queueId));
  }

  /**
   * Takes note of what Python writes, and returns what of it belongs in the log.
   * @param {readonly LogEvent[]} batch
   */
  admit(batch) {
    return batch.filter((event) => {
      const known = this.#executions.byId.get(String(event.args?.queueId));
      const isSecond = ENDS.includes(event.name) && known && isOver(known);
      this.#fold(event);
      if (event.name === STARTED) this.#own.add(String(event.args.sessionId));
      return !isSecond;
    });
  }

  /** Whether an event that is written only now, since the store did not take it, is no second end. @param {LogEvent} event */
  isNeeded({ name, args }) {
    const known = this.#logged.byId.get(String(args?.queueId));
    return !ENDS.includes(name) || !known || !isOver(known);
  }

  /**
   * Ends what is open, and what is requested from now on, since no Python will. What was committed before this is
   * heard first: it may be an end.
   * @param {Cause} cause
   */
  refuse(cause) {
    this.#refusal = cause;
    queueMicrotask(() => this.#endAll(cause));
  }

  /** Leaves what is requested from now on to a Python. */
  accept() {
    this.#refusal = undefined;
  }

  /** Leaves everything to other runtimes. What is not written yet must be, before this. */
  close() {
    this.#unsubscribe();
    this.#leave();
  }

  /**
   * What waits while there is a session, and what waited when one began or ended, was that session's to run. If it
   * did not, its Python or its page has gone.
   * @param {readonly LogEvent[]} events of the log as it was found
   */
  #inherit(events) {
    for (const event of events) {
      this.#follow(event);
      const isOfSession = event?.name === STARTED || event?.name === TERMINATED;
      if (isOfSession) this.#inherited = new Set(this.waiting);
    }
    this.#earlier = new Set(this.#sessions.active.map(({ id }) => id));
    if (this.#earlier.size > 0) this.#inherited = new Set(this.waiting);
  }

  /** @param {Cause} cause */
  #endAll(cause) {
    const isOurs = this.#whatIsOurs();
    const events = this.#executions.open.filter(isOurs).flatMap((one) => this.#endOf(one, cause));
    for (const event of events) this.#fold(event);
    if (events.length > 0) this.#write(events);
  }

  /**
   * What was taken belongs to its session. What waits belongs to another runtime if there is one, and what
   * waited for an earlier one to whoever displaces that.
   * @returns {(execution: Execution) => boolean}
   */
  #whatIsOurs() {
    const others = this.#sessions.active.filter(({ id }) => !this.#own.has(id));
    const isReplaced = others.some(({ id }) => !this.#earlier.has(id));
    return ({ sessionId, queueId }) => {
      if (sessionId !== undefined) return this.#own.has(sessionId);
      return !isReplaced && (others.length === 0 || !this.#inherited.has(queueId));
    };
  }

  /** @param {Execution} execution @param {Cause} cause @returns {LogEvent[]} */
  #endOf({ queueId, cellId, sessionId, startedAt }, { reason: why, isFailure }) {
    const position = this.#positions.get(cellId) ?? 0;
    if (sessionId === undefined || !isFailure) {
      const reason = `${sessionId === undefined ? "Not run" : "Stopped"}: ${why}`;
      const args = { queueId, cellId, cancelledBy: RUNTIME, reason };
      const cancelled = { name: "v1.ExecutionCancelled", args };
      const place = { id: `${queueId}-end`, cellId, position };
      return this.#notes ? [noteOf(place, reason), cancelled] : [cancelled];
    }
    const data = { ename: ENAME, evalue: why, traceback: [] };
    const told = { id: newId(), cellId, position, content: { type: "inline", data } };
    const now = new Date();
    const took = startedAt === undefined ? 0 : Math.max(0, now.getTime() - Date.parse(startedAt));
    const end = { queueId, cellId, status: "error", error: why };
    const times = { completedAt: now.toISOString(), executionDurationMs: took || 0 };
    return [
      { name: "v1.ErrorOutputAdded", args: told },
      { name: "v1.ExecutionCompleted", args: { ...end, ...times } },
    ];
  }

  /** @param {LogEvent} event of any store */
  #follow(event) {
    this.#fold(event, this.#logged);
    this.#fold(event);
  }

  /** What cannot be read is reported elsewhere. @param {LogEvent} event */
  #fold(event, executions = this.#executions) {
    const name = event?.name;
    const { cellId, position } = /** @type {any} */ (event?.args ?? {});
    if (Number.isSafeInteger(position + 1) && typeof cellId === "string") {
      this.#positions.set(cellId, Math.max(this.#positions.get(cellId) ?? 0, position + 1));
    }
    if (!Object.hasOwn(OpenExecutions.#FOLDS, name)) return;
    const fold = OpenExecutions.#FOLDS[name];
    for (const { args } of readEvents([event], () => {})) fold(executions, args, this.#sessions);
  }

  /** @type {Readonly<Record<string, (executions: Executions, args: any, sessions: Sessions) => void>>} */
  static #FOLDS = {
    [STARTED]: (_, args, sessions) => sessions.start(args),
    [TERMINATED]: (_, { sessionId }, sessions) => sessions.setStatus(sessionId, "terminated"),
    "v1.ExecutionRequested": (executions, args) => executions.request(args),
    "v1.MultipleExecutionRequested": (executions, args) => executions.requestMany(args),
    "v1.ExecutionAssigned": (executions, args) => executions.assign(args),
    "v1.ExecutionStarted": (executions, args) => executions.start(args),
    "v1.ExecutionCompleted": (executions, args) => executions.complete(args),
    "v1.ExecutionCancelled": (executions, args) => executions.cancel(args),
    "v1.AllExecutionsCancelled": (executions) => executions.cancelAll(),
  };
}
