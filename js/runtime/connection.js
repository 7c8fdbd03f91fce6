// Connects one Python with the store, from its boot until it is closed: events pass both ways, calls go to Python.

/** @import { LinkedEngine } from "./engine.js" */
/** @import { HeldKeys, Hidden } from "./keys/held-keys.js" */
/** @import { Proposal, Settlement } from "./outbox.js" */
/** @import { AIConfig, BootProgress, FileChange, RuntimeOptions, LogEvent } from "../types.d.ts" */

import { readEvents } from "../notebook/wire-event.js";
import { Questions, log } from "./callbacks.js";
import { Executing, keyOf } from "./executing.js";
import { openLocalEngine, openWorkerEngine } from "./link.js";
import { SharedFiles } from "./files/shared-files.js";
import { engineSettings } from "./options.js";
import { forgedAt, partForged } from "./refusals.js";

/**
 * Who is told what happens.
 * @typedef {object} Owner
 * @property {(progress: BootProgress) => void} progress
 * @property {(batch: LogEvent[]) => void} written Python wrote a batch for the store
 * @property {(proposal: Proposal, settle: (settlement: Settlement) => void) => void} proposed Python wrote a batch
 *   that depends on sources of cells
 * @property {(events: readonly LogEvent[]) => void} committed anyone committed events; Python has them already
 * @property {() => readonly LogEvent[]} unsent returns what an earlier Python wrote and the store has not accepted yet
 * @property {(number: number) => void} took this interrupt has arrived in Python
 * @property {(reason: Error) => void} died
 * @property {(error: Error) => void} trouble
 */

// A boot of which nothing is heard for so long has failed. It is long, since a download is reported when it is complete.
const SILENCE_MS = 600_000;

export class Connection {
  /** What Python is executing. */
  executing = new Executing();
  #options;
  #keys;
  #owner;
  /** @type {LinkedEngine | undefined} */
  #engine;
  #questions;
  #files;
  /** The executions at whose cells it is said that Python tried to act for a person. @type {Set<string>} */
  #told = new Set();
  /** Aborted by close(), with its reason. */
  #closing = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  /** Whether it is being opened. */
  #isOpening = false;
  #unsubscribe = () => {};

  /**
   * @param {RuntimeOptions} options
   * @param {HeldKeys} keys
   * @param {Owner} owner
   */
  constructor(options, keys, owner) {
    this.#options = options;
    this.#keys = keys;
    this.#owner = owner;
    this.#files = new SharedFiles(options.files, owner.trouble);
    this.#questions = new Questions(
      options.onQuestion,
      (id, text) => this.call("answer", { question_id: id, text }),
      owner.trouble,
    );
  }

  /**
   * Boots Python, gives it the present state of the store, and has it start a session.
   * @param {() => { readonly [name: string]: unknown }} before returns what Python's `start` is told of the session before
   * @returns {Promise<string>} the session's id
   * @throws {Error} with the reason if the connection is closed meanwhile
   */
  async open(before) {
    this.#isOpening = true;
    this.#expectNews();
    const open = this.#options.worker === false ? openLocalEngine : openWorkerEngine;
    const hidden = this.#keys.hide(this.#options.config);
    const settings = engineSettings({ ...this.#options, config: hidden.config });
    try {
      const files = this.#options.files && (await this.#files.open());
      this.#mustBeOpen();
      const engine = await open({ ...settings, files }, this.#host, this.#closing.signal);
      this.#engine = engine;
      if (this.isClosed) engine.close(this.#closing.signal.reason);
      this.#mustBeOpen();
      this.#keys.use(hidden);
      // Python is asked before any cell has run in it, which could change what it says.
      this.#keys.addresses = await this.call("addresses", {});
      this.#keys.use(this.#keys.hide(this.#options.config));
      await this.#setKeys();
      this.#files.attach(engine);
      await this.#follow();
      const { sessionId } = await this.call("start", before());
      this.#mustBeOpen(); // it may have died as it answered
      return sessionId;
    } finally {
      this.#isOpening = false;
      clearTimeout(this.#silence);
    }
  }

  get isClosed() {
    return this.#closing.signal.aborted;
  }

  /** @throws {Error} with the reason if it was closed */
  #mustBeOpen() {
    this.#closing.signal.throwIfAborted();
  }

  /** Gives Python a configuration without its keys, and the keys to the network. @param {AIConfig} config */
  async configure(config) {
    const hidden = this.#keys.hide(config);
    await this.#setKeys(hidden);
    try {
      await this.call("configure", { config: hidden.config });
      this.#keys.use(hidden);
    } finally {
      await this.#setKeys();
    }
  }

  /** @param {Hidden} [next] what is about to be used, too */
  async #setKeys(next) {
    const { held, secrets } = this.#keys;
    await this.#engine?.setKeys(
      [...held, ...(next?.held ?? [])],
      [...secrets, ...(next?.secrets ?? [])],
    );
  }

  /**
   * Calls Python.
   * @param {string} method
   * @param {{ readonly [name: string]: unknown }} params
   * @returns {Promise<any>}
   * @throws {Error} with Python's error, or why it cannot answer
   */
  async call(method, params) {
    if (!this.#engine) throw new Error(`${method}(): there is no Python`);
    const text = await this.#engine.call(method, JSON.stringify(params));
    const { result, error } = JSON.parse(this.#keys.redact(text));
    if (error) throw Object.assign(new Error(error.message), { name: error.name });
    return result;
  }

  /**
   * Signals a busy Python.
   * @param {string | undefined} queueId of the execution that is meant; if it does not run, then what runs outside
   *   of executions
   * @param {number} number of the interrupt
   * @returns {boolean} whether that is possible
   */
  interrupt(queueId, number) {
    const isRunning = queueId !== undefined && this.executing.cellOf(queueId) !== undefined;
    return this.#engine?.interrupt(number, isRunning ? keyOf(queueId) : 0) ?? false;
  }

  /** Ends Python; calls that wait reject. @param {Error} reason */
  close(reason) {
    if (this.isClosed) return;
    this.#closing.abort(reason);
    this.#unsubscribe();
    this.#questions.close();
    this.#files.close();
    this.#engine?.close(reason);
  }

  get #host() {
    return {
      emit: (/** @type {string} */ text) => this.#take(text),
      propose: (/** @type {string} */ text) => this.#propose(text),
      ask: (/** @type {string} */ text) => void this.#questions.put(text),
      withdraw: (/** @type {string} */ id) => this.#questions.withdraw(id),
      log,
      wrote: (/** @type {readonly FileChange[]} */ changes) => void this.#files.take(changes),
      took: (/** @type {number} */ number) => this.#owner.took(number),
      progress: (/** @type {BootProgress} */ progress) => {
        this.#expectNews(progress);
        this.#owner.progress(progress);
      },
      died: (/** @type {Error} */ reason) => !this.isClosed && this.#owner.died(reason),
    };
  }

  /** Closes this if nothing more is heard of the boot for too long. @param {Partial<BootProgress>} [progress] */
  #expectNews({ stage = "pyodide" } = {}) {
    clearTimeout(this.#silence);
    if (!this.#isOpening) return;
    const error = new Error(`nothing was heard of it for ${SILENCE_MS / 60_000} minutes`);
    this.#silence = setTimeout(() => this.close(Object.assign(error, { stage })), SILENCE_MS);
  }

  /**
   * Follows the store. Resolves once Python has the present state. It must not start before, or it would
   * not know what an earlier session left behind.
   * @returns {Promise<void>}
   */
  #follow() {
    return new Promise((resolve, reject) => {
      const { signal } = this.#closing;
      const unsent = [...this.#owner.unsent()];
      signal.addEventListener("abort", () => reject(signal.reason));
      this.#unsubscribe = this.#options.store.subscribe((events) => {
        // A store that is not ours may hold anything.
        const read = readEvents(events, (error) => this.#owner.trouble(error));
        this.#engine?.receive(JSON.stringify([...read, ...unsent.splice(0)]));
        resolve();
        this.#owner.committed(read);
      });
    });
  }

  /** @param {string} text one batch from Python */
  #take(text) {
    const batch = this.#read(text, readBatch);
    if (batch) this.#owner.written(this.#believe(batch));
  }

  /** @param {string} text a proposal from Python */
  #propose(text) {
    const proposal = this.#read(text, readProposal);
    if (!proposal) return;
    const events = this.#believe(proposal.events);
    // Another Python knows nothing of it.
    const engine = this.#engine;
    const settle = (/** @type {Settlement} */ settlement) =>
      engine?.settle(JSON.stringify(settlement));
    this.#owner.proposed({ ...proposal, events }, settle);
  }

  /**
   * Reads what anybody's code in the worker may have written.
   * @template T
   * @param {string} text
   * @param {(value: any) => T} read
   * @returns {T | undefined}
   */
  #read(text, read) {
    if (this.isClosed) return undefined;
    try {
      return read(JSON.parse(this.#keys.redact(text)));
    } catch (cause) {
      this.#owner.trouble(new Error("the runtime wrote a batch that is not JSON", { cause }));
      return undefined;
    }
  }

  /** Returns what of a batch may be written, and what is said in place of the rest. @param {readonly LogEvent[]} batch */
  #believe(batch) {
    const { kept, forged } = partForged(batch);
    for (const event of kept) this.executing.note(event);
    return [...kept, ...this.#tell(forged)];
  }

  /** Reports events that Python may not write, and at the cell that runs, once. @param {LogEvent[]} forged */
  #tell(forged) {
    if (forged.length === 0) return [];
    const names = [...new Set(forged.map(({ name }) => name))].join(", ");
    this.#owner.trouble(
      new Error(`Python wrote what only a person may; it was left out: ${names}`),
    );
    const [queueId, cellId] = this.executing.innermost ?? [];
    if (queueId === undefined || cellId === undefined || this.#told.has(queueId)) return [];
    this.#told.add(queueId);
    return [forgedAt(cellId, forged[0])];
  }
}

/** @param {any} batch @returns {LogEvent[]} */
function readBatch(batch) {
  const isList = Array.isArray(batch) && batch.every((event) => isObject(event));
  if (!isList) throw new TypeError("no list of events");
  return batch;
}

/** @param {any} proposal @returns {Proposal} */
function readProposal(proposal) {
  const { id, events, expected } = proposal;
  const isProposal = Number.isSafeInteger(id) && isObject(expected);
  if (!isProposal) throw new TypeError("no proposal");
  return { id, events: readBatch(events), expected };
}

/** @param {unknown} value @returns {boolean} */
function isObject(value) {
  return typeof value === "object" && value !== null;
}
