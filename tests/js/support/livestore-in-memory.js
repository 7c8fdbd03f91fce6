// A real LiveStore in this process's memory, closed when its test ends.

import { makeInMemoryAdapter } from "@livestore/adapter-web";
import { createStorePromise } from "@livestore/livestore";

/**
 * @param {import("node:test").TestContext} t
 * @param {any} schema
 * @param {Uint8Array<ArrayBuffer>} [importSnapshot] the database that the store begins with
 * @returns {Promise<any>}
 */
export async function openStore(t, schema, importSnapshot) {
  const adapter = makeInMemoryAdapter({ importSnapshot });
  const store = await createStorePromise({
    schema,
    adapter,
    storeId: "test",
    disableDevtools: true,
  });
  t.after(() => store.shutdown());
  return store;
}
