import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import { compareText, indexBetween, indexOfPosition } from "../../../js/notebook/ordering.js";

/** The vectors that the Python twin is held to as well. */
const vectors = JSON.parse(
  await readFile(new URL("../../data/ordering.json", import.meta.url), "utf8"),
);

for (const [lower, upper, expected] of vectors) {
  test(`between ${lower} and ${upper}: ${expected}`, () => {
    if (expected === "RangeError") assert.throws(() => indexBetween(lower, upper), RangeError);
    else assert.equal(indexBetween(lower, upper), expected);
  });
}

test("2000 inserts at random places keep a strict order", () => {
  /** @type {string[]} */
  const indices = [];
  let seed = 7;
  for (let i = 0; i < 2000; i++) {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    const place = seed % (indices.length + 1);
    const index = indexBetween(indices[place - 1] ?? null, indices[place] ?? null);
    assert.doesNotMatch(index, /0$/);
    indices.splice(place, 0, index);
  }
  assert.deepEqual(indices, [...new Set(indices)].sort());
});

test("200 inserts at one place, and at each end, stay short", () => {
  let [low, high, inner] = ["i", "i", "j"];
  for (let i = 0; i < 200; i++) {
    low = indexBetween(null, low);
    high = indexBetween(high, null);
    inner = indexBetween("i", inner);
  }
  for (const index of [low, high, inner]) assert.ok(index.length <= 45, index);
});

test("a bound of other characters is named", () => {
  assert.throws(() => indexBetween("aB", null), /"aB" is not an index/);
});

test("texts are ordered by code points, where UTF-16 units would order otherwise", () => {
  const ordered = [
    "",
    "A",
    "a",
    "a\u{1f600}",
    "aa",
    "\ud7ff",
    "\ue000",
    "\uff5e",
    "\u{10000}",
    "\u{1f600}",
    "\u{1f600}a",
    "\u{10ffff}",
  ];
  const shuffled = [...ordered.slice(6).reverse(), ...ordered.slice(0, 6)];
  const byCodePoints = ordered.toSorted((a, b) => {
    const [one, other] = [[...a], [...b]].map((text) =>
      text.map((each) => each.codePointAt(0) ?? 0),
    );
    const at = one.findIndex((point, i) => point !== other[i]);
    return at < 0 ? one.length - other.length : one[at] - (other[at] ?? -1);
  });
  assert.deepEqual(shuffled.toSorted(compareText), byCodePoints);
  assert.notDeepEqual(byCodePoints, ordered.toSorted());
  assert.equal(compareText("x", "x"), 0);
});

for (const [position, index] of /** @type {[number, string][]} */ ([
  [0, "a0"],
  [-0, "a0"],
  [35.9, "az"],
  [-0.1, "a-1"],
  [-36, "a-10"],
  [Number.MAX_SAFE_INTEGER, "a2gosa7pa2gv"],
])) {
  test(`the position ${position} of old logs is the index ${index}`, () => {
    assert.equal(indexOfPosition(position), index);
  });
}
