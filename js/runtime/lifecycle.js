// The life of a runtime on the page, from its first boot to its end.
//
// There is never more than one Python, behind a Connection. A restart closes it and opens another, so that nothing
// the old Python still says can reach the page. Kept here is what outlives a Python: the batches that the store has
// not accepted yet (Outbox), the session's record in the log (SessionRecord), the options, and the status:
//
//     loading ──> ready <──> busy        as Python reports
//                   ^  │
//                   │  v
//                restarting              on request; after a breakdown
//                   ^  │
//                   │  v
//                 failed                 there is no Python, until restart() is called
//
//     stopped                            reached from any state, and final: state.ended says why
//
// A Python that breaks down is restarted, but not often (RestartLimit). OpenExecutions ends what no Python will.

/** @import { AIConfig, RuntimeOptions, LogEvent } from "../types.d.ts" */

import { Callbacks } from "./callbacks.js";
import { Connection } from "./connection.js";
import { startError } from "./ends/failure.js";
import { OpenExecutions } from "./ends/open-executions.js";
import { RestartLimit } from "./ends/restart-limit.js";
import { RuntimeState } from "./ends/state.js";
import { Interruption, withTimeout } from "./interruption.js";
import { HeldKeys } from "./keys/held-keys.js";
import { Outbox } from "./outbox.js";
import { SessionRecord } from "./session-record.js";

// How long stop() waits for Python, which may be busy, and then for a store that refuses events.
const STOP_MS = 3000;
const AGAIN = "Restart Python, then run the cell again.";
const STOPPED = "Python was stopped.";

export class Lifecycle {
  /** The options, with the current configuration. @type {RuntimeOptions} */
  options;
  state;
  #callbacks;
  #keys = new HeldKeys();
  #outbox;
  #session;
  #interruption;
  #python;
  #limit;
  #open;
  /** @type {Promise<void> | undefined} */
  #restarting;
  /** @type {Promise<void> | undefined} */
  #stopping;

  /** @param {RuntimeOptions} options @param {() => number} [now] see RestartLimit */
  constructor(options, now) {
    this.options = options;
    this.#limit = new RestartLimit(now);
    this.#callbacks = new Callbacks(options);
    this.state = new RuntimeState(this.#callbacks);
    const trouble = (/** @type {Error} */ error) => this.#callbacks.trouble(error);
    this.#outbox = new Outbox(options.store, trouble, (event) => this.#open.isNeeded(event));
    this.#session = new SessionRecord(this.#outbox);
    this.#open = new OpenExecutions(options.store, (events) => this.#outbox.push(events), options);
    this.#interruption = new Interruption({
      ask: (queueId, number) => this.#askToStop(queueId, number),
      signal: (queueId, number) => this.#python.interrupt(queueId, number),
      tell: (stops) => this.#callbacks.pendingStops(this.#python.executing.withCells(stops)),
    });
    this.#python = this.#connection();
  }

  /** @throws {RuntimeStartError} */
  async start() {
    try {
      await this.#boot(() => ({ waiting: this.#open.inherited }));
    } catch (cause) {
      const failure = startError(cause);
      this.#fail(failure.message);
      this.state.ended = failure.message; // nobody has this runtime
      this.#leave();
      throw failure;
    }
  }

  get sessionId() {
    return this.#session.id;
  }

  /**
   * Calls Python, after a restart if one is under way.
   * @param {string} method
   * @param {{ readonly [name: string]: unknown }} [params]
   * @returns {Promise<any>}
   */
  async call(method, params = {}) {
    this.state.mustBeUp(method);
    await this.#restarting?.catch(() => {});
    this.state.mustBeUp(method);
    return this.#python.call(method, params);
  }

  /** Uses another configuration, unless Python refuses it; if there is none, the next one may. @param {AIConfig} config */
  async configure(config) {
    this.state.mustNotHaveEnded("configure");
    await this.#restarting?.catch(() => {});
    if (this.state.down === undefined) await this.#python.configure(config);
    this.options = { ...this.options, config };
  }

  /** Calls Python for an editor, for no longer than that can wait. @param {string} method @param {{}} params @returns {Promise<any>} */
  look(method, params) {
    return this.#interruption.limit(this.call(method, params));
  }

  /** Stops whatever is running. @returns {Promise<void>} */
  async interrupt() {
    // Whatever runs after the restart is not what the caller meant to stop.
    if (this.#restarting) return this.#restarting.catch(() => {});
    await this.#interruption.stop(this.#python.executing.outermost);
  }

  /** @returns {Promise<void>} @throws {RuntimeStartError} */
  async restart() {
    this.state.mustNotHaveEnded("restart");
    this.#limit.reset();
    await this.#restart("restart", "Python was restarted.", this.#interruption.pending);
  }

  /** @returns {Promise<void>} */
  stop() {
    return (this.#stopping ??= this.#stop());
  }

  #connection() {
    const owner = /** @type {import("./connection.js").Owner} */ ({
      progress: (progress) => this.#callbacks.progress(progress),
      written: (batch) => this.#passOn(batch),
      proposed: (proposal, settle) => this.#outbox.propose(proposal, settle),
      committed: (events) => this.#heed(events),
      unsent: () => this.#outbox.events,
      took: (number) => this.#interruption.took(number),
      died: (reason) => this.#crash(reason),
      trouble: (error) => this.#callbacks.trouble(error),
    });
    return new Connection(this.options, this.#keys, owner);
  }

  /**
   * @param {() => { reason?: string, stopped?: string[], waiting: string[] }} before returns why the previous session
   *   ended, what it was forced to end, and what nobody has asked this one to run
   */
  async #boot(before) {
    this.#session.begin(await this.#python.open(before));
    this.#restarting = undefined; // from here on a breakdown is another one
    this.#callbacks.progress({ stage: "ready", message: "Ready", fraction: 1 });
    this.state.set(this.state.activity);
  }

  /**
   * Ends Python and starts another, which takes over in a new session.
   * @param {"restart" | "error"} how the session ends
   * @param {string} reason for people
   * @param {string[]} [stopped] the executions that the restart is meant to stop
   * @returns {Promise<void>}
   */
  #restart(how, reason, stopped = []) {
    this.#restarting ??= this.#startAnew(how, { reason, stopped });
    return this.#restarting;
  }

  /** @param {"restart" | "error"} how @param {{ reason: string, stopped: string[] }} before */
  async #startAnew(how, before) {
    const waiting = this.#open.waiting;
    this.state.set("restarting", before.reason);
    this.#letGo(new Error(before.reason));
    this.#session.end(how);
    this.state.activity = "ready";
    this.state.down = undefined;
    this.#open.accept();
    this.#python = this.#connection();
    try {
      await this.#boot(() => ({ ...before, waiting }));
    } catch (cause) {
      this.#restarting = undefined;
      const failure = startError(cause, how === "error" ? before.reason : "");
      if (!this.#stopping) this.#fail(failure.message);
      throw failure;
    }
  }

  /** Restarts a Python that has broken down, unless that happens too often. @param {Error} error */
  #crash(error) {
    this.#python.close(error); // a start or a stop under way goes on without it
    if (this.#session.id === "" || this.#stopping) return;
    const { reason, isRestarted } = this.#limit.judge(error);
    if (!isRestarted) this.#fail(reason);
    else void this.#restart("error", reason).catch(() => {}); // the status tells
  }

  /** @param {string} reason why there is no Python until somebody calls restart() */
  #fail(reason) {
    if (this.state.ended !== undefined) return;
    this.state.down = reason;
    this.#letGo(new Error(reason));
    this.#open.refuse({ reason: `${reason} ${AGAIN}`, isFailure: true });
    this.#session.end("error");
    this.state.set("failed", reason);
  }

  /** @param {Error} reason for the calls that wait */
  #letGo(reason) {
    this.#session.pause();
    this.#python.close(reason);
  }

  /** @param {LogEvent[]} batch that Python wrote */
  #passOn(batch) {
    const admitted = this.#open.admit(batch);
    this.#outbox.push(admitted);
    for (const event of admitted) this.#notice(event);
  }

  /** @param {LogEvent} event of Python's own session */
  #notice(event) {
    const { name, args } = event;
    if (name === "v1.RuntimeSessionStarted") this.#session.announce(String(args.sessionId));
    this.#session.note(event);
    if (name === "v1.RuntimeSessionStatusChanged") this.state.report(args.status === "busy");
  }

  /** Reacts to what others commit: it may end an execution, or the session. @param {readonly LogEvent[]} events */
  #heed(events) {
    this.#outbox.note(events);
    const meant = this.#python.executing.meantBy(events, this.sessionId);
    if (meant.length > 0) void this.#stopCancelled(meant);
    const [end] = events.filter((event) => this.#session.note(event));
    if (!end || this.#stopping) return;
    if (end.args.reason === "displaced")
      this.#end("Another runtime took this notebook over.", true);
    else this.#end("The session was ended elsewhere.");
  }

  /**
   * Stops executions that were cancelled: Python stops them by itself, unless it is busy. They run within each
   * other, so stopping the outermost stops all.
   * @param {string[]} queueIds the outermost first
   */
  async #stopCancelled(queueIds) {
    const { executing } = this.#python;
    try {
      await this.#interruption.stop(queueIds[0]);
      for (const queueId of queueIds) executing.forget(queueId);
    } catch (error) {
      if (this.state.ended === undefined) this.#callbacks.trouble(/** @type {Error} */ (error));
    }
  }

  /** Resolves once the execution is over, even if a restart ended it. @param {string | undefined} queueId @param {number} number */
  async #askToStop(queueId, number) {
    try {
      await this.call("interrupt", { number, queue_id: queueId });
    } catch (error) {
      if (!this.#restarting) throw error;
      await this.#restarting.catch(() => {});
    }
  }

  async #stop() {
    if (this.state.ended !== undefined) return;
    if (!this.#restarting && this.state.down === undefined) {
      const asked = this.call("stop").catch((error) => {
        if (this.state.ended === undefined) this.#callbacks.trouble(error);
      });
      await withTimeout(asked, STOP_MS);
      if (this.state.ended !== undefined) return; // another runtime took over meanwhile
    }
    this.#letGo(new Error("the runtime was stopped"));
    this.#open.refuse({ reason: STOPPED });
    this.#session.end("shutdown");
    await this.#outbox.settled(STOP_MS);
    this.#end();
  }

  /** @param {string} [reason] if nobody asked for it @param {boolean} [isTakenOver] by one that ends what is open */
  #end(reason, isTakenOver = false) {
    if (this.state.ended !== undefined) return;
    this.state.ended = reason ?? "it was stopped";
    this.#letGo(new Error(`the runtime has ended: ${this.state.ended}`));
    if (!isTakenOver) this.#open.refuse({ reason: reason ?? STOPPED });
    this.#leave();
    this.state.set("stopped", reason);
  }

  /** Leaves the notebook to other runtimes, once the store has taken what has ended here. */
  #leave() {
    this.#open.accept();
    queueMicrotask(() => this.#outbox.settled().then(() => this.#open.close()));
  }
}
