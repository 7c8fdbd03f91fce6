// Has a notebook compacted before it is opened, if it has grown much since it was last, and no other tab shows it.
//
// While a tab shows a notebook it holds the notebook's lock together with others; whoever compacts it holds it alone.
// The log changes in one transaction, at the end: a tab that is closed before leaves it as it was.

import { Database } from "../database.js";
import { forgetSize } from "../sizes.js";
import { leftBehind } from "../unkept.js";

/** @import { Opening } from "../opening.js" */

/** Rows that have come since: about an hour of streamed answers. */
const MANY = 5000;
/** For how long a compaction may do nothing that can be seen. */
const PATIENCE_MS = 30_000;

/**
 * Returns once the notebook can be read, and until the page is closed nobody compacts it. Never rejects: a notebook
 * that cannot be compacted is opened as it is.
 * @param {string} id
 * @param {Opening} opening
 */
export async function tidy(id, opening) {
  if (!navigator.locks) return; // only in secure contexts
  const name = lockOf(id);
  await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await tidyAlone(id, opening);
    else opening.show("waiting"); // also for a tab that only shows it: then this is over at once
  });
  await new Promise((resolve) => {
    const hold = () => new Promise(() => resolve(undefined));
    void navigator.locks.request(name, { mode: "shared" }, hold);
  });
  opening.show("reading");
}

/**
 * Reads or writes a notebook that this page does not show, while nobody compacts it.
 * @template T
 * @param {string} id
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withoutCompaction(id, work) {
  const { locks } = navigator; // only in secure contexts
  return locks ? locks.request(lockOf(id), { mode: "shared" }, work) : work();
}

/** @param {string} id of a notebook */
function lockOf(id) {
  return `runt-pyodide/notebook/${id}`;
}

/** @param {string} id @param {Opening} opening */
async function tidyAlone(id, opening) {
  try {
    if (!(await hasGrown(id))) return;
    await compactApart(id, opening);
    forgetSize(id); // it was that of more rows
  } catch (error) {
    console.warn("The notebook was not compacted.", error);
  }
}

/** @param {string} id */
async function hasGrown(id) {
  const database = await Database.open(id, () => database.close());
  try {
    // What an earlier page left must stand before the log is written anew: its ids are those of old rows.
    const left = leftBehind(id);
    if ((await database.begun) === undefined) return false;
    await database.addMissing(left.batches);
    left.forget();
    const { count, compacted, examined = 0, last } = await database.extent();
    return count - (compacted?.rows ?? 0) > MANY && last - examined > MANY;
  } finally {
    database.close();
  }
}

/** Resolves once it is compacted, or the person does not want to wait. @param {string} id @param {Opening} opening */
async function compactApart(id, opening) {
  const worker = new Worker(new URL("./compaction-worker.js", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers();
  const tooLong = () => reject(new Error("It took too long."));
  let patience = setTimeout(tooLong, PATIENCE_MS);
  worker.onmessage = ({ data: { fraction, done, error } }) => {
    clearTimeout(patience);
    patience = setTimeout(tooLong, PATIENCE_MS);
    if (fraction !== undefined) opening.fraction.value = fraction;
    if (done) resolve(done);
    if (error) reject(new Error(error));
  };
  worker.onerror = ({ message }) => reject(new Error(message));
  opening.show("compacting", () => resolve(undefined));
  worker.postMessage(id);
  try {
    await promise;
  } finally {
    clearTimeout(patience);
    worker.terminate();
    opening.show("reading");
  }
}
