// A running session, seen from the page: the store on one side, the engine on the other.

/** @import { Engine } from "./engine.js" */
/** @import { AIConfig, AiModel, BootProgress, BootStage, Runtime } from "./types.d.ts" */
/** @import { RuntimeOptions, RuntimeStatus, UndoReport, WireEvent } from "./types.d.ts" */

import { openLocalEngine, openWorkerEngine } from "./link.js";
import { engineSettings } from "./options.js";
import { Outbox } from "./outbox.js";

// A session counts as alive for 30 s after its last renewal: one may come late.
const RENEWAL_MS = 15_000;
const VALID_FOR_MS = 30_000;
// How long stop() waits for Python, which may be busy, and then for a store that refuses.
const STOP_MS = 3000;

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
  /** @type {RuntimeOptions} */
  #options;
  #outbox;
  /** @type {Engine | undefined} */
  #engine;
  #sessionId = "";
  /** @type {RuntimeStatus} */
  #status = "loading";
  /** What Python said last of its session. @type {"ready" | "busy"} */
  #activity = "ready";
  /** Whether the end of the session stands in the log. */
  #terminated = false;
  /** Why there is no more Python. @type {string | undefined} */
  #ended;
  /** @type {Promise<void> | undefined} */
  #stopping;
  #unsubscribe = () => {};
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #renewal;

  /** @param {RuntimeOptions} options */
  constructor(options) {
    this.#options = options;
    this.#outbox = new Outbox(options.store, (error) => this.#trouble(error));
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
    return this.#sessionId;
  }

  get status() {
    return this.#status;
  }

  /** @returns {Promise<AiModel[]>} */
  models() {
    return this.#call("models");
  }

  /**
   * @param {AIConfig} config
   * @returns {Promise<void>}
   */
  async configure(config) {
    await this.#call("configure", { config });
  }

  /** @returns {Promise<void>} */
  async interrupt() {
    await this.#call("interrupt");
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

  /** @returns {Promise<void>} */
  stop() {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #boot() {
    const open = this.#options.worker === false ? openLocalEngine : openWorkerEngine;
    this.#engine = await open(engineSettings(this.#options), {
      emit: (text) => this.#emitted(text),
      log: (level, text) => log(level, text),
      progress: (progress) => this.#progress(progress),
      died: (reason) => this.#end("failed", `Python has broken down: ${reason.message}`),
    });
    await this.#follow();
    const { sessionId } = await this.#call("start");
    this.#sessionId = sessionId;
    this.#renewal = setInterval(() => this.#renew(), RENEWAL_MS);
    this.#progress({ stage: "ready", message: "Ready", fraction: 1 });
    this.#setStatus(this.#activity);
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
        if (events.some((event) => this.#endsSession(event)) && !this.#stopping) {
          this.#terminated = true;
          this.#end("stopped", "another runtime took over, or the session was ended elsewhere");
        }
      });
    });
  }

  /** @param {WireEvent} event */
  #endsSession(event) {
    const { name, args } = event;
    return name === "v1.RuntimeSessionTerminated" && args.sessionId === this.#sessionId;
  }

  /** @param {string} text one batch from Python */
  #emitted(text) {
    /** @type {WireEvent[]} */
    let batch;
    try {
      batch = JSON.parse(text);
    } catch (error) {
      this.#trouble(new Error("the runtime wrote a batch that is not JSON", { cause: error }));
      return;
    }
    this.#outbox.push(batch);
    for (const event of batch) this.#notice(event);
  }

  /** @param {WireEvent} event of Python's own session */
  #notice(event) {
    if (this.#endsSession(event)) this.#terminated = true;
    if (event.name !== "v1.RuntimeSessionStatusChanged") return;
    this.#activity = event.args.status === "busy" ? "busy" : "ready";
    if (this.#status === "ready" || this.#status === "busy") this.#setStatus(this.#activity);
  }

  #renew() {
    // A store that refuses gets no more to swallow; the session is no use to others meanwhile.
    if (this.#outbox.size > 0) return;
    const renewedAt = new Date().toISOString();
    const args = { sessionId: this.#sessionId, renewedAt, validForMs: VALID_FOR_MS };
    this.#outbox.push([{ name: "v1.RuntimeSessionRenewal", args }]);
  }

  /**
   * @param {string} method
   * @param {{ readonly [name: string]: unknown }} [params]
   * @returns {Promise<any>}
   */
  async #call(method, params = {}) {
    if (this.#ended !== undefined || !this.#engine) {
      throw new Error(`${method}(): the runtime has ended (${this.#ended}); start another`);
    }
    const text = await this.#engine.call(method, JSON.stringify(params));
    const { result, error } = JSON.parse(text);
    if (error) throw Object.assign(new Error(error.message), { name: error.name });
    return result;
  }

  async #stop() {
    if (this.#ended !== undefined) return;
    const asked = this.#call("stop").catch((error) => {
      if (this.#ended === undefined) this.#trouble(error);
    });
    await withTimeout(asked, STOP_MS);
    if (this.#ended !== undefined) return; // it broke down while it was being stopped
    this.#writeEnd("shutdown");
    await this.#outbox.settled(STOP_MS);
    this.#end("stopped");
  }

  /** @param {"shutdown" | "error"} reason */
  #writeEnd(reason) {
    if (this.#terminated || this.#sessionId === "") return;
    this.#terminated = true;
    const args = { sessionId: this.#sessionId, reason };
    this.#outbox.push([{ name: "v1.RuntimeSessionTerminated", args }]);
  }

  /**
   * @param {"stopped" | "failed"} status
   * @param {string} [reason] if nobody asked for it
   */
  #end(status, reason) {
    if (this.#ended !== undefined) return;
    this.#ended = reason ?? "it was stopped";
    clearInterval(this.#renewal);
    this.#unsubscribe();
    this.#engine?.close();
    if (status === "failed") this.#writeEnd("error");
    this.#setStatus(status, reason);
  }

  /** @param {RuntimeStatus} status @param {string} [reason] */
  #setStatus(status, reason) {
    if (status === this.#status) return;
    this.#status = status;
    guarded(() => this.#options.onStatus?.(status, reason));
  }

  /** @param {BootProgress} progress */
  #progress(progress) {
    guarded(() => this.#options.onProgress?.(progress));
  }

  /** @param {Error} error */
  #trouble(error) {
    console.warn(`runt-pyodide: ${error.message}`);
    guarded(() => this.#options.onError?.(error));
  }
}

/**
 * Calls back into the page, whose mistakes must not stop the runtime.
 * @param {() => void} callback
 */
function guarded(callback) {
  try {
    callback();
  } catch (error) {
    console.error("runt-pyodide: a callback threw", error);
  }
}

/** @param {string} level @param {string} text */
function log(level, text) {
  const write = { info: console.info, warning: console.warn }[level] ?? console.error;
  write(`runt-pyodide: ${text}`);
}

/**
 * @param {Promise<unknown>} work
 * @param {number} ms
 */
async function withTimeout(work, ms) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
