// A worker with a Python that does as it is told: it boots, runs what is requested, breaks down or falls silent
// when a test says so. It takes a notebook over as runt_pyodide/agent.py does, by a fold of its own.

import { Notebook } from "../../../js/notebook/state/notebook.js";

/** @import { LogEvent } from "../../../js/types.d.ts" */

const AT = "2026-01-01T00:00:00.000Z";
const CAPABILITIES = { canExecuteCode: true, canExecuteSql: true, canExecuteAi: true };
let sessions = 0;

export class ScriptedWorker extends EventTarget {
  /** The latest one. @type {ScriptedWorker | undefined} */
  static latest;
  /** Whether boots wait for `finishBoot`. */
  static isSlow = false;
  /** Everything that was said to have begun: queue ids. @type {string[]} */
  static begun = [];
  /** The sessions that were said to have started. @type {string[]} */
  static sessions = [];

  isTerminated = false;
  isBroken = false;
  #isBooted = false;
  #fold = new Notebook();
  #sessionId = `session-${(sessions += 1)}`;
  #hasStarted = false;
  /** What it executes. @type {{ queueId: string, cellId: string } | undefined} */
  #running;
  #outputs = 0;

  constructor() {
    super();
    ScriptedWorker.latest = this;
  }

  /** @param {any} message */
  postMessage(message) {
    setImmediate(() => !this.isTerminated && !this.isBroken && this.#take(message));
  }

  terminate() {
    this.isTerminated = true;
  }

  finishBoot() {
    if (this.#isBooted || this.isBroken) return;
    this.#isBooted = true;
    this.#say({ type: "booted" });
  }

  /** Goes one step on: begins what waits, or ends what runs. */
  step() {
    if (!this.#hasStarted || this.isBroken) return;
    if (this.#running) this.#end("success");
    else this.#begin();
  }

  /** Breaks down; what it has said before is on its way. @param {"error" | "fatal" | "silence"} how */
  breakDown(how) {
    if (this.isBroken) return;
    this.isBroken = true;
    if (how === "error") {
      this.#later(() => this.dispatchEvent(Object.assign(new Event("error"), { message: "torn" })));
    } else if (how === "fatal")
      this.#say({ type: "failed", message: "memory access out of bounds" });
  }

  /** Says that all it runs has ended, as a Python that is being ended might still do. */
  sayLate() {
    if (this.#running) this.#end("success");
  }

  /** @param {any} message */
  #take(message) {
    if (message.type === "boot" && !ScriptedWorker.isSlow) this.finishBoot();
    if (message.type === "receive") this.#receive(JSON.parse(message.text));
    if (message.type === "call") this.#call(message);
  }

  /** @param {LogEvent[]} events */
  #receive(events) {
    this.#fold.apply(events);
    const { queueId = "" } = this.#running ?? {};
    const state = this.#fold.executions.byId.get(queueId)?.state;
    if (state === "cancelled") this.#running = undefined;
    const isOver = this.#fold.sessions.get(this.#sessionId)?.status === "terminated";
    if (isOver) this.isBroken = true; // another has taken over
  }

  /** @param {{ id: number, method: string, params: string }} message */
  #call({ id, method, params }) {
    if (method === "start") this.#start(JSON.parse(params));
    if (method === "interrupt" && this.#running) this.#end("cancelled");
    if (method === "stop") this.#stop();
    const result = method === "start" ? { sessionId: this.#sessionId } : {};
    this.#say({ type: "reply", id, text: JSON.stringify({ result }) });
  }

  /** @param {{ reason?: string, waiting?: string[] }} before */
  #start({ reason = "gone", waiting = [] }) {
    const others = [...this.#fold.sessions.values()].filter(
      ({ status }) => status !== "terminated",
    );
    this.#emit(
      ...others.map(({ id: sessionId }) =>
        event("v1.RuntimeSessionTerminated", { sessionId, reason: "displaced" }),
      ),
      event("v1.RuntimeSessionStarted", {
        ...{ sessionId: this.#sessionId, runtimeId: "r", runtimeType: "python" },
        capabilities: CAPABILITIES,
      }),
    );
    for (const { queueId, cellId, state } of this.#fold.executions.open) {
      const isPaid = this.#fold.cells.get(cellId)?.cellType === "ai" && waiting.includes(queueId);
      if (state !== "pending") this.#emit(this.#completed({ queueId, cellId }, "error", reason));
      else if (isPaid) {
        const args = { queueId, cellId, cancelledBy: this.#sessionId, reason };
        this.#emit(event("v1.ExecutionCancelled", args));
      }
    }
    ScriptedWorker.sessions.push(this.#sessionId);
    this.#hasStarted = true;
  }

  #stop() {
    if (this.#running) this.#end("cancelled");
    this.#hasStarted = false;
    const args = { sessionId: this.#sessionId, reason: "shutdown" };
    this.#emit(event("v1.RuntimeSessionTerminated", args));
  }

  #begin() {
    const next = this.#fold.executions.open.find(({ state }) => state === "pending");
    if (!next) return;
    const { queueId, cellId } = next;
    ScriptedWorker.begun.push(queueId);
    this.#running = { queueId, cellId };
    const runtimeSessionId = this.#sessionId;
    this.#emit(
      event("v1.ExecutionAssigned", { queueId, runtimeSessionId }),
      event("v1.ExecutionStarted", { queueId, cellId, runtimeSessionId, startedAt: AT }),
    );
  }

  /** @param {string} status */
  #end(status) {
    const running = /** @type {{ queueId: string, cellId: string }} */ (this.#running);
    this.#running = undefined;
    const id = `${this.#sessionId}-${(this.#outputs += 1)}`;
    const content = { type: "inline", data: "said" };
    const output = { id, cellId: running.cellId, position: this.#outputs, content };
    this.#emit(
      event("v1.TerminalOutputAdded", { ...output, streamName: "stdout" }),
      this.#completed(running, status),
    );
  }

  /** @param {{ queueId: string, cellId: string }} execution @param {string} status @param {string} [error] */
  #completed(execution, status, error) {
    const end = { ...execution, status, completedAt: AT, executionDurationMs: 1 };
    return event("v1.ExecutionCompleted", error ? { ...end, error } : end);
  }

  /** @param {...LogEvent} events */
  #emit(...events) {
    this.#fold.apply(events);
    this.#say({ type: "emit", text: JSON.stringify(events) });
  }

  /** Delivers a message, also after the worker was terminated: it may have been on its way. @param {any} data */
  #say(data) {
    this.#later(() => this.dispatchEvent(new MessageEvent("message", { data })));
  }

  /** @param {() => void} tell */
  #later(tell) {
    setImmediate(tell);
  }
}

/** @param {string} name @param {any} args @returns {LogEvent} */
function event(name, args) {
  return { name, args };
}
