import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../../js/index.js";
import { openNotebook } from "../../../../js/notebook/index.js";
import { Imports } from "../../../../web/app/kept/imports.js";

const NOTEBOOK = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] });

/** A page with an empty notebook, and what it tells. */
function openPage() {
  const nb = openNotebook(memoryStore());
  const told = { trouble: { value: "" }, announcement: { value: "" } };
  const page = {
    nb,
    dialogs: {},
    session: { trouble: told.trouble },
    announcement: told.announcement,
  };
  return { nb, told, imports: new Imports(/** @type {any} */ (page)) };
}

/** @param {string} name @param {string} [path] @returns {any} */
function file(name, path = name, size = NOTEBOOK.length) {
  const arrayBuffer = async () => new TextEncoder().encode(NOTEBOOK).buffer;
  return { name, size, webkitRelativePath: path, arrayBuffer };
}

/** Lets the chooser give these files. @param {any[]} files @param {(input: any) => void} [look] */
function choose(files, look = () => {}) {
  const createElement = () => {
    /** @type {any} */
    const input = { files, click: () => (look(input), input.onchange()) };
    return input;
  };
  Object.assign(globalThis, { document: { createElement } });
}

test("a file of more than 64 MB is refused, unread, with its size and what to do", async () => {
  const { told, imports } = openPage();
  const big = { ...file("big.ipynb", "big.ipynb", (64 << 20) + 1), arrayBuffer: assert.fail };
  await imports.take([big]);
  assert.equal(
    told.trouble.value,
    "This file has 65 MB, and at most 64 MB can be opened. Clear its largest outputs in Jupyter, and import it again.",
  );
  assert.equal(told.announcement.value, "");
});

test("a file of 64 MB is taken", async () => {
  const { nb, told, imports } = openPage();
  await imports.take([file("mine.ipynb", "mine.ipynb", 64 << 20)]);
  assert.deepEqual([told.trouble.value, nb.title], ["", "mine"]);
});

test("of a folder the notebooks are taken, but no checkpoints", async () => {
  const { nb, told, imports } = openPage();
  const hidden = file("a.ipynb", "course/.ipynb_checkpoints/a.ipynb");
  choose(
    [hidden, file("notes.txt", "course/notes.txt"), file("a.ipynb", "course/a.ipynb")],
    (input) => assert.deepEqual([input.webkitdirectory, input.multiple], [true, true]),
  );
  await imports.chooseFolder();
  assert.deepEqual([told.trouble.value, nb.title], ["", "a"]);
});

test("a folder without a notebook is told", async () => {
  const { told, imports } = openPage();
  choose([file("notes.txt", "course/notes.txt")]);
  await imports.chooseFolder();
  assert.equal(told.trouble.value, "There is no notebook (.ipynb) in that folder.");
});

test("of a folder that is dropped the notebooks are taken", async () => {
  const { nb, told, imports } = openPage();
  const entry = { name: "a.ipynb", fullPath: "/c/a.ipynb", isDirectory: false };
  const inner = { ...entry, file: (/** @type {any} */ resolve) => resolve(file("a.ipynb")) };
  const readers = [[inner], []];
  const createReader = () => ({ readEntries: (/** @type {any} */ give) => give(readers.shift()) });
  const folder = { name: "c", fullPath: "/c", isDirectory: true, createReader };
  const items = [{ webkitGetAsEntry: () => folder }];
  const event = { dataTransfer: { types: ["Files"], items, files: [] }, preventDefault() {} };
  await imports.drop(/** @type {any} */ (event));
  assert.deepEqual([told.trouble.value, nb.title], ["", "a"]);
});
