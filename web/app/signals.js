// The notebook as signals: a component that reads a part of it is redrawn when that part changes.

/** @import { Signal } from "@preact/signals" */
/** @import { StoreNotebook } from "../../js/notebook/open-notebook.js" */

import { batch, signal } from "@preact/signals";
import { totalOf } from "../../js/notebook/ai-run.js";

/**
 * The minimum number of milliseconds between two redraws of streaming text: every second frame on most
 * screens, so that half of the time is left for everything else.
 */
const PAUSE = 25;

export class NotebookSignals {
  #nb;
  /** One version number for each key that `subscribe` names. @type {Map<string, Signal<number>>} */
  #versions = new Map();
  /** The keys that have changed but are not shown yet. @type {Set<string>} */
  #pending = new Set();
  #drawnAt = 0;

  /** @param {StoreNotebook} nb */
  constructor(nb) {
    this.#nb = nb;
    nb.subscribe((changed) => {
      const touched = [...changed];
      if (touched.length === 0) return;
      const isStreaming = touched.every((key) => key.startsWith("output/"));
      // Streaming text is drawn once per frame, however fast it arrives; other changes are drawn at once.
      if (isStreaming && this.#pending.size === 0) {
        nextFrame(() => this.#draw(), this.#drawnAt + PAUSE);
      }
      for (const key of touched) this.#pending.add(key);
      if (!isStreaming) this.#show();
    });
  }

  get title() {
    this.#watch("metadata");
    return this.#nb.title;
  }

  /** The language of the code cells, if it is another one than Python. */
  get foreignLanguage() {
    this.#watch("metadata");
    return this.#nb.foreignLanguage;
  }

  /** The provider and model that the notebook names for its AI cells, if it does. */
  get choice() {
    this.#watch("metadata");
    const { metadata } = this.#nb;
    return { provider: metadata.get("ai_provider") ?? "", model: metadata.get("ai_model") ?? "" };
  }

  /** What of the notebook could not be read. */
  get faults() {
    this.#watch("faults");
    return this.#nb.faults;
  }

  /** The names of events that this version of the page does not know. */
  get unknownNames() {
    this.#watch("faults");
    return this.#nb.unknownNames;
  }

  get order() {
    this.#watch("order");
    return this.#nb.order;
  }

  get openExecutions() {
    this.#watch("queue");
    return this.#nb.openExecutions;
  }

  /** @param {string} id */
  cell(id) {
    this.#watch(`cell/${id}`);
    return this.#nb.cell(id);
  }

  /** @param {string} cellId */
  executionOf(cellId) {
    this.#watch(`execution/${cellId}`);
    return this.#nb.execution(cellId);
  }

  /** Whether a session has ended, and with it whatever it was executing. @param {string} [sessionId] */
  isOver(sessionId) {
    this.#watch("sessions");
    return sessionId !== undefined && this.#nb.session(sessionId)?.status === "terminated";
  }

  /** @param {string} cellId */
  outputsOf(cellId) {
    this.#watch(`outputs/${cellId}`);
    return this.#nb.outputs(cellId);
  }

  /** The approval request of a call, with the answer if there is one. @param {string} toolCallId */
  approval(toolCallId) {
    this.#watch("approvals");
    return this.#nb.approval(toolCallId);
  }

  /** What a file says to the model. */
  get fromFile() {
    this.#watch("metadata");
    return this.#nb.fromFile;
  }

  /** What people have set for tools. */
  get policies() {
    this.#watch("policies");
    return this.#nb.policies;
  }

  /** The tools for which a person was asked in this notebook. */
  get askedTools() {
    this.#watch("approvals");
    return this.#nb.askedTools;
  }

  /** What all AI runs took, also those whose outputs are gone, as it was when an execution last started or ended. */
  get total() {
    this.#watch("queue");
    const nb = this.#nb;
    const outputs = [...nb.goneRuns, ...this.order.flatMap((id) => nb.outputs(id))];
    return totalOf(outputs, (runId) => nb.hasRun(runId));
  }

  /** The approval requests that wait for a person, in the order in which they arrived. */
  get openApprovals() {
    this.#watch("approvals");
    this.#watch("queue");
    return this.#nb.openApprovals;
  }

  /** @param {string} id */
  output(id) {
    this.#watch(`output/${id}`);
    return this.#nb.output(id);
  }

  #draw() {
    this.#drawnAt = performance.now();
    this.#show();
  }

  #show() {
    const keys = [...this.#pending];
    this.#pending.clear();
    batch(() => {
      for (const key of keys) {
        const version = this.#versions.get(key);
        if (version) version.value = version.peek() + 1;
      }
    });
  }

  /** @param {string} key */
  #watch(key) {
    let version = this.#versions.get(key);
    if (!version) this.#versions.set(key, (version = signal(0)));
    void version.value;
  }
}

/**
 * Calls back once before the next frame is drawn, or soon if none is drawn (in a hidden tab).
 * @param {() => void} callback
 * @param {number} notBefore earlier frames are skipped; in milliseconds of performance.now()
 */
function nextFrame(callback, notBefore = 0) {
  let called = false;
  const once = () => {
    if (called) return;
    called = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callback();
  };
  const look = (/** @type {number} */ now) => {
    if (now < notBefore) frame = requestAnimationFrame(look);
    else once();
  };
  let frame = requestAnimationFrame(look);
  const timer = setTimeout(once, 200);
}
