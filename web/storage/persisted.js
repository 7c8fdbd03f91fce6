// Opens the notebooks that this browser keeps. Their list is in notebooks.js.

/** @import { LogEvent } from "../../js/types.d.ts" */

import { Database } from "./database.js";
import { deleteEarlier, readEarlier } from "./earlier.js";
import { KeptStore } from "./kept-store.js";
import { leftBehind } from "./unkept.js";

/**
 * Opens a notebook. It never rejects: if the notebook cannot be kept, the store's `failure` says why.
 * @param {string} id letters, digits, "-" and "_"
 * @param {readonly LogEvent[]} [welcome] what it begins with if it is new
 * @returns {Promise<KeptStore>}
 */
export async function openPersisted(id, welcome = []) {
  const store = new KeptStore({
    id,
    welcome,
    open: (onLost) => Database.open(id, onLost),
    readEarlier: () => readEarlier(id),
  });
  await store.open();
  guard(store);
  return store;
}

/** @param {string} id of a notebook; a tab that shows it says that it is gone */
export async function deletePersisted(id) {
  await Database.delete(id);
  leftBehind(id).forget();
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
