// Renders, and finds, in a worker what may take long. A worker can be ended, which a function cannot: after 2 seconds it is, and
// the next text gets a new one.

/** @import { Query } from "../find.js" */

/**
 * @typedef {{ kind: "blocks", text: string }
 *   | { kind: "formula", tex: string, isDisplay: boolean }
 *   | { kind: "find", texts: readonly string[], query: Query }} Job
 * @typedef {{ kind: "ready" } | { kind: "done", result: unknown } | { kind: "failed", reason: string }} Report
 */

/** From when the worker has begun. */
const LIMIT_MS = 2000;
/** Why what took too long was ended. */
export const TOO_LONG = "it takes too long";
/** Until it has loaded, which depends on the network. */
const LOADING_MS = 30_000;

/** @type {Promise<Worker> | undefined} */
let starting;
/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * Renders one text after the other.
 * @param {Job} job
 * @returns {Promise<unknown>} of "blocks" a list of HTML, of "formula" HTML, of "find" matches
 * @throws {Error} if it took too long, or could not be rendered
 */
export function renderApart(job) {
  const done = last.then(() => run(job));
  last = done.catch(() => {});
  return done;
}

/** @param {Job} job */
async function run(job) {
  starting ??= start();
  try {
    const worker = await starting;
    const answer = nextReport(worker, LIMIT_MS);
    worker.postMessage(job);
    const report = await answer;
    if (report.kind === "done") return report.result;
    throw new Error(report.kind === "failed" ? report.reason : "it said nothing");
  } catch (error) {
    void starting.then((worker) => worker.terminate()).catch(() => {});
    starting = undefined;
    throw error;
  }
}

async function start() {
  const worker = new Worker(new URL("./render-worker.js", import.meta.url), { type: "module" });
  await nextReport(worker, LOADING_MS);
  return worker;
}

/** @param {Worker} worker @param {number} limit milliseconds @returns {Promise<Report>} */
function nextReport(worker, limit) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const watch = setTimeout(() => reject(new Error(TOO_LONG)), limit);
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message || "the worker cannot be loaded"));
  };
  return promise.finally(() => clearTimeout(watch));
}
