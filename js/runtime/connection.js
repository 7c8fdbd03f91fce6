// Connects one Python with the store, from its boot until it is closed: events pass both ways, calls go to Python.

/** @import { LinkedEngine } from "./engine.js" */
/** @import { HeldKeys, Hidden } from "./keys/held-keys.js" */
/** @import { Proposal, Settlement } from "./outbox.js" */
/** @import { AIConfig, BootProgress, RuntimeOptions, LogEvent } from "../types.d.ts" */

import { readEvents } from "../notebook/wire-event.js";
import { Questions, log } from "./callbacks.js";
import { Executing } from "./executing.js";
import { openLocalEngine, openWorkerEngine } from "./link.js";
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
 * @property {(reason: Error) => void} died
 * @property {(error: Error) => void} trouble
 */

export class Connection {
  /** What Python is executing. */
  executing = new Executing();
  #options;
  #keys;
  #owner;
  /** @type {LinkedEngine | undefined} */
  #engine;
  #questions;
  #isClosed = false;
  /** The executions at whose cells it is said that Python tried to act for a person. @type {Set<string>} */
  #told = new Set();
  #unsubscribe = () => {};

  /** @param {RuntimeOptions} options @param {HeldKeys} keys @param {Owner} owner */
  constructor(options, keys, owner) {
    this.#options = options;
    this.#keys = keys;
    this.#owner = owner;
    this.#questions = new Questions(
      options.onQuestion,
      (id, text) => this.call("answer", { question_id: id, text }),
      owner.trouble,
    );
  }

  /**
   * Boots Python and gives it the present state of the store.
   * @returns {Promise<boolean>} false if the connection was closed meanwhile
   */
  async open() {
    const { progress, died } = this.#owner;
    const open = this.#options.worker === false ? openLocalEngine : openWorkerEngine;
    const hidden = this.#keys.hide(this.#options.config);
    const engine = await open(engineSettings({ ...this.#options, config: hidden.config }), {
      emit: (text) => this.#take(text),
      propose: (text) => this.#propose(text),
      ask: (text) => void this.#questions.put(text),
      withdraw: (id) => this.#questions.withdraw(id),
      log,
      progress,
      died: (reason) => !this.#isClosed && died(reason),
    });
    if (this.#isClosed) {
      engine.close();
      return false;
    }
    this.#engine = engine;
    this.#keys.use(hidden);
    // Python is asked before any cell has run in it, which could change what it says.
    this.#keys.addresses = await this.call("addresses", {});
    this.#keys.use(this.#keys.hide(this.#options.config));
    await this.#setKeys();
    await this.#follow();
    return true;
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

  /** Signals a busy Python. */
  interrupt() {
    this.#engine?.interrupt();
  }

  /** Ends Python; calls that wait reject. @param {Error} reason */
  close(reason) {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#isClosed = true;
    this.#unsubscribe();
    this.#questions.close();
    engine?.close(reason);
  }

  /**
   * Follows the store. Resolves once Python has the present state. It must not start before, or it would
   * not know what an earlier session left behind.
   * @returns {Promise<void>}
   */
  #follow() {
    return new Promise((resolve) => {
      this.#unsubscribe = this.#options.store.subscribe((events) => {
        // A store that is not ours may hold anything.
        const read = readEvents(events, (error) => this.#owner.trouble(error));
        this.#engine?.receive(JSON.stringify(read));
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
