// Deletes notebooks, a while after a person has said so. Until then a notebook is only marked, in the browser's storage:
// every tab offers to take the mark away, and the next page deletes what no page could.

/** @import { Kept } from "./notebooks.js" */

import { forgetNotebook, listNotebooks, markDeleted, notebookOf } from "./notebooks.js";
import { forgetSize } from "./sizes.js";
import { deletePersisted } from "./persisted.js";

/** How long a delete can be undone. */
export const UNDO_MS = 30_000;

/** @param {string} id of a notebook that is to be deleted, in a while */
export function planDeletion(id) {
  markDeleted(id, new Date().toISOString());
}

/** Takes a planned deletion back. @param {string} id @returns {Promise<void>} rejects if the notebook is gone */
export async function undoDeletion(id) {
  await withNotebook(id, async () => markDeleted(id));
}

/** Deletes a notebook whose deletion is planned, unless that is taken back. @param {string} id */
export async function finishDeletion(id) {
  await inTurn(id, async () => {
    if (notebookOf(id)?.deletedAt === undefined) return;
    await deletePersisted(id);
    forgetNotebook(id);
    forgetSize(id);
  });
}

/**
 * Deletes what it is time for.
 * @param {() => void} onDeleted called after each
 * @returns {number} in how many ms it is time for the next; Infinity if there is none
 */
export function finishDue(onDeleted) {
  let next = Infinity;
  for (const kept of listNotebooks()) {
    const left = timeLeft(kept);
    if (left > 0) next = Math.min(next, left);
    else void finishDeletion(kept.id).then(onDeleted, () => {}); // the next page tries again
  }
  return next;
}

/** Deletes a notebook if it is time for that. @param {string} id */
export async function finishIfDue(id) {
  const kept = notebookOf(id);
  if (kept && timeLeft(kept) <= 0) await finishDeletion(id);
}

/** In how many ms it is time to delete a notebook; Infinity if that is not planned. @param {Kept} kept */
function timeLeft({ deletedAt }) {
  if (deletedAt === undefined) return Infinity;
  const left = Date.parse(deletedAt) + UNDO_MS - Date.now();
  return left <= UNDO_MS ? left : 0; // the clock was set back, or it is no time
}

/**
 * Does something with a notebook that no other tab is deleting meanwhile.
 * @template T
 * @param {string} id
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} rejects if the notebook is gone
 */
export function withNotebook(id, work) {
  return inTurn(id, async () => {
    if (notebookOf(id)) return work();
    throw new Error("This notebook was deleted in another tab.");
  });
}

/** @template T @param {string} id @param {() => Promise<T>} work @returns {Promise<T>} */
async function inTurn(id, work) {
  const { locks } = navigator; // only in secure contexts
  return locks ? locks.request(`runt-pyodide/list/${id}`, work) : work();
}
