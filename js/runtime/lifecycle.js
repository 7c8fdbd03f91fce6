// The life of a runtime on the page, from its first boot to its end.
//
// There is never more than one Python, behind a Connection. A restart closes the connection and opens
// another, so that nothing the old Python still says can reach the page. Kept here is what outlives a Python:
// the batches that the store has not accepted yet (Outbox), the session's record in the log (SessionRecord),
// the options, and the status that the page sees:
//
//     loading ──> ready <──> busy        as Python reports
//                   ^  │
//                   │  v
//                restarting              on request; if a cell cannot be stopped; after a crash
//
//     stopped, failed                    reached from any state, and final: #ended says why
//
// A Python that crashes is restarted once. If the next one crashes before anything has run successfully,
// the runtime fails, since a third is unlikely to do better.

/** @import { AIConfig, BootStage, RuntimeOptions, RuntimeStatus, LogEvent } from "../types.d.ts" */

import { Callbacks } from "./callbacks.js";
import { Connection } from "./connection.js";
import { Interruption, withTimeout } from "./interruption.js";
import { HeldKeys } from "./keys/held-keys.js";
import { Outbox } from "./outbox.js";
import { SessionRecord } from "./session-record.js";

// How long stop() waits for Python, which may be busy, and then for a store that refuses events.
const STOP_MS = 3000;

const STUBBORN = "A cell could not be stopped, so Python was restarted.";

export class RuntimeStartError extends Error {
  name = "RuntimeStartError";

  /**
   * @param {BootStage} stage
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(stage, message, options) {
    super(message, options);
    this.stage = stage;
  }
}

export class Lifecycle {
  /** The options, with the current configuration. @type {RuntimeOptions} */
  options;
  /** @type {RuntimeStatus} */
  status = "loading";
  #callbacks;
  /** The keys of the configuration, which Python does not have. */
  #keys = new HeldKeys();
  #outbox;
  #session;
  #interruption;
  #python;
  /** The last status that Python reported. @type {"ready" | "busy"} */
  #activity = "ready";
  /** Whether Python has crashed, and no execution has succeeded since. */
  #isFrail = false;
  /** @type {Promise<void> | undefined} */
  #restarting;
  /** Why the runtime has ended. @type {string | undefined} */
  #ended;
  /** @type {Promise<void> | undefined} */
  #stopping;

  /** @param {RuntimeOptions} options */
  constructor(options) {
    this.options = options;
    this.#callbacks = new Callbacks(options);
    this.#outbox = new Outbox(options.store, (error) => this.#callbacks.trouble(error));
    this.#session = new SessionRecord(this.#outbox);
    // Without a worker a busy Python cannot be restarted: it occupies the page's own thread.
    const giveUp = (/** @type {string | undefined} */ queueId) =>
      this.#restart("restart", STUBBORN, queueId === undefined ? [] : [queueId]);
    this.#interruption = new Interruption({
      ask: (queueId) => this.#askToStop(queueId),
      signal: () => this.#python.interrupt(),
      giveUp: options.worker === false ? undefined : giveUp,
    });
    this.#python = this.#connection();
  }

  /** @throws {RuntimeStartError} */
  async start() {
    try {
      await this.#boot();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const stage = /** @type {{ stage?: BootStage }} */ (error).stage ?? "start";
      this.#end("failed", reason);
      throw new RuntimeStartError(stage, `Python could not be started: ${reason}`, {
        cause: error,
      });
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
    this.#mustBeUp(method);
    await this.#restarting;
    this.#mustBeUp(method);
    return this.#python.call(method, params);
  }

  /** Uses another configuration from now on; changes nothing if Python refuses it. @param {AIConfig} config */
  async configure(config) {
    await this.#restarting;
    this.#mustBeUp("configure");
    await this.#python.configure(config);
    this.options = { ...this.options, config };
  }

  /** Stops whatever is running. @returns {Promise<void>} */
  async interrupt() {
    // Whatever runs after the restart is not what the caller meant to stop.
    if (this.#restarting) return this.#restarting;
    await this.#interruption.stop(this.#python.executing.outermost);
  }

  /** @returns {Promise<void>} */
  async restart() {
    this.#mustBeUp("restart");
    await this.#restart("restart", "Python was restarted.");
  }

  /** @returns {Promise<void>} */
  stop() {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  #connection() {
    return new Connection(this.options, this.#keys, {
      progress: (progress) => this.#callbacks.progress(progress),
      written: (batch) => this.#passOn(batch),
      proposed: (proposal, settle) => this.#outbox.propose(proposal, settle),
      committed: (events) => this.#heed(events),
      died: (reason) => this.#crash(reason),
      trouble: (error) => this.#callbacks.trouble(error),
    });
  }

  /** @param {{ reason?: string, stopped?: string[] }} [before] why the previous session ended */
  async #boot(before = {}) {
    const python = this.#python;
    if (!(await python.open())) return;
    const { sessionId } = await python.call("start", before);
    if (this.#ended !== undefined) throw new Error(this.#ended); // it died as it answered
    this.#session.begin(sessionId);
    this.#callbacks.progress({ stage: "ready", message: "Ready", fraction: 1 });
    this.#setStatus(this.#activity);
  }

  /**
   * Ends Python and starts another, which takes over in a new session.
   * @param {"restart" | "error"} how the session ends
   * @param {string} reason for people
   * @param {string[]} [stopped] the executions that the restart is meant to stop
   * @returns {Promise<void>}
   */
  #restart(how, reason, stopped = []) {
    this.#restarting ??= this.#startAnew(how, { reason, stopped }).finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  /** @param {"restart" | "error"} how @param {{ reason: string, stopped: string[] }} before */
  async #startAnew(how, before) {
    this.#setStatus("restarting", before.reason);
    this.#letGo(new Error(before.reason));
    this.#session.end(how);
    this.#session.id = "";
    this.#activity = "ready";
    this.#python = this.#connection();
    try {
      await this.#boot(before);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#end("failed", `${before.reason} The restart failed: ${why}`);
    }
  }

  /** Restarts a Python that has crashed, or fails if it crashed again too soon. @param {Error} error */
  #crash(error) {
    const reason = `Python crashed: ${error.message}`;
    if (this.#isFrail || this.#session.id === "" || this.#stopping) this.#end("failed", reason);
    else {
      this.#isFrail = true;
      void this.#restart("error", `${reason}. Python was restarted.`);
    }
  }

  /** @param {Error} reason for the calls that wait */
  #letGo(reason) {
    this.#session.pause();
    this.#python.close(reason);
  }

  /** @param {LogEvent[]} batch that Python wrote */
  #passOn(batch) {
    this.#outbox.push(batch);
    for (const event of batch) this.#notice(event);
  }

  /** @param {LogEvent} event of Python's own session */
  #notice(event) {
    this.#session.note(event);
    const { name, args } = event;
    if (name === "v1.ExecutionCompleted" && args.status === "success") this.#isFrail = false;
    if (name !== "v1.RuntimeSessionStatusChanged") return;
    this.#activity = args.status === "busy" ? "busy" : "ready";
    if (this.status === "ready" || this.status === "busy") this.#setStatus(this.#activity);
  }

  /** Reacts to what others commit: it may end an execution, or the session. @param {readonly LogEvent[]} events */
  #heed(events) {
    this.#outbox.note(events);
    const ended = events.flatMap((event) => this.#python.executing.endedBy(event));
    for (const queueId of ended) void this.#stopCancelled(queueId);
    const isOver = events.filter((event) => this.#session.note(event)).length > 0;
    if (isOver && !this.#stopping) {
      this.#end("stopped", "another runtime took over, or the session was ended elsewhere");
    }
  }

  /** Stops an execution that was cancelled: Python stops it by itself, unless it is busy. @param {string} queueId */
  async #stopCancelled(queueId) {
    const { executing } = this.#python;
    try {
      await this.#interruption.stop(queueId);
      executing.forget(queueId);
    } catch (error) {
      if (this.#ended === undefined) this.#callbacks.trouble(/** @type {Error} */ (error));
    }
  }

  /** Resolves once the execution is over, even if a restart ended it. @param {string | undefined} queueId */
  async #askToStop(queueId) {
    try {
      await this.call("interrupt", queueId === undefined ? {} : { queue_id: queueId });
    } catch (error) {
      if (!this.#restarting) throw error;
      await this.#restarting;
    }
  }

  /** @param {string} method */
  #mustBeUp(method) {
    if (this.#ended === undefined) return;
    throw new Error(`${method}(): the runtime has ended (${this.#ended}); start another`);
  }

  async #stop() {
    if (this.#ended !== undefined) return;
    if (this.#restarting) {
      this.#end("stopped");
      return;
    }
    const asked = this.call("stop").catch((error) => {
      if (this.#ended === undefined) this.#callbacks.trouble(error);
    });
    await withTimeout(asked, STOP_MS);
    if (this.#ended !== undefined) return; // it failed while it was being stopped
    this.#session.end("shutdown");
    await this.#outbox.settled(STOP_MS);
    this.#end("stopped");
  }

  /**
   * @param {"stopped" | "failed"} status
   * @param {string} [reason] if nobody asked for it
   */
  #end(status, reason) {
    if (this.#ended !== undefined) return;
    this.#ended = reason ?? "it was stopped";
    this.#letGo(new Error(`the runtime has ended: ${this.#ended}`));
    if (status === "failed") this.#session.end("error");
    this.#setStatus(status, reason);
  }

  /** @param {RuntimeStatus} status @param {string} [reason] */
  #setStatus(status, reason) {
    if (status === this.status) return;
    this.status = status;
    this.#callbacks.status(status, reason);
  }
}
