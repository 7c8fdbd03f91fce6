import assert from "node:assert/strict";
import test from "node:test";

import { fileName } from "../../../web/app/files.js";

const CASES = [
  ["Sales in May", "Sales in May"],
  ["", "notebook"],
  [" \u200b\u3000 ", "notebook"],
  ["invoice\u202egpj", "invoice gpj"],
  ['a/b\\c:d*e?f"g<h>i|j\nk\tl\0m', "a b c d e f g h i j k l m"],
  ["../../etc/passwd", ".. .. etc passwd"],
  ["\ud800", "notebook"],
  ["Familie 👨‍👩‍👧", "Familie 👨‍👩‍👧"],
  ["😀".repeat(100), "😀".repeat(80)],
  ["x".repeat(1_000_000), "x".repeat(80)],
];

for (const [title, name] of CASES) {
  test(`the file of a notebook called ${JSON.stringify(title.slice(0, 20))}`, () => {
    assert.equal(fileName(title), name);
  });
}
