import assert from "node:assert/strict";
import test from "node:test";

import { filesOf } from "../../../../web/app/kept/dropped.js";

/** An entry as a browser gives it: a folder's are read a hundred at once. @param {string} path @param {any[]} [children] */
function entry(path, children) {
  const name = /** @type {string} */ (path.split("/").at(-1));
  const file = (/** @type {(file: any) => void} */ resolve) => resolve({ name, path });
  const createReader = () => {
    const left = [...(children ?? [])];
    const readEntries = (/** @type {(some: any[]) => void} */ resolve) =>
      resolve(left.splice(0, 100));
    return { readEntries };
  };
  return { name, fullPath: path, isDirectory: children !== undefined, file, createReader };
}

/** @param {any[]} entries @param {any[]} [files] @returns {any} */
function dropped(entries, files = []) {
  return { items: entries.map((one) => ({ webkitGetAsEntry: () => one })), files };
}

test("folders are walked, and what is hidden in them is left out", async () => {
  const folder = entry("/course", [
    entry("/course/b.ipynb"),
    entry("/course/.ipynb_checkpoints", [entry("/course/.ipynb_checkpoints/b.ipynb")]),
    entry("/course/a", [entry("/course/a/z.ipynb"), entry("/course/a/.hidden.ipynb")]),
    entry("/course/empty", []),
  ]);
  const files = await filesOf(dropped([folder, entry("/x.ipynb")]));
  assert.deepEqual(
    files.map(({ path }) => path),
    ["course/a/z.ipynb", "course/b.ipynb", "x.ipynb"],
  );
});

test("a folder of more files than a browser gives at once is read whole", async () => {
  const children = Array.from({ length: 250 }, (_, n) => entry(`/many/${n}.ipynb`));
  assert.equal((await filesOf(dropped([entry("/many", children)]))).length, 250);
});

test("a folder of very many files is refused in a sentence", async () => {
  const many = Array.from({ length: 5_001 }, (_, n) => entry(`/many/${n}`));
  await assert.rejects(filesOf(dropped([entry("/many", many)])), /More than 5000 files/);
});

test("a folder that cannot be read is an error", async () => {
  const locked = entry("/locked", []);
  const readEntries = (/** @type {any} */ _, /** @type {any} */ reject) => reject(new Error("no"));
  Object.assign(locked, { createReader: () => ({ readEntries }) });
  await assert.rejects(filesOf(dropped([locked])), /no/);
});

test("where a browser knows no entries, the files are taken", async () => {
  const file = new File([], "a.ipynb");
  const found = await filesOf(/** @type {any} */ ({ items: [{}], files: [file] }));
  assert.deepEqual(found, [{ path: "a.ipynb", content: file }]);
});
