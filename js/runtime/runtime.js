// A running session, seen from the page: the store on one side, the engine on the other.

/** @import { Engine } from "./engine.js" */
/** @import { AIConfig, AiModel, BootStage, Runtime } from "../types.d.ts" */
/** @import { CompleteReply, Diagnosis, InspectReply } from "../types.d.ts" */
/** @import { RuntimeOptions, RuntimeStatus, UndoReport, WireEvent } from "../types.d.ts" */

import { Callbacks, log } from "./callbacks.js";
import { Executing } from "./executing.js";
import { Interruption } from "./interruption.js";
import { openLocalEngine, openWorkerEngine } from "./link.js";
import { engineSettings } from "./options.js";
import { Outbox } from "./outbox.js";
import { SessionRecord } from "./session-record.js";
import { withTimeout } from "./timeout.js";

// How long stop() waits for Python, which may be busy, and then for a store that refuses.
const STOP_MS = 3000;

const STUBBORN = "A cell could not be stopped, so Python was started again.";

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

/** @implements {Runtime} */
export class PageRuntime {
  /** With the configuration as it is now. @type {RuntimeOptions} */
  #options;
  #callbacks;
  #outbox;
  #session;
  #interruption;
  /** @type {Engine | undefined} */
  #engine;
  /** Which Python it is: one that was let go has nothing more to say. */
  #generation = 0;
  /** @type {RuntimeStatus} */
  #status = "loading";
  /** What Python said last of its session. @type {"ready" | "busy"} */
  #activity = "ready";
  #executing = new Executing();
  /** Whether Python has broken down, and no execution has gone well since. */
  #isFrail = false;
  /** @type {Promise<void> | undefined} */
  #restarting;
  /** Why there is no more Python. @type {string | undefined} */
  #ended;
  /** @type {Promise<void> | undefined} */
  #stopping;
  #unsubscribe = () => {};

  /** @param {RuntimeOptions} options */
  constructor(options) {
    this.#options = options;
    this.#callbacks = new Callbacks(options);
    this.#outbox = new Outbox(options.store, (error) => this.#callbacks.trouble(error));
    this.#session = new SessionRecord(this.#outbox);
    // Without a worker there is no way past a Python that is busy: it has the page's own thread.
    const giveUp = (/** @type {string | undefined} */ queueId) =>
      this.#restart("restart", STUBBORN, queueId === undefined ? [] : [queueId]);
    this.#interruption = new Interruption({
      ask: (queueId) => this.#askToStop(queueId),
      signal: () => this.#engine?.interrupt(),
      giveUp: options.worker === false ? undefined : giveUp,
    });
  }

  /**
   * @param {RuntimeOptions} options checked
   * @returns {Promise<PageRuntime>}
   */
  static async start(options) {
    const runtime = new PageRuntime(options);
    try {
      await runtime.#boot();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const stage = /** @type {{ stage?: BootStage }} */ (error).stage ?? "start";
      runtime.#end("failed", reason);
      throw new RuntimeStartError(stage, `Python could not be started: ${reason}`, {
        cause: error,
      });
    }
    return runtime;
  }

  get sessionId() {
    return this.#session.id;
  }

  get status() {
    return this.#status;
  }

  /**
   * @param {string} [provider]
   * @returns {Promise<AiModel[]>}
   */
  models(provider) {
    return this.#call("models", { provider });
  }

  /**
   * @param {string} provider
   * @returns {Promise<Diagnosis>}
   */
  doctor(provider) {
    return this.#call("doctor", { provider });
  }

  /**
   * @param {AIConfig} config
   * @returns {Promise<void>}
   */
  async configure(config) {
    await this.#call("configure", { config });
    this.#options = { ...this.#options, config };
  }

  /** @returns {Promise<void>} */
  async interrupt() {
    // What a Python that is being started again will run is not what was meant.
    if (this.#restarting) return this.#restarting;
    await this.#interruption.stop(this.#executing.outermost);
  }

  /** @returns {Promise<void>} */
  async restart() {
    this.#mustBeUp("restart");
    await this.#restart("restart", "Python was restarted.");
  }

  /**
   * @param {string} cellId
   * @returns {Promise<string>}
   */
  continueRun(cellId) {
    return this.#call("continueRun", { cell_id: cellId });
  }

  /**
   * @param {string} runId
   * @returns {Promise<UndoReport>}
   */
  undo(runId) {
    return this.#call("undo", { run_id: runId });
  }

  /**
   * @param {string} cellId
   * @returns {Promise<string>}
   */
  explain(cellId) {
    return this.#call("explain", { cell_id: cellId });
  }

  /**
   * @param {string} runId
   * @returns {Promise<string>}
   */
  cassette(runId) {
    return this.#call("cassette", { run_id: runId });
  }

  /**
   * @param {string} code
   * @param {number} [cursor]
   * @returns {Promise<CompleteReply>}
   */
  complete(code, cursor) {
    return this.#call("complete", { code, cursor });
  }

  /**
   * @param {string} code
   * @param {number} [cursor]
   * @returns {Promise<InspectReply>}
   */
  inspect(code, cursor) {
    return this.#call("inspect", { code, cursor });
  }

  /** @returns {Promise<void>} */
  stop() {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** @param {{ reason?: string, stopped?: string[] }} [before] what became of the session before */
  async #boot(before = {}) {
    const open = this.#options.worker === false ? openLocalEngine : openWorkerEngine;
    const generation = ++this.#generation;
    const engine = await open(engineSettings(this.#options), {
      emit: (text) => this.#emitted(text),
      log: (level, text) => log(level, text),
      progress: (progress) => this.#callbacks.progress(progress),
      died: (reason) => generation === this.#generation && this.#breakDown(reason),
    });
    if (this.#ended !== undefined) {
      engine.close(); // it was stopped meanwhile
      return;
    }
    this.#engine = engine;
    await this.#follow();
    const { sessionId } = await this.#ask("start", before);
    this.#session.begin(sessionId);
    this.#callbacks.progress({ stage: "ready", message: "Ready", fraction: 1 });
    this.#setStatus(this.#activity);
  }

  /**
   * Ends Python and starts another, which takes over as a session of its own.
   * @param {"restart" | "error"} how the session ends
   * @param {string} reason for people
   * @param {string[]} [stopped] the executions that it is for
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
    try {
      await this.#boot(before);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#end("failed", `${before.reason} That failed: ${why}`);
    }
  }

  /** Python is gone, or as good as gone. @param {Error} error */
  #breakDown(error) {
    const reason = `Python has broken down: ${error.message}`;
    if (this.#isFrail || this.#session.id === "" || this.#stopping) this.#end("failed", reason);
    else {
      this.#isFrail = true;
      void this.#restart("error", `${reason}. It was started again.`);
    }
  }

  /** @param {Error} reason for the calls that wait */
  #letGo(reason) {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#generation++;
    this.#session.pause();
    this.#unsubscribe();
    this.#executing.clear();
    engine?.close(reason);
  }

  /**
   * Follows the store. Resolves once Python has the present state: only then may it start, or it
   * would not know what an earlier session left behind.
   * @returns {Promise<void>}
   */
  #follow() {
    return new Promise((resolve) => {
      this.#unsubscribe = this.#options.store.subscribe((events) => {
        this.#engine?.receive(JSON.stringify(events));
        resolve();
        for (const queueId of events.flatMap((event) => this.#executing.endedBy(event))) {
          void this.#stopCancelled(queueId);
        }
        const isOver = events.filter((event) => this.#session.note(event)).length > 0;
        if (isOver && !this.#stopping) {
          this.#end("stopped", "another runtime took over, or the session was ended elsewhere");
        }
      });
    });
  }

  /** Python stops it by itself, unless it is busy. @param {string} queueId */
  async #stopCancelled(queueId) {
    try {
      await this.#interruption.stop(queueId);
      this.#executing.forget(queueId);
    } catch (error) {
      if (this.#ended === undefined) this.#callbacks.trouble(/** @type {Error} */ (error));
    }
  }

  /** @param {string} text one batch from Python */
  #emitted(text) {
    /** @type {WireEvent[]} */
    let batch;
    try {
      batch = JSON.parse(text);
    } catch (error) {
      this.#callbacks.trouble(
        new Error("the runtime wrote a batch that is not JSON", { cause: error }),
      );
      return;
    }
    this.#outbox.push(batch);
    for (const event of batch) this.#notice(event);
  }

  /** @param {WireEvent} event of Python's own session */
  #notice(event) {
    this.#session.note(event);
    this.#executing.note(event);
    const { name, args } = event;
    if (name === "v1.ExecutionCompleted" && args.status === "success") this.#isFrail = false;
    if (name !== "v1.RuntimeSessionStatusChanged") return;
    this.#activity = args.status === "busy" ? "busy" : "ready";
    if (this.#status === "ready" || this.#status === "busy") this.#setStatus(this.#activity);
  }

  /** @param {string} method */
  #mustBeUp(method) {
    if (this.#ended === undefined) return;
    throw new Error(`${method}(): the runtime has ended (${this.#ended}); start another`);
  }

  /**
   * Asks Python; one that is being started again is waited for.
   * @param {string} method
   * @param {{ readonly [name: string]: unknown }} [params]
   * @returns {Promise<any>}
   */
  async #call(method, params = {}) {
    this.#mustBeUp(method);
    await this.#restarting;
    this.#mustBeUp(method);
    return this.#ask(method, params);
  }

  /** @param {string} method @param {{ readonly [name: string]: unknown }} params */
  async #ask(method, params) {
    if (!this.#engine) throw new Error(`${method}(): there is no Python`);
    const text = await this.#engine.call(method, JSON.stringify(params));
    const { result, error } = JSON.parse(text);
    if (error) throw Object.assign(new Error(error.message), { name: error.name });
    return result;
  }

  /** Resolves once the execution is over, by a restart too. @param {string | undefined} queueId */
  async #askToStop(queueId) {
    try {
      await this.#call("interrupt", queueId === undefined ? {} : { queue_id: queueId });
    } catch (error) {
      if (!this.#restarting) throw error;
      await this.#restarting;
    }
  }

  async #stop() {
    if (this.#ended !== undefined) return;
    if (this.#restarting) {
      this.#end("stopped");
      return;
    }
    const asked = this.#call("stop").catch((error) => {
      if (this.#ended === undefined) this.#callbacks.trouble(error);
    });
    await withTimeout(asked, STOP_MS);
    if (this.#ended !== undefined) return; // it broke down while it was being stopped
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
    if (status === this.#status) return;
    this.#status = status;
    this.#callbacks.status(status, reason);
  }
}
