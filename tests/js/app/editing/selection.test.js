import assert from "node:assert/strict";
import test from "node:test";

import { rangeOf, stepped } from "../../../../web/app/editing/selection.js";

const ORDER = ["a", "b", "c", "d", "e"];

test("a selection goes from where it began to the cell that has the focus", () => {
  /** @type {[string | null, string | null, string][]} */
  const cases = [
    [null, null, ""],
    ["a", null, ""],
    [null, "c", "c"],
    ["c", "c", "c"],
    ["b", "d", "bcd"],
    ["d", "b", "bcd"],
    ["gone", "b", "b"],
    ["a", "gone", ""],
  ];
  for (const [anchor, id, expected] of cases) {
    assert.equal(rangeOf(ORDER, anchor, id).join(""), expected, `${anchor} to ${id}`);
  }
});

test("selected cells move together, and not beyond the ends", () => {
  /** @type {[string, 1 | -1, string][]} */
  const cases = [
    ["b", 1, "acbde"],
    ["b", -1, "bacde"],
    ["bc", 1, "adbce"],
    ["bc", -1, "bcade"],
    ["a", -1, "abcde"],
    ["de", 1, "abcde"],
    ["abcde", 1, "abcde"],
  ];
  for (const [ids, step, expected] of cases) {
    assert.equal(stepped(ORDER, [...ids], step).join(""), expected, `${ids} by ${step}`);
  }
});
