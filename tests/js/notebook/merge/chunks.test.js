// The spans by which an editor turns one source into another.

import assert from "node:assert/strict";
import test from "node:test";

import { sourceChanges } from "../../../../js/notebook/index.js";
import { editedSource, random, randomSource } from "../../support/random.js";

test("a span is what has changed within a line", () => {
  assert.deepEqual(sourceChanges("x = 1\ny = 2\n", "x = 1\ny = 20\n"), [
    { from: 11, to: 11, insert: "0" },
  ]);
  assert.deepEqual(sourceChanges("a\nb\nc", "a\nc"), [{ from: 2, to: 4, insert: "" }]);
  assert.deepEqual(sourceChanges("a", "a\nb"), [{ from: 1, to: 1, insert: "\nb" }]);
  assert.deepEqual(sourceChanges("a\nb", "a"), [{ from: 1, to: 3, insert: "" }]);
  assert.deepEqual(sourceChanges("", "a"), [{ from: 0, to: 0, insert: "a" }]);
  assert.deepEqual(sourceChanges("a", "a"), []);
});

test("whatever the sources, the spans make one of the other, in order and without halves of letters", () => {
  const below = random(2);
  for (let left = 5000; left > 0; left--) {
    const before = randomSource(below).replaceAll("\r", "");
    const after = (below(2) ? editedSource(before, below, "😀") : randomSource(below)).replaceAll(
      "\r",
      "",
    );
    const told = JSON.stringify({ before, after });
    let made = "";
    let at = 0;
    for (const { from, to, insert } of sourceChanges(before, after)) {
      assert.ok(from >= at && to >= from && !/\p{Surrogate}/u.test(insert), told);
      made += before.slice(at, from) + insert;
      at = to;
    }
    assert.equal(made + before.slice(at), after, told);
  }
});
