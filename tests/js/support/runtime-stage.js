// A runtime on a stand-in for Pyodide, with a worker of Node's threads for the browser's.

import assert from "node:assert/strict";
import { afterEach } from "node:test";

import { memoryStore, startRuntime } from "../../../js/index.js";
import { WebWorker } from "./web-worker.js";

Object.assign(globalThis, { Worker: WebWorker });
// A test that fails leaves its worker, which would keep this process alive.
afterEach(() => WebWorker.alive.forEach((worker) => worker.terminate()));

const pyodideURL = new URL("./stand-in", import.meta.url);
// A test may have mocked it.
const later = setTimeout;
const AT = "2026-01-01T00:00:00.000Z";
const LONGEST_MS = 60_000;

/** Lets the workers have their turn. */
export const turn = () => new Promise((resolve) => later(resolve));

/**
 * @param {() => unknown} condition
 * @param {string} what
 */
export async function until(condition, what) {
  const end = performance.now() + LONGEST_MS;
  while (!condition()) {
    if (performance.now() > end) assert.fail(`waited in vain: ${what}`);
    await turn();
  }
}

/** @param {any} [options] */
export async function start(options = {}) {
  const store = options.store ?? memoryStore([{ name: "test.first", args: {} }]);
  /** @type {any[]} */
  const statuses = [];
  const onStatus = (/** @type {any} */ ...status) => void statuses.push(status);
  const runtime = await startRuntime({ pyodideURL, onStatus, ...options, store });
  return { store, statuses, runtime };
}

/** @param {any} store */
export const names = (store) => store.events().map((/** @type {any} */ { name }) => name);

/** The sessions that have ended, and how. @param {any} store */
export const ends = (store) =>
  store
    .events()
    .filter((/** @type {any} */ { name }) => name === "v1.RuntimeSessionTerminated")
    .map((/** @type {any} */ { args }) => [args.sessionId, args.reason]);

/** @param {string} name @param {string} queueId @param {any} [more] */
export const execution = (name, queueId, more) => ({
  name,
  args: { queueId, cellId: "c", runtimeSessionId: "s", startedAt: AT, ...more },
});

/** Has the stand-in say that it executes these. @param {any} store @param {string[]} queueIds */
export function execute(store, ...queueIds) {
  const batch = queueIds.map((queueId) => execution("v1.ExecutionStarted", queueId));
  store.commit({ name: "test.emit", args: { batches: [JSON.stringify(batch)] } });
  return until(() => names(store).includes("v1.ExecutionStarted"), "the executions");
}
