// The page's Python: starts it, restarts it and calls its methods.

/** @import { AIConfig, BootProgress, EventStore, FileStore, PendingStop, Question, Runtime, RuntimeStatus, TableQuery, UndoReport } from "../../js/types.d.ts" */
/** @import { Signal } from "@preact/signals" */

import { batch, computed, signal } from "@preact/signals";

import { startRuntime } from "../../js/index.js";
import { messageOf } from "../render/error.js";

/**
 * A question of a running cell that waits for an answer; null ends the input.
 * @typedef {Question & { answer: (text: string | null) => void }} OpenQuestion
 */

/** @type {BootProgress} */
const BEGINNING = { stage: "pyodide", message: "Loading Python", fraction: 0 };

export class Session {
  /** "elsewhere" while another tab of the notebook runs Python. @type {Signal<RuntimeStatus | "elsewhere">} */
  status = signal("loading");
  /** @type {Signal<BootProgress>} */
  progress = signal(BEGINNING);
  /** Why Python is not running, if it is not. */
  reason = signal("");
  /** A problem that the person should know about, such as a store that refuses events. */
  trouble = signal("");
  /** What running cells are asking, in order. @type {Signal<readonly OpenQuestion[]>} */
  questions = signal([]);
  /** What was to stop and has not ended. @type {Signal<readonly PendingStop[]>} */
  pendingStops = signal([]);
  /** The runs that were undone on this page. @type {Signal<ReadonlySet<string>>} */
  undone = signal(new Set());
  /** @type {Runtime | undefined} */
  runtime;
  // Computed, so that components that read them are not redrawn whenever Python becomes busy or ready.
  #isUp = computed(() => this.status.value === "ready" || this.status.value === "busy");
  #isDown = computed(() => this.status.value === "failed" || this.status.value === "stopped");
  #isElsewhere = computed(() => this.status.value === "elsewhere");
  #store;
  #files;
  #config;
  #notebookId;
  #takeOver;
  #hasTurn = false;
  /** Whether the person has asked for the restart that is under way. */
  #isAsked = false;

  /**
   * @param {EventStore} store
   * @param {FileStore} files
   * @param {() => AIConfig} config returns the current configuration
   * @param {string | null} notebookId by which the tabs of one notebook agree which of them runs Python
   * @param {(hasWaited: boolean) => Promise<void>} [takeOver] called once, before Python starts here for the first
   *   time, with whether another tab ran it until now
   */
  constructor(store, files, config, notebookId, takeOver = async () => {}) {
    this.#store = store;
    this.#files = files;
    this.#config = config;
    this.#notebookId = notebookId;
    this.#takeOver = takeOver;
  }

  /** Starts Python, also after it has stopped or failed. Never rejects: see status and reason. */
  async start() {
    if (!this.#hasTurn) {
      await this.#takeOver(await this.#takeTurn());
      this.#hasTurn = true;
    }
    batch(() => {
      this.status.value = "loading";
      this.progress.value = BEGINNING;
      this.reason.value = "";
    });
    const config = this.#config();
    try {
      this.runtime = await startRuntime({
        store: this.#store,
        files: this.#files,
        config,
        onProgress: (progress) => (this.progress.value = progress),
        onQuestion: (question) => this.#put(question),
        onStatus: (status, reason = "") => this.#follow(status, reason),
        onPendingStops: (stops) => (this.pendingStops.value = stops),
        onError: ({ message }) => (this.trouble.value = message),
      });
      // The settings may have been changed while Python was loading.
      const latest = this.#config();
      if (JSON.stringify(latest) !== JSON.stringify(config)) await this.runtime.configure(latest);
    } catch (error) {
      this.#follow("failed", messageOf(error));
    }
  }

  /**
   * Waits until no other tab of the notebook runs Python. The turn lasts until the tab is closed.
   * @returns {Promise<boolean>} whether another one did
   */
  async #takeTurn() {
    if (this.#notebookId === null || !navigator.locks) return false;
    const name = turnOf(this.#notebookId);
    const { held = [] } = await navigator.locks.query();
    const isElsewhere = held.some((lock) => lock.name === name);
    if (isElsewhere) this.status.value = "elsewhere";
    await new Promise((resolve) => {
      const keep = () => new Promise(() => resolve(undefined));
      void navigator.locks.request(name, keep);
    });
    return isElsewhere;
  }

  /**
   * Passes the configuration to Python, now or when it starts. Rejects if Python refuses it.
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

  /** Shows a question until it is answered or over. @param {Question} question @returns {Promise<string | null>} */
  #put(question) {
    return new Promise((resolve) => {
      const answer = (/** @type {string | null} */ text) => {
        this.questions.value = this.questions.peek().filter(({ id }) => id !== question.id);
        resolve(text);
      };
      question.signal.addEventListener("abort", () => answer(null));
      this.questions.value = [...this.questions.peek(), { ...question, answer }];
    });
  }

  /** Whether Python is running here. */
  get isUp() {
    return this.#isUp.value;
  }

  /** Whether Python is running, here or in another tab. */
  get isRun() {
    return this.isUp || this.#isElsewhere.value;
  }

  /** Whether Python has ended, and starts again only when a person says so. */
  get isDown() {
    return this.#isDown.value;
  }

  /** Restarts Python, whatever it is doing, or starts it again. If that fails, status and reason say so. */
  async restart() {
    if (!this.runtime && this.isDown) return this.start();
    this.#isAsked = true;
    await this.runtime?.restart().catch(() => {});
    this.#isAsked = false;
  }

  /** Interrupts once more what was to stop. */
  async interrupt() {
    await this.#ask((runtime) => runtime.interrupt());
  }

  /** Continues the last run of an AI cell. @param {string} cellId */
  async continueRun(cellId) {
    await this.#ask((runtime) => runtime.continueRun(cellId));
  }

  /** @param {string} runId @returns {Promise<UndoReport | undefined>} */
  async undo(runId) {
    const report = await this.#ask((runtime) => runtime.undo(runId));
    if (report) this.undone.value = new Set([...this.undone.value, runId]);
    return report;
  }

  /** Returns what the model saw, in Markdown, or why that is not known. @param {string} cellId */
  async explain(cellId) {
    return (await this.#ask((runtime) => runtime.explain(cellId))) ?? this.trouble.value;
  }

  /** Returns the requests and answers of a run, as JSON; undefined if they are not kept. @param {string} runId */
  async cassette(runId) {
    return this.#ask((runtime) => runtime.cassette(runId));
  }

  /**
   * Returns rows of a table that Python has shown; undefined if no Python here has it.
   * @param {string} id
   * @param {TableQuery} query
   */
  async tableRows(id, query) {
    return this.isUp ? this.runtime?.tableRows(id, query).catch(() => undefined) : undefined;
  }

  /**
   * Asks the runtime something that can wait; resolves to undefined while it is busy or not running.
   * @template T
   * @param {(runtime: Runtime) => Promise<T>} question
   * @returns {Promise<T | undefined>}
   */
  async askIfIdle(question) {
    if (this.status.peek() !== "ready" || !this.runtime) return undefined;
    return question(this.runtime).catch(() => undefined);
  }

  /**
   * Asks the runtime; if that fails, resolves to undefined, and the page says why.
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
    if (this.runtime && !this.isDown) return this.runtime;
    const where =
      this.status.value === "elsewhere"
        ? "Python is running in another tab."
        : `Python is not ${this.isDown ? "running" : "ready yet"}.`;
    throw new Error(`${where} Try again once it is ready here.`);
  }

  /** @param {RuntimeStatus} status @param {string} reason */
  #follow(status, reason) {
    batch(() => {
      this.status.value = status;
      this.reason.value = reason || this.reason.peek();
      if (status === "restarting") this.trouble.value = this.#isAsked ? "" : reason;
      if (status === "stopped") this.runtime = undefined;
    });
  }
}

/** The name of the lock of the tab that runs a notebook's Python. @param {string} notebookId */
export function turnOf(notebookId) {
  return `runt-pyodide/${notebookId}`;
}
