import assert from "node:assert/strict";
import { test } from "node:test";

import { signal } from "@preact/signals";

import { memoryFiles } from "../../../../js/index.js";
import { Folder } from "../../../../web/app/folder/folder.js";

/** @param {string} path @param {string} [text] */
const file = (path, text = "x") => ({ path, content: new Blob([text]) });

async function open(/** @type {string[]} */ ...paths) {
  const store = memoryFiles(paths.map((path) => file(path)));
  const folder = new Folder(store, true, signal(""));
  await folder.refresh();
  return { store, folder };
}

test("files are added under free names, renamed, deleted and put back; nothing is written over", async () => {
  const { store, folder } = await open("a.csv");
  assert.deepEqual(await folder.add([file("a.csv", "new"), file("b/../c", "c")]), [
    "a (2).csv",
    "b/_/c",
  ]);
  assert.match(folder.notice.value, /“a \(2\)\.csv”.*“b\/_\/c”/);
  assert.equal(await folder.rename("a.csv", "a (2).csv"), false);
  assert.match(folder.problem.value.text, /There is a file “a \(2\)\.csv”/);
  assert.equal(await folder.rename("a.csv", "../a.csv"), false);
  assert.match(folder.problem.value.text, /leads out.*another name/);
  assert.equal(await folder.rename("a.csv", "old.csv"), true);
  assert.equal(folder.problem.value.text, "");
  await folder.remove("old.csv");
  await folder.remove("a (2).csv");
  await folder.add([file("old.csv", "another")]);
  await folder.undo();
  await folder.undo();
  assert.deepEqual(folder.paths.value, ["a (2).csv", "b/_/c", "old (2).csv", "old.csv"]);
  assert.deepEqual(
    (await store.list()).map(({ path }) => path).sort(),
    [...folder.paths.value].sort(),
  );
});

test("nothing is written over, also if the list has not been read yet", async () => {
  const store = memoryFiles([file("a.csv", "first")]);
  const folder = new Folder(store, true, signal(""));
  assert.deepEqual(await folder.add([file("a.csv", "second")]), ["a (2).csv"]);
});

test("what Python writes is shown", async () => {
  const { store, folder } = await open("a");
  await store.write([file("b"), { path: "a", content: null }], "Python");
  assert.deepEqual(folder.paths.value, ["b"]);
});

test("what cannot be stored is said, with its reason, and can be tried again without choosing it anew", async () => {
  const { store, folder } = await open();
  const { write } = store;
  store.write = async () => Promise.reject(new Error("the storage is full"));
  assert.deepEqual(await folder.add([file("a")]), []);
  assert.match(folder.problem.value.text, /“a” was not stored: the storage is full/);
  store.write = write;
  await folder.problem.value.again?.();
  assert.equal(folder.problem.value.text, "");
  assert.deepEqual(folder.paths.value, ["a"]);
});
