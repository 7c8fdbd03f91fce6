// The page's runtime: starts it, starts it again, and asks it.

/** @import { AIConfig, BootProgress, EventStore, Runtime, RuntimeStatus, UndoReport } from "../../js/types.d.ts" */
/** @import { Signal } from "@preact/signals" */

import { batch, computed, signal } from "@preact/signals";

import { startRuntime } from "../../js/index.js";
import { messageOf } from "../render/error.js";

/** @type {BootProgress} */
const BEGINNING = { stage: "pyodide", message: "Loading Python", fraction: 0 };

export class Session {
  /** "elsewhere" while another tab of the notebook has its Python. @type {Signal<RuntimeStatus | "elsewhere">} */
  status = signal("loading");
  /** @type {Signal<BootProgress>} */
  progress = signal(BEGINNING);
  /** Why there is no Python, if there is none. */
  reason = signal("");
  /** Trouble that the person should know of, such as a store that refuses. */
  trouble = signal("");
  /** The runs that were undone here. @type {Signal<ReadonlySet<string>>} */
  undone = signal(new Set());
  /** @type {Runtime | undefined} */
  runtime;
  // Computed, so that what hangs on them is not drawn anew as Python works and rests.
  #isUp = computed(() => this.status.value === "ready" || this.status.value === "busy");
  #isElsewhere = computed(() => this.status.value === "elsewhere");
  #store;
  #config;
  #notebookId;
  #hasTurn = false;

  /**
   * @param {EventStore} store
   * @param {() => AIConfig} config as it is now
   * @param {string | null} notebookId under which the tabs of one notebook agree on who runs Python
   */
  constructor(store, config, notebookId) {
    this.#store = store;
    this.#config = config;
    this.#notebookId = notebookId;
  }

  /** Starts Python; again, if it was stopped or has failed. Never rejects: see status and reason. */
  async start() {
    await this.#takeTurn();
    batch(() => {
      this.status.value = "loading";
      this.progress.value = BEGINNING;
      this.reason.value = "";
    });
    const config = this.#config();
    try {
      this.runtime = await startRuntime({
        store: this.#store,
        config,
        onProgress: (progress) => (this.progress.value = progress),
        onStatus: (status, reason = "") => this.#follow(status, reason),
        onError: ({ message }) => (this.trouble.value = message),
      });
      // The settings may have been changed while Python was loading.
      const latest = this.#config();
      if (JSON.stringify(latest) !== JSON.stringify(config)) await this.runtime.configure(latest);
    } catch (error) {
      this.#follow("failed", messageOf(error));
    }
  }

  /** Waits until no other tab of the notebook has a Python. The turn ends with the tab. */
  async #takeTurn() {
    if (this.#hasTurn || this.#notebookId === null || !navigator.locks) return;
    const name = `runt-pyodide/${this.#notebookId}`;
    const { held = [] } = await navigator.locks.query();
    if (held.some((lock) => lock.name === name)) this.status.value = "elsewhere";
    await new Promise((resolve) => {
      const keep = () => new Promise(() => resolve(undefined));
      void navigator.locks.request(name, keep);
    });
    this.#hasTurn = true;
  }

  /**
   * Rejects if Python refuses it. One that is not there yet takes the configuration when it starts.
   * @param {AIConfig} config
   */
  async configure(config) {
    await this.runtime?.configure(config);
  }

  /** @param {string} provider */
  async models(provider) {
    return this.#required.models(provider);
  }

  /** @param {string} provider */
  async doctor(provider) {
    return this.#required.doctor(provider);
  }

  /** Whether there is a Python to ask. */
  get isUp() {
    return this.#isUp.value;
  }

  /** Whether there is a Python that runs the cells, if only in another tab. */
  get isRun() {
    return this.isUp || this.#isElsewhere.value;
  }

  /** Ends Python, whatever it does, and starts it again. */
  async restart() {
    await this.#ask((runtime) => runtime.restart());
  }

  /** Lets an AI cell go on from where it ended. @param {string} cellId */
  async continueRun(cellId) {
    await this.#ask((runtime) => runtime.continueRun(cellId));
  }

  /** @param {string} runId @returns {Promise<UndoReport | undefined>} */
  async undo(runId) {
    const report = await this.#ask((runtime) => runtime.undo(runId));
    if (report) this.undone.value = new Set([...this.undone.value, runId]);
    return report;
  }

  /** What the model saw, in Markdown, or why that is not known. @param {string} cellId */
  async explain(cellId) {
    return (await this.#ask((runtime) => runtime.explain(cellId))) ?? this.trouble.value;
  }

  /** What a run asked and was told, as JSON; undefined if it is not kept. @param {string} runId */
  async cassette(runId) {
    return this.#ask((runtime) => runtime.cassette(runId));
  }

  /**
   * What the runtime says to a question that matters little: undefined where it is busy or not there.
   * @template T
   * @param {(runtime: Runtime) => Promise<T>} question
   * @returns {Promise<T | undefined>}
   */
  async askIfIdle(question) {
    if (this.status.peek() !== "ready" || !this.runtime) return undefined;
    return question(this.runtime).catch(() => undefined);
  }

  /**
   * What the runtime says; undefined, and the page says why, if it cannot.
   * @template T
   * @param {(runtime: Runtime) => Promise<T>} question
   * @returns {Promise<T | undefined>}
   */
  async #ask(question) {
    try {
      return await question(this.#required);
    } catch (error) {
      this.trouble.value = messageOf(error);
      return undefined;
    }
  }

  get #required() {
    if (this.runtime) return this.runtime;
    const where =
      this.status.value === "elsewhere"
        ? "Python is running in another tab."
        : "Python is not ready yet.";
    throw new Error(`${where} Try again once it is ready here.`);
  }

  /** @param {RuntimeStatus} status @param {string} reason */
  #follow(status, reason) {
    batch(() => {
      this.status.value = status;
      this.reason.value = reason || this.reason.peek();
      if (status === "restarting" && reason) this.trouble.value = reason;
      if (status === "failed" || status === "stopped") this.runtime = undefined;
    });
  }
}
