import assert from "node:assert/strict";
import test from "node:test";

import { breakClass, breakable } from "../../../web/render/breakable.js";
import { LINEAR, growth, repeated } from "../support/growth.js";

test("text of any language stays as it is", () => {
  for (const text of [
    "naïve",
    "é".repeat(99),
    "ที่นี่ ".repeat(500),
    "日本語".repeat(200),
    "a".repeat(5000),
  ])
    assert.equal(breakable(text), text);
});

test("no letter has more than a hundred marks, no word of a joined script is endless", () => {
  const piled = breakable(`a${"\u0301".repeat(950)}b`);
  assert.equal(Math.max(...[...piled.matchAll(/\p{M}+/gu)].map(([marks]) => marks.length)), 100);
  assert.equal(piled.replaceAll("\u25cc", ""), `a${"\u0301".repeat(950)}b`);
  const word = breakable("\u0628".repeat(5500));
  assert.deepEqual(
    word.split("\u200c").map((part) => part.length),
    [1000, 1000, 1000, 1000, 1000, 500],
  );
  assert.doesNotMatch(breakable("👍".repeat(3000)), /\p{Surrogate}/u);
});

test("where words would be looked up, many letters have their lines broken anywhere", () => {
  for (const letters of ["\u0e01\u0e34", "\u1000\u102d", "\u1780", "\u0e81", "\u0e17 "]) {
    assert.equal(breakClass(letters.repeat(9_000)), "");
    assert.equal(breakClass(letters.repeat(25_000)), "breaks-anywhere");
  }
  for (const letters of ["a", "\u65e5", "\u0628", "é "]) {
    assert.equal(breakClass(letters.repeat(100_000)), "");
  }
});

test("it takes a time that grows with the text", () => {
  for (const piece of ["\u0301", `${"\u0301".repeat(99)}a`, "\u0628", "\u0628a", "é "])
    assert.ok(growth(repeated(piece), breakable, 30_000) < LINEAR, piece);
  assert.ok(growth(repeated("\u0e01 "), breakClass, 30_000) < LINEAR);
});
