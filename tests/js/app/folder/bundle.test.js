import assert from "node:assert/strict";
import { test } from "node:test";

import { strToU8, zipSync } from "fflate";

import { LARGEST_BUNDLE, readBundle, writeBundle } from "../../../../web/app/folder/bundle.js";

/** @param {Record<string, string>} entries */
const zip = (entries) =>
  zipSync(Object.fromEntries(Object.entries(entries).map(([path, text]) => [path, strToU8(text)])));

/** @param {readonly { path: string, content: Blob }[]} files */
const told = (files) =>
  Promise.all(files.map(async ({ path, content }) => [path, await content.text()]));

test("a notebook and its files come back from the ZIP that they were put into", async () => {
  const files = [
    { path: "data/a.csv", content: new Blob(["ü\n"]) },
    { path: "😀.txt", content: new Blob([]) },
  ];
  const read = readBundle(await writeBundle("My notebook", '{"cells": []}', files));
  assert.equal(read.name, "My notebook");
  assert.equal(new TextDecoder().decode(read.ipynb), '{"cells": []}');
  assert.deepEqual(await told(read.files), [
    ["data/a.csv", "ü\n"],
    ["😀.txt", ""],
  ]);
});

test("no path in a ZIP leads out of the folder, and none is written over", async () => {
  const entries = { "n.ipynb": "{}", "files/../../x": "1", "files/_/_/x": "2", "files/": "" };
  const read = readBundle(zip({ ...entries, "/etc/passwd": "3", "files//a": "4" }));
  assert.deepEqual(await told(read.files), [
    ["_/_/x", "1"],
    ["_/_/x (2)", "2"],
    ["a", "4"],
  ]);
});

test("what is too large, no ZIP, or has no notebook is refused with what to do", async () => {
  const large = /** @type {any} */ ({ size: LARGEST_BUNDLE + 1 });
  await assert.rejects(
    writeBundle("n", "{}", [{ path: "a", content: large }]),
    /at most 256 MB.*Download/,
  );
  assert.throws(() => readBundle(strToU8("not a zip")), /no ZIP that can be read/);
  assert.throws(() => readBundle(zip({ "a/n.ipynb": "{}" })), /holds no notebook/);
});
