// Opens the notebooks that this browser keeps. Their list is in notebooks.js.

/** @import { LogEvent } from "../../js/types.d.ts" */

import { Database } from "./database.js";
import { deleteEarlier, readEarlier } from "./earlier/earlier.js";
import { deleteFiles } from "./folder/kept-files.js";
import { KeptStore } from "./kept-store.js";
import { Opening } from "./opening.js";
import { tidy, withoutCompaction } from "./compaction/tidying.js";
import { leftBehind } from "./unkept.js";
import { SeenDamage, Wholeness } from "./wholeness.js";

const NOT_STORED =
  "The browser does not store this: its storage may be full. Make room, such as by deleting other notebooks, and try again.";
const NOT_READ =
  "The browser’s storage does not give this notebook. Open it to see why, and to export its raw log.";

/**
 * Opens a notebook. It never rejects: if the notebook cannot be kept, the store's `failure` says why.
 * @param {string} id letters, digits, "-" and "_"
 * @param {readonly LogEvent[]} [welcome] what it begins with if it is new
 * @param {Opening} [opening] shows how far it is
 * @returns {Promise<KeptStore>}
 */
export async function openPersisted(id, welcome = [], opening = new Opening(id)) {
  const onProgress = (/** @type {number} */ fraction) => (opening.fraction.value = fraction);
  const store = storeOf(id, { welcome, onProgress });
  await tidy(id, opening);
  await store.open();
  guard(store);
  return store;
}

/**
 * Opens a notebook that this page does not show, and closes it after some work. Rejects if what the work commits is not
 * kept, or the notebook cannot be read.
 * @template T
 * @param {string} id
 * @param {(store: KeptStore) => T} work
 * @returns {Promise<T>}
 */
export async function withPersisted(id, work) {
  return withoutCompaction(id, () => brieflyOpen(storeOf(id), work, NOT_READ));
}

/** Keeps events as a new notebook. Rejects if they are not kept. @param {string} id @param {readonly LogEvent[]} events */
export async function keepNew(id, events) {
  await brieflyOpen(storeOf(id, { readEarlier: async () => events }), () => {}, NOT_STORED);
}

/**
 * @template T
 * @param {KeptStore} store
 * @param {(store: KeptStore) => T} work
 * @param {string} notOpened what is said if it cannot be opened
 */
async function brieflyOpen(store, work, notOpened) {
  const mustBeKept = (/** @type {string} */ otherwise) => {
    const cause = store.failure.peek();
    if (cause) throw new Error(otherwise, { cause });
  };
  try {
    await store.open();
    mustBeKept(notOpened);
    const result = work(store);
    await store.refresh();
    mustBeKept(NOT_STORED);
    return result;
  } finally {
    store.close();
  }
}

/** @param {string} id @param {Partial<import("./kept-store.js").Options>} [options] */
function storeOf(id, options) {
  return new KeptStore({
    id,
    welcome: [],
    open: (onLost) => Database.open(id, onLost),
    readEarlier: () => readEarlier(id),
    ...options,
  });
}

/** @param {string} id of a notebook; a tab that shows it says that it is gone */
export async function deletePersisted(id) {
  await Database.delete(id);
  await deleteFiles(id);
  leftBehind(id).forget();
  new Wholeness(id).forget();
  new SeenDamage(id).put("");
  await deleteEarlier(id);
}

/** Loses nothing when the page goes, and misses nothing when it comes back. @param {KeptStore} store */
function guard(store) {
  addEventListener("pagehide", () => store.leave());
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") store.leave();
    else void store.refresh();
  });
  addEventListener("beforeunload", (event) => {
    if (!store.leave()) event.preventDefault();
  });
}
