import assert from "node:assert/strict";
import { test } from "node:test";

import { previewOf, readTable } from "../../../../web/app/folder/preview.js";

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);
/** @param {string} path @param {Uint8Array | string} bytes @param {string} [encoding] @returns {Promise<any>} */
const preview = (path, bytes, encoding) =>
  previewOf(path, new Blob([/** @type {any} */ (bytes)]), encoding);

test("a table is read as RFC 4180 has it, with the separator that its first line has", () => {
  assert.deepEqual(readTable('a,b\r\n"x, ""y""",\n,"1\n2"\n'), [
    ["a", "b"],
    ['x, "y"', ""],
    ["", "1\n2"],
  ]);
  assert.deepEqual(readTable("a;b\n1,5;2"), [
    ["a", "b"],
    ["1,5", "2"],
  ]);
  assert.deepEqual(readTable("a\tb"), [["a", "b"]]);
  assert.deepEqual(readTable('a,b\n"never closed,1\n2'), [["a", "b"]]);
  assert.equal(readTable("x\n".repeat(1000)).length, 50);
});

test("text in another encoding is said to be, and is read as the one that is chosen", async () => {
  const latin = Uint8Array.from([...utf8("name,city\nA,K"), 0xf6, ...utf8("ln\n")]);
  const wrong = await preview("a.csv", latin);
  assert.equal(wrong.kind, "table");
  assert.equal(wrong.isWrong, true);
  assert.deepEqual(wrong.rows[1], ["A", "K\ufffdln"]);
  const right = await preview("a.csv", latin, "windows-1252");
  assert.deepEqual([right.isWrong, right.rows[1][1]], [false, "Köln"]);
  const wide = new Uint8Array(new Uint16Array([0xfeff, 0x61, 0x2c, 0x62]).buffer);
  assert.deepEqual((await preview("a.csv", wide)).rows, [["a", "b"]]);
});

test("of a large file only the beginning is read, up to its last whole line, and no letter is cut", async () => {
  const large = await preview("a.csv", "ü,ü\n".repeat(40_000));
  assert.deepEqual([large.isWhole, large.isWrong], [false, false]);
  assert.ok(large.rows.every((/** @type {string[]} */ row) => row.join() === "ü,ü"));
  assert.equal((await preview("a.txt", "ü".repeat(60_000))).isWrong, false);
});

test("what is no text says so, and an empty file too", async () => {
  assert.equal((await preview("a.bin", Uint8Array.from([1, 0, 2]))).kind, "binary");
  assert.equal((await preview("a.csv", "")).kind, "empty");
});
