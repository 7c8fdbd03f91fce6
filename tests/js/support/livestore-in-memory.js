// A real LiveStore in this process's memory, closed when its test ends.

import { makeInMemoryAdapter } from "@livestore/adapter-web";
import { createStorePromise } from "@livestore/livestore";

/**
 * @param {import("node:test").TestContext} t
 * @param {any} schema
 * @returns {Promise<any>}
 */
export async function openStore(t, schema) {
  const adapter = makeInMemoryAdapter();
  const store = await createStorePromise({
    schema,
    adapter,
    storeId: "test",
    disableDevtools: true,
  });
  t.after(() => store.shutdown());
  return store;
}
