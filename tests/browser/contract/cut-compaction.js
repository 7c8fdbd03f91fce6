// Runs the page's compaction worker, and ends it at a given step of the transaction that swaps the logs.

import { Database } from "../../../web/storage/database.js";
import { week } from "../../js/support/week.js";

const SMALL = { answers: 1, pieces: 200, runs: 30, lines: 10, renewals: 10 };

// In the worker: it counts the requests of a transaction that writes, and the answer to the last one; at the given
// count it says so and never goes on.
const COUNT = `(at) => {
  let count = 0;
  const step = () => {
    if ((count += 1) !== at) return;
    postMessage({ isCut: true });
    for (;;);
  };
  const inWriting = (store) => store.transaction.mode === "readwrite";
  const { prototype } = IDBObjectStore;
  for (const name of ["put", "delete", "getAll"]) {
    const ask = prototype[name];
    prototype[name] = function (...args) {
      if (!inWriting(this)) return ask.apply(this, args);
      step();
      const request = ask.apply(this, args);
      if (name === "getAll") request.addEventListener("success", step);
      return request;
    };
  }
}`;

/** @param {string} id of a new notebook */
export async function putSmall(id) {
  const database = await Database.open(id, () => {});
  const batches = week(SMALL).map((events, n) => ({ id: `tab.${n}`, events }));
  await database.begin(batches, "stamp");
  database.close();
}

/**
 * @param {string} id of a notebook
 * @param {number} at which step; Infinity for none
 * @returns {Promise<boolean>} whether there was such a step
 */
export async function compactUntil(id, at) {
  const address = new URL("./compaction-worker.js", import.meta.url).href;
  const script = `(${COUNT})(${at}); import("${address}").then(() => postMessage({ isReady: true }));`;
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), {
    type: "module",
  });
  const { promise, resolve, reject } = Promise.withResolvers();
  worker.onmessage = ({ data: { isReady, isCut, done, error } }) => {
    if (isReady) worker.postMessage(id);
    if (isCut || done) resolve(isCut === true);
    if (error) reject(new Error(error));
  };
  worker.onerror = ({ message }) => reject(new Error(message));
  try {
    return await promise;
  } finally {
    worker.terminate();
  }
}

/** Returns the rows of a notebook and what is told about them, as text. @param {string} id */
export async function logOf(id) {
  const database = await Database.open(id, () => {});
  const { compacted } = await database.extent();
  const rows = [];
  for await (const { number, events } of database.read(0)) rows.push([number, events]);
  database.close();
  return JSON.stringify([compacted, rows]);
}
