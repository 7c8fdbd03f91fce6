// Opens a LiveStore log in OPFS and reads it. This is a separate chunk with all of LiveStore in it.

/** @import { LogEvent } from "../../../js/types.d.ts" */

import { makePersistedAdapter } from "@livestore/adapter-web";
import { createStorePromise } from "@livestore/livestore";

import { schema } from "../../../js/livestore-schema.js";
import { liveStore } from "../../../js/livestore.js";

/** @param {string} id of a notebook @returns {Promise<readonly LogEvent[]>} */
export async function readLiveStore(id) {
  const adapter = makePersistedAdapter({
    storage: { type: "opfs" },
    worker: (options) => new Worker(addressOf("storage-worker.js"), { ...options, type: "module" }),
    sharedWorker: (options) =>
      new SharedWorker(addressOf("storage-shared-worker.js"), { ...options, type: "module" }),
    // The state is read by SQLite, not as bytes of its file, where the end of a transaction may be missing.
    experimental: { disableFastPath: true },
  });
  const store = await createStorePromise({ schema, adapter, storeId: id, disableDevtools: true });
  try {
    return liveStore(store).events();
  } finally {
    await store.shutdown();
  }
}

/** @param {string} name of a file beside this one */
function addressOf(name) {
  return new URL(`./${name}`, import.meta.url);
}
