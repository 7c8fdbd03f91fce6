// Keeps a notebook's log in the browser's own file system, shared by the tabs that show the notebook. This is
// a separate chunk with all of LiveStore in it, loaded only if a notebook is kept.

/** @import { EventStore } from "../../js/types.d.ts" */

import { makePersistedAdapter } from "@livestore/adapter-web";
import { createStorePromise, makeShutdownDeferred } from "@livestore/livestore";
import { Deferred, Effect } from "@livestore/utils/effect";

import { schema } from "../../js/livestore-schema.js";
import { liveStore } from "../../js/livestore.js";

/**
 * @param {string} id of the notebook: letters, digits, "-" and "_"
 * @returns {Promise<EventStore>}
 */
export async function openPersisted(id) {
  const adapter = makePersistedAdapter({
    storage: { type: "opfs" },
    worker: (options) => new Worker(addressOf("storage-worker.js"), { ...options, type: "module" }),
    sharedWorker: (options) =>
      new SharedWorker(addressOf("storage-shared-worker.js"), { ...options, type: "module" }),
  });
  const shutdownDeferred = Effect.runSync(makeShutdownDeferred);
  let isOver = false;
  const store = await createStorePromise({
    schema,
    adapter,
    storeId: id,
    disableDevtools: true,
    confirmUnsavedChanges: true, // what was just committed may not be in the file yet
    shutdownDeferred,
  });
  const end = () => void (isOver = true);
  void Effect.runPromise(Deferred.await(shutdownDeferred)).then(end, end);
  return liveStore(store, { isOver: () => isOver });
}

/** @param {string} id of a notebook that no tab shows */
export async function deletePersisted(id) {
  const root = await navigator.storage.getDirectory();
  const folders = /** @type {any} */ (root).keys();
  for await (const name of folders) {
    if (name.startsWith(`livestore-${id}@`)) await root.removeEntry(name, { recursive: true });
  }
}

/** @param {string} name of a file beside this one */
function addressOf(name) {
  return new URL(`./${name}`, import.meta.url);
}
