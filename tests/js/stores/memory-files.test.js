import assert from "node:assert/strict";
import { test } from "node:test";

import { memoryFiles } from "../../../js/index.js";
import { faultOfPath, readChanges } from "../../../js/notebook/files/file-changes.js";

/** @param {string} text */
const blob = (text) => new Blob([text]);

test("a path is one of a file in the folder, whatever letters it has; none leads out of it", () => {
  const good = ["a", "data/sales 2026.csv", "😀/ü.txt", "...", "a..b", ".hidden", "<b>&\"'", "CON"];
  const bad = [
    ...["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "a\nb", "a\0b", "\u007f"],
    ...["\ud800", "a".repeat(256), "ü".repeat(128), Array(900).fill("aaaaa").join("/")],
    ...[undefined, null, 7, ["a"]],
  ];
  for (const path of good) assert.equal(faultOfPath(path), "", path);
  for (const path of bad) assert.match(faultOfPath(path), /\.$/, String(path));
});

test("a bad path in memory is refused with all that comes with it; what is no Blob too", async () => {
  const files = memoryFiles([{ path: "a", content: blob("a") }]);
  const good = { path: "b", content: blob("b") };
  await assert.rejects(files.write([good, { path: "../c", content: blob("c") }]), /leads out/);
  const odd = /** @type {any} */ ({ path: "c", content: "text" });
  await assert.rejects(files.write([good, odd]), /a Blob, or null/);
  assert.deepEqual(
    (await files.list()).map(({ path }) => path),
    ["a"],
  );
  assert.throws(() => memoryFiles([{ path: "", content: blob("") }]), TypeError);
});

test("listeners are told of every change and who made it, until they leave", async () => {
  const files = memoryFiles();
  /** @type {unknown[]} */
  const told = [];
  const stop = files.subscribe((changes, source) =>
    told.push([source, changes.map(({ path, content }) => [path, content?.size])]),
  );
  await files.write([{ path: "a", content: blob("abc") }], "me");
  await files.write([{ path: "a", content: null }]);
  stop();
  await files.write([{ path: "b", content: blob("") }]);
  assert.deepEqual(told, [
    ["me", [["a", 3]]],
    [undefined, [["a", undefined]]],
  ]);
});

test("of what Python wrote, that is left out which a notebook cannot hold", () => {
  const read = readChanges([
    { path: "a\nb", content: blob("") },
    { path: "good", content: null, modifiedAt: NaN },
  ]);
  assert.deepEqual(
    read.map(({ path }) => path),
    ["good"],
  );
  assert.ok(Number.isFinite(read[0].modifiedAt));
  for (const odd of [null, {}, [null], [{ path: "a", content: 1 }]])
    assert.throws(() => readChanges(odd), TypeError);
});
