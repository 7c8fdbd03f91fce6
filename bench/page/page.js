// The page: starts one runtime on its own thread and one in a worker, and times what is asked for.

import { memoryStore, startRuntime } from "/js/index.js";

import { place } from "./place.js";
import { baseURL, now } from "./source.js";

/** @typedef {import("./place.js").Job} Job */

const OURS = "runt-pyodide";
const CELL = "cell";
// Before a first text: who asks at once after other traffic finds network and server awake.
const REST_MS = 30;
/** @type {Record<string, Arena>} */
const arenas = {};

/** One of the two places: a runtime, its store, and a way to the peers beside it. */
class Arena {
  #executions = 0;
  /** @type {Map<string, (at: number) => void>} */
  #waiting = new Map();

  constructor(inWorker) {
    this.inWorker = inWorker;
    this.store = memoryStore();
  }

  async open() {
    const options = { store: this.store, pyodideURL: "/bench/pyodide/", worker: this.inWorker };
    const { Worker } = globalThis;
    globalThis.Worker = class extends Worker {
      constructor(_url, options) {
        super("/bench/worker.js", options);
        openPost(this);
      }
    };
    this.runtime = await startRuntime(options).finally(() => (globalThis.Worker = Worker));
    this.ask = this.inWorker ? askWorker : async (name, argument) => place[name](argument);
    this.commit("v2.CellCreated", {
      id: CELL,
      cellType: "ai",
      fractionalIndex: "m",
      createdBy: "b",
    });
    this.commit("v1.CellSourceChanged", { id: CELL, source: "?", modifiedBy: "b" });
    this.store.subscribe((events) => this.#notice(events));
  }

  commit(name, args) {
    this.store.commit({ name, args });
  }

  /** Points the runtime at an answer. @param {Job} job */
  async aim({ kind, pattern, count }) {
    const url = baseURL(kind, pattern, count);
    const type = kind === "ndjson" ? "ollama" : "openai";
    await this.runtime.configure({
      defaultProvider: type,
      providers: { [type]: { baseUrl: url, model: "m" } },
    });
  }

  /** Runs the AI cell; gives when its first text and its end were in the page's store. */
  async execute() {
    const queueId = `q${++this.#executions}`;
    const first = this.#wait("v1.MarkdownOutputAdded");
    const end = this.#wait("v1.ExecutionCompleted");
    const began = now();
    this.commit("v1.ExecutionRequested", {
      queueId,
      cellId: CELL,
      executionCount: this.#executions,
      requestedBy: "b",
    });
    return { began, firstAt: await first, endAt: await end };
  }

  /** The text of the last answer, as the store has it. */
  text() {
    let text = "";
    for (const { name, args } of this.store.events()) {
      if (name === "v1.MarkdownOutputAdded") text = args.content.data;
      else if (name === "v1.OutputDelta") text += args.delta.text ?? "";
      else if (name === "v1.ErrorOutputAdded") throw new Error(args.content.data.evalue);
    }
    return text;
  }

  #wait(name) {
    return new Promise((resolve) => this.#waiting.set(name, resolve));
  }

  #notice(events) {
    const at = now();
    for (const { name } of events) {
      this.#waiting.get(name)?.(at);
      this.#waiting.delete(name);
    }
  }
}

let post;
let lastId = 0;
const calls = new Map();

function openPost(worker) {
  post = (message) => worker.postMessage(message);
  worker.addEventListener("message", ({ data }) => {
    if (!data.bench) return;
    const { id, value, error, first } = data.bench;
    if (first) return globalThis.benchTell(first);
    const { resolve, reject } = calls.get(id);
    calls.delete(id);
    if (error) reject(new Error(error));
    else resolve(value);
  });
}

function askWorker(name, argument) {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    calls.set(id, { resolve, reject });
    post({ bench: { id, name, argument } });
  });
}

const bench = {
  /** Starts a runtime in each of the places. @param {string[]} places */
  async open(places) {
    for (const where of places) {
      arenas[where] = new Arena(where === "worker");
      await arenas[where].open();
    }
  },

  loadWheels: (where, urls) => arenas[where].ask("loadWheels", urls),

  /** Makes a Python module of a place. @param {string} where @param {string} name @param {string} code */
  loadPython: (where, name, code) => arenas[where].ask("loadPython", { name, code }),

  /** What a function of such a module gives. */
  python: (where, module, name, given) => arenas[where].ask("python", { module, name, given }),

  /** @param {string} where @param {Job} job */
  async prepare(where, job) {
    await arenas[where].ask("prepare", job);
    await arenas[where].aim(job);
  },

  /**
   * Milliseconds from the response to the end: for ours, the end of the execution in the page's store;
   * for a peer, the list of its deltas on the page. And the text, for the judge; null if it was cut.
   * @param {string} where @param {string} who @param {Job} job @param {number | null} limit
   */
  async run(where, who, job, limit) {
    const arena = arenas[where];
    if (who === OURS) {
      const { endAt } = await arena.execute();
      const { startedAt } = await arena.ask("last");
      return { ms: endAt - startedAt, text: arena.text() };
    }
    const got = await arena.ask("run", { peer: who, ...job, limit: limit ?? Infinity });
    const ms = now() - got.startedAt;
    return { ms, text: got.cut ? null : got.deltas.join("") };
  },

  /**
   * Milliseconds to the first text on the page: from when the page began, from when fetch was called,
   * and from when the response was there.
   * @param {string} where @param {string} who @param {Job} job
   */
  async first(where, who, job) {
    const arena = arenas[where];
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    let began = now();
    let firstAt = 0;
    if (who === OURS) ({ began, firstAt } = await arena.execute());
    else {
      globalThis.benchTell = () => (firstAt = now());
      await arena.ask("first", job);
    }
    const { askedAt, startedAt } = await arena.ask("last");
    return { page: firstAt - began, fetch: firstAt - askedAt, response: firstAt - startedAt };
  },

  /** Runs the AI cell so many times. @param {string} where @param {number} times */
  async repeat(where, times) {
    for (let i = 0; i < times; i++) await arenas[where].execute();
    return arenas[where].text();
  },

  trace: (where, on) => arenas[where].ask("trace", on),
  measure: (where) => arenas[where].ask("measure"),
};

/** Does what it is told, call by call. It is not driven by DevTools, whose eyes on every request cost time. */
async function obey() {
  for (;;) {
    const { name, given } = await (await fetch("/bench/next")).json();
    let result;
    try {
      result = { value: await bench[name](...given) };
    } catch (error) {
      result = { error: `${error.stack ?? error}` };
    }
    await fetch("/bench/result", { method: "POST", body: JSON.stringify(result) });
  }
}

obey();
