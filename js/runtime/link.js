// The page's end of the engine, which runs in a worker (worker.js) or on this thread. Both functions return an
// Engine, and report its death once, through host.died.

/** @import { Engine, EngineHost, EngineSettings, LinkedEngine } from "./engine.js" */
/** @import { HeldKey } from "./keys/held-keys.js" */
/** @import { FromWorker, ToWorker } from "./worker.js" */
/** @import { FileChange } from "../types.d.ts" */

import { newId } from "../notebook/cell-events.js";
import { openWorker } from "../place.js";
import { messageOf } from "./boot/python-values.js";
import { sendSignal } from "./engine.js";
import { Network } from "./keys/network.js";
import { NetworkWorker } from "./keys/network-worker.js";
import { copied } from "./keys/relay.js";
import { withResolvers } from "./promises.js";

// What an error without a message means.
const NO_SCRIPT =
  "the script of its worker, worker.js of this package, could not be loaded: the browser's console says from where. " +
  "A bundler has to build that file too";

/** What the page tells of what happens. @typedef {Omit<EngineHost, "fetch">} PageHost */

/**
 * @param {EngineSettings} settings
 * @param {PageHost} host
 * @returns {Promise<LinkedEngine>}
 */
export async function openLocalEngine(settings, host) {
  const { bootEngine } = await import("./engine.js");
  const network = new Network();
  const engine = await bootEngine(settings, { ...host, fetch: fetchHere(network) });
  return new LocalEngine(engine, network, (error) => {
    const reason = new Error(messageOf(error), { cause: error });
    host.died(reason);
    return reason;
  });
}

/** Asks from this thread. @param {Network} network @returns {EngineHost["fetch"]} */
function fetchHere(network) {
  return async (request, options = {}) => {
    const signal = options.signal ?? new AbortController().signal;
    const { head, body } = await network.fetch(copied(request, options), signal);
    const { status, statusText, headers } = head;
    const mayHaveBody = ![204, 205, 304].includes(status);
    return new Response(mayHaveBody ? body : null, { status: status || 302, statusText, headers });
  };
}

/**
 * Python on this thread. It receives events in a separate task, as in a worker, so that other listeners of the
 * store, such as the page, do not wait for it.
 * @implements {LinkedEngine}
 */
class LocalEngine {
  #engine;
  #network;
  #tellDeath;
  /** @type {(() => void)[]} */
  #waiting = [];
  /** Reject the calls that wait: a Python that has crashed does not answer. @type {Set<(reason: Error) => void>} */
  #calls = new Set();
  /** @type {Error | undefined} */
  #end;

  /** @param {Engine} engine @param {Network} network @param {(error: unknown) => Error} tellDeath */
  constructor(engine, network, tellDeath) {
    this.#engine = engine;
    this.#network = network;
    this.#tellDeath = tellDeath;
  }

  /** @param {string} text */
  receive(text) {
    this.#later(() => this.#engine.receive(text));
  }

  /** @param {string} text */
  settle(text) {
    this.#later(() => this.#engine.settle(text));
  }

  putFiles() {} // this thread can read no Blob at once; checkOptions refuses files here

  /** @param {() => void} deliver */
  #later(deliver) {
    if (this.#waiting.push(deliver) > 1) return;
    const { port1, port2 } = new MessageChannel(); // unlike a timer, it has no minimum delay
    port1.onmessage = () => {
      port1.close();
      this.#deliver();
    };
    port2.postMessage(null);
  }

  /** @param {string} method @param {string} params */
  async call(method, params) {
    this.#deliver(); // the call must see what was committed before it
    if (this.#end) throw this.#end;
    return new Promise((resolve, reject) => {
      this.#calls.add(reject);
      const answer = async () => this.#engine.call(method, params); // a broken Python may also throw at once
      const settled = answer().then(resolve, (error) => reject(this.#die(error)));
      void settled.finally(() => this.#calls.delete(reject));
    });
  }

  /** @param {readonly HeldKey[]} held @param {readonly string[]} secrets */
  async setKeys(held, secrets) {
    this.#network.setKeys(held, secrets);
  }

  /** @param {number} number @param {number} key */
  interrupt(number, key) {
    return this.#engine.interrupt(number, key);
  }

  close(reason = new Error("the runtime was stopped")) {
    if (this.#end) return;
    this.#end = reason;
    for (const reject of this.#calls) reject(reason);
    try {
      this.#engine.close();
    } catch {
      // A Python that has crashed has nothing left to release.
    }
  }

  #deliver() {
    try {
      for (const deliver of this.#waiting.splice(0)) if (!this.#end) deliver();
    } catch (error) {
      this.#die(error);
    }
  }

  /** @param {unknown} error */
  #die(error) {
    // The host closes this engine when it is told.
    return this.#end ?? this.#tellDeath(error);
  }
}

/**
 * @param {EngineSettings} settings
 * @param {PageHost} host
 * @param {AbortSignal} signal ends the worker, with its reason, also while it boots
 * @returns {Promise<LinkedEngine>}
 */
export async function openWorkerEngine(settings, host, signal) {
  const engine = new WorkerEngine(host);
  signal.addEventListener("abort", () => engine.close(signal.reason));
  await engine.boot(settings);
  return engine;
}

/** @implements {LinkedEngine} */
class WorkerEngine {
  #host;
  #worker;
  #network;
  /** Python's way to the network. @type {MessagePort} */
  #port;
  /** Signals a busy Python, if the page may share memory. */
  #signal = globalThis.crossOriginIsolated
    ? new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT))
    : undefined;
  /** The name of a lock that the worker holds while it lives. */
  #lock = `runt-pyodide/worker/${newId()}`;
  #boot = withResolvers();
  #booted = false;
  #lastId = 0;
  /** @type {Map<number, PromiseWithResolvers<string>>} */
  #calls = new Map();
  /** @type {Error | undefined} */
  #end;

  /** @param {PageHost} host */
  constructor(host) {
    this.#host = host;
    this.#network = new NetworkWorker((network) => {
      this.#send({ type: "connect", network }, network ? [network] : []);
    });
    this.#port = this.#network.open();
    this.#worker = openWorker("runt-pyodide");
    this.#worker.addEventListener("message", ({ data }) => this.#take(data));
    this.#worker.addEventListener("messageerror", () => {
      this.#die(new Error("a message from the worker could not be read"));
    });
    this.#worker.addEventListener("error", ({ message }) => {
      this.#die(new Error(message || NO_SCRIPT));
    });
  }

  /**
   * @param {EngineSettings} settings
   * @returns {Promise<unknown>}
   */
  boot(settings) {
    const own = { lock: this.#lock, settings: { ...settings, signal: this.#signal } };
    this.#send({ type: "boot", ...own, network: this.#port }, [this.#port]);
    return this.#boot.promise;
  }

  /** Resolves once requests go out with these keys. @param {readonly HeldKey[]} held @param {readonly string[]} secrets */
  async setKeys(held, secrets) {
    if (this.#end) throw this.#end;
    await this.#network.setKeys(held, secrets);
  }

  /** @param {string} text */
  receive(text) {
    if (!this.#end) this.#send({ type: "receive", text });
  }

  /** @param {string} text */
  settle(text) {
    if (!this.#end) this.#send({ type: "settle", text });
  }

  /** @param {readonly FileChange[]} changes */
  putFiles(changes) {
    if (!this.#end) this.#send({ type: "files", changes });
  }

  /**
   * @param {string} method
   * @param {string} params
   * @returns {Promise<string>}
   */
  call(method, params) {
    if (this.#end) return Promise.reject(this.#end);
    const id = ++this.#lastId;
    /** @type {PromiseWithResolvers<string>} */
    const call = withResolvers();
    this.#calls.set(id, call);
    this.#send({ type: "call", id, method, params });
    return call.promise.finally(() => this.#calls.delete(id));
  }

  /** @param {number} number @param {number} key */
  interrupt(number, key) {
    return this.#signal !== undefined && sendSignal(this.#signal, number, key);
  }

  close(reason = new Error("the runtime was stopped")) {
    if (this.#end) return;
    this.#end = reason;
    this.#worker.terminate();
    this.#network.close();
    for (const call of [this.#boot, ...this.#calls.values()]) call.reject(reason);
    this.#calls.clear();
  }

  /** @param {ToWorker} message @param {Transferable[]} [transferred] */
  #send(message, transferred = []) {
    this.#worker.postMessage(message, transferred);
  }

  /** @param {FromWorker} message */
  #take(message) {
    if (this.#end) return; // it was posted before the end
    if (message.type === "emit") this.#host.emit(message.text);
    else if (message.type === "propose") this.#host.propose(message.text);
    else if (message.type === "ask") this.#host.ask(message.text);
    else if (message.type === "withdraw") this.#host.withdraw(message.id);
    else if (message.type === "wrote") this.#host.wrote(message.changes);
    else if (message.type === "log") this.#host.log(message.level, message.text);
    else if (message.type === "took") this.#host.took(message.number);
    else if (message.type === "progress") this.#host.progress(message.progress);
    else if (message.type === "reply") this.#calls.get(message.id)?.resolve(message.text);
    else if (message.type === "held") this.#watch();
    else if (message.type === "failed") {
      this.#die(Object.assign(new Error(message.message), { stage: message.stage }));
    } else if (message.type === "booted") {
      this.#booted = true;
      this.#boot.resolve(undefined);
    }
  }

  /** A worker that ends without a word, as by close(), releases its lock. */
  #watch() {
    const die = () => this.#die(new Error("its worker ended without a word"));
    void navigator.locks.request(this.#lock, die).catch(() => {});
  }

  /** @param {Error} reason */
  #die(reason) {
    if (this.#end) return;
    this.close(reason);
    if (this.#booted) this.#host.died(reason);
  }
}
