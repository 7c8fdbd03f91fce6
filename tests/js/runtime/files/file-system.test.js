// With the file system of a real Pyodide: what Python's open() and os reach.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { loadPyodide } from "pyodide";

import { NotebookFileSystem } from "../../../../js/runtime/files/file-system.js";
import { HeldBlob, readHeld, useHeldBlobs } from "../../support/held-blob.js";
import { random } from "../../support/random.js";

const indexURL = fileURLToPath(new URL(".", import.meta.resolve("pyodide")));
const { FS, runPython } = await loadPyodide({ indexURL });
useHeldBlobs();

/** Mounts a folder with files. @param {Record<string, string>} [files] */
function mounted(files = {}) {
  const place = `/mounted-${Math.random()}`;
  FS.mkdir(place);
  const system = new NotebookFileSystem(FS, readHeld, () => {});
  system.mount(place);
  system.put(Object.entries(files).map(([path, text]) => change(path, text)));
  return { place, system };
}

/** @param {string} path @param {string | null} text @returns {any} */
function change(path, text) {
  return { path, content: text === null ? null : new HeldBlob([new TextEncoder().encode(text)]) };
}

/** All files in a folder, by their paths. @param {string} folder @returns {Record<string, string>} */
function treeOf(folder, prefix = "") {
  const names = FS.readdir(folder).filter((/** @type {string} */ name) => !/^\.+$/.test(name));
  return Object.assign(
    {},
    ...names.map((/** @type {string} */ name) => {
      const path = `${folder}/${name}`;
      if (FS.isDir(FS.stat(path).mode)) return treeOf(path, `${prefix}${name}/`);
      return { [prefix + name]: new TextDecoder().decode(FS.readFile(path)) };
    }),
  );
}

/** @param {any} system @param {Map<string, string>} told */
function follow(system, told) {
  for (const { path, content } of system.take()) {
    if (content === null) told.delete(path);
    else told.set(path, new TextDecoder().decode(content.bytes));
  }
}

/** Does one thing by chance; returns whether it could be done. @param {string} root @param {number[]} choice */
function act(root, [kind, a, b, size]) {
  const names = ["a", "b", "d", "d/a", "d/e", "d/e/a"];
  const [one, other] = [a, b].map((place) => `${root}/${names[place]}`);
  try {
    if (kind === 0) FS.writeFile(one, "x".repeat(size));
    else if (kind === 1) FS.mkdir(one);
    else if (kind === 2) FS.rename(one, other);
    else if (kind === 3) FS.unlink(one);
    else if (kind === 4) FS.rmdir(one);
    else if (kind === 5) FS.truncate(one, size);
    else {
      const stream = FS.open(one, kind === 6 ? "a" : "r+");
      FS.write(stream, new TextEncoder().encode("more"), 0, 4, kind === 6 ? undefined : size);
      FS.close(stream);
    }
    return true;
  } catch {
    return false;
  }
}

test("whatever is done there comes to what it comes to in Pyodide's own file system, and is told whole", () => {
  const next = random(21);
  for (let round = 0; round < 60; round += 1) {
    const { place, system } = mounted();
    const own = `/own-${round}`;
    FS.mkdir(own);
    const told = new Map();
    for (let step = 0; step < 25; step += 1) {
      const choice = [next(8), next(6), next(6), next(50)];
      assert.equal(act(place, choice), act(own, choice), `${round}: ${choice}`);
      if (next(4) === 0) follow(system, told);
    }
    follow(system, told);
    assert.deepEqual(treeOf(place), treeOf(own));
    assert.deepEqual(Object.fromEntries(told), treeOf(own));
  }
});

test("what the page puts in is there, replaces what was, also in an open file, and goes", () => {
  const { place, system } = mounted({ "data/a.csv": "x,y", "b.txt": "b" });
  assert.deepEqual(treeOf(place), { "data/a.csv": "x,y", "b.txt": "b" });
  const stream = FS.open(`${place}/b.txt`, "r");
  system.put([change("b.txt", "new"), change("data/a.csv", null)]);
  const buffer = new Uint8Array(9);
  assert.equal(FS.read(stream, buffer, 0, 9, 0), 3);
  assert.deepEqual(treeOf(place), { "b.txt": "new" });
  assert.deepEqual(FS.readdir(place), [".", "..", "b.txt"], "its folder has gone with it");
  assert.deepEqual(system.take(), [], "the page is not told of what it has done");
});

test("what belongs to the session is there and is not told", () => {
  const { place, system } = mounted();
  for (const name of [".ipython", "__pycache__"]) FS.mkdir(`${place}/${name}`);
  for (const name of [
    "notebook.db",
    "notebook.db-journal",
    ".ipython/h",
    "__pycache__/m.pyc",
    "kept.py",
  ])
    FS.writeFile(`${place}/${name}`, "x");
  assert.deepEqual(
    system.take().map(({ path }) => path),
    ["kept.py"],
  );
});

test("a file whose Blob is gone raises OSError, and the others stay", () => {
  const { place, system } = mounted({ a: "a" });
  system.put([{ path: "gone", content: /** @type {any} */ ({ size: 5, slice: () => null }) }]);
  const code = `
try:
    open("${place}/gone").read()
except OSError as error:
    said = str(error)
said, open("${place}/a").read()`;
  assert.deepEqual(runPython(code).toJs(), ["[Errno 29] I/O error", "a"]);
});
