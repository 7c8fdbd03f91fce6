import assert from "node:assert/strict";
import { test } from "node:test";

import { memoryFiles } from "../../../../js/index.js";
import { SharedFiles } from "../../../../js/runtime/files/shared-files.js";

/** @param {string} path @param {string} text */
const change = (path, text) => ({ path, content: new Blob([text]) });

function stage() {
  const store = memoryFiles([change("a", "a")]);
  /** @type {string[]} */
  const told = [];
  /** @type {Error[]} */
  const troubles = [];
  const shared = new SharedFiles(store, (error) => void troubles.push(error));
  const python = { putFiles: (/** @type {any[]} */ all) => told.push(...all.map((it) => it.path)) };
  return { store, told, troubles, shared, python };
}

test("Python begins with what is stored, and is told what changes, also while it boots", async () => {
  const { store, told, shared, python } = stage();
  const first = await shared.open();
  assert.deepEqual(
    first?.map(({ path }) => path),
    ["a"],
  );
  await store.write([change("b", "b")]);
  shared.attach(/** @type {any} */ (python));
  await store.write([change("c", "c")]);
  assert.deepEqual(told, ["b", "c"]);
  shared.close();
  await store.write([change("d", "d")]);
  assert.deepEqual(told, ["b", "c"]);
});

test("what Python wrote is stored and not told to Python again, which may have written on", async () => {
  const { store, told, shared, python } = stage();
  await shared.open();
  shared.attach(/** @type {any} */ (python));
  await shared.take([change("b", "b")]);
  assert.equal((await store.list()).length, 2);
  assert.deepEqual(told, []);
});

test("a store that cannot list or write is told as a problem, and Python starts without files", async () => {
  const { troubles } = stage();
  const failing = async () => Promise.reject(new Error("full"));
  const store = /** @type {any} */ ({ list: failing, write: failing, subscribe: () => () => {} });
  const shared = new SharedFiles(store, (error) => void troubles.push(error));
  assert.deepEqual(await shared.open(), []);
  await shared.take([change("b", "b")]);
  assert.deepEqual(
    troubles.map(({ message }) => message),
    ["full", "full"],
  );
});

test("what could not be stored is tried again once something could, unless it was written anew", async () => {
  const { store, troubles } = stage();
  let isFull = true;
  const write = async (/** @type {any[]} */ changes, /** @type {unknown} */ source) => {
    if (isFull || changes.some(({ path }) => path === "never")) throw new Error("full");
    await store.write(changes, source);
  };
  const shared = new SharedFiles({ ...store, write }, (error) => void troubles.push(error));
  await shared.open();
  await shared.take([change("b", "old"), change("never", "")]);
  await shared.take([change("c", "c")]);
  await shared.take([change("b", "new")]);
  assert.equal(troubles.length, 3);
  isFull = false;
  await store.write([change("c", "a person's")]);
  await shared.take([]);
  const files = await store.list();
  const texts = files.map(async ({ path, content }) => [path, await content.text()]);
  assert.deepEqual((await Promise.all(texts)).sort(), [
    ["a", "a"],
    ["b", "new"],
    ["c", "a person's"],
  ]);
  assert.equal(troubles.length, 3);
});
