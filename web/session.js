// The page's runtime: starts it, starts it again, and holds the AI settings. The key lives in this
// object and in Python's memory, and nowhere else.

/** @import { AIConfig, BootProgress, EventStore, Runtime, RuntimeStatus, UndoReport } from "../js/types.d.ts" */
/** @import { Signal } from "@preact/signals" */

import { batch, signal } from "@preact/signals";

import { startRuntime } from "../js/index.js";

/**
 * @typedef {object} Settings without the key
 * @property {"test" | "openai"} provider
 * @property {string} baseUrl
 * @property {string} model
 */

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
  /** @type {Signal<Settings>} */
  settings = signal({ provider: "test", baseUrl: "", model: "" });
  /** @type {Runtime | undefined} */
  runtime;
  #store;
  #testConfig;
  #notebookId;
  #hasTurn = false;
  #key = "";

  /**
   * @param {EventStore} store
   * @param {NonNullable<AIConfig["providers"]>["test"]} testConfig
   * @param {string | null} notebookId under which the tabs of one notebook agree on who runs Python
   */
  constructor(store, testConfig, notebookId) {
    this.#store = store;
    this.#testConfig = testConfig;
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
      this.#follow("failed", error instanceof Error ? error.message : String(error));
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

  /** Whether there is a key for this base URL. A key is for the server it was given for. */
  hasKeyFor(/** @type {string} */ baseUrl) {
    return this.#key !== "" && baseUrl === this.settings.value.baseUrl;
  }

  /**
   * Rejects, and changes nothing, if Python refuses the settings.
   * @param {Settings} settings
   * @param {string} key empty: the one there is for this base URL
   */
  async configure(settings, key) {
    const kept = this.hasKeyFor(settings.baseUrl) ? this.#key : "";
    await this.runtime?.configure(this.#config(settings, key || kept));
    this.#key = key || kept;
    this.settings.value = settings;
  }

  /** The names of the models that the chosen server lists. */
  async listModels() {
    const models = (await this.runtime?.models(this.settings.value.provider)) ?? [];
    return models.map(({ name }) => name);
  }

  /** Whether there is a Python to ask. */
  get isUp() {
    const status = this.status.value;
    return status === "ready" || status === "busy";
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

  /**
   * What the runtime says; undefined, and the page says why, if it cannot.
   * @template T
   * @param {(runtime: Runtime) => Promise<T>} question
   * @returns {Promise<T | undefined>}
   */
  async #ask(question) {
    try {
      if (!this.runtime) throw new Error("Python is not there yet. Try again when it is ready.");
      return await question(this.runtime);
    } catch (error) {
      this.trouble.value = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  /** @returns {AIConfig} */
  #config({ provider, baseUrl, model } = this.settings.value, apiKey = this.#key) {
    const openai = {
      ...(baseUrl && { baseUrl }),
      ...(apiKey && { apiKey }),
      ...(model && { model }),
    };
    return { defaultProvider: provider, providers: { openai, test: this.#testConfig } };
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
