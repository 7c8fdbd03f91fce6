// What a notebook's database holds may have been written by anything.

import assert from "node:assert/strict";
import test from "node:test";

import { readStored } from "../../../web/storage/stored-events.js";

const good = { name: "v1.NotebookTitleChanged", args: { title: "T" } };
const news = { name: "v9.News", args: {} };

test("events are read, and parts that are none are counted and left out", (t) => {
  t.mock.method(console, "error", () => {});
  for (const [text, read, refused] of [
    ["[]", [], 0],
    [JSON.stringify([good, news]), [good, news], 0],
    [JSON.stringify([good, { name: "v1.CellDeleted", args: {} }, null, news]), [good, news], 2],
    ['{"name":"v1.NotebookTitleChanged"}', [], 1],
    [JSON.stringify([good]).slice(0, 9), [], 1],
    ["", [], 1],
    ["null", [], 1],
  ]) {
    assert.deepEqual(readStored(/** @type {string} */ (text)), { read, refused });
  }
});
