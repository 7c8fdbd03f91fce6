import assert from "node:assert/strict";
import test from "node:test";

import {
  cell,
  cleared,
  delta,
  event,
  fold,
  markdown,
  request,
  texts,
} from "../../support/events.js";

test("outputs are ordered by position, then by id, and added once", () => {
  const { notebook } = fold(
    markdown("b", 1, "third"),
    markdown("a", 1, "second"),
    markdown("c", 0, "first"),
    markdown("a", 0, "again"),
  );
  assert.deepEqual(texts(notebook), ["first", "second", "third"]);
});

test("a clear takes all outputs, for good; with wait, when the next one comes", () => {
  const { notebook } = fold(markdown("o", 0, "old"), cleared(), delta(0, { text: "late" }));
  notebook.apply([markdown("o", 0, "old")]);
  assert.deepEqual(texts(notebook), []);
  notebook.apply([markdown("p", 0, "kept"), cleared(true)]);
  assert.deepEqual(texts(notebook), ["kept"]);
  notebook.apply([markdown("q", 0, "new"), markdown("r", 1, "more")]);
  assert.deepEqual(texts(notebook), ["new", "more"]);
  notebook.apply([event("v1.AllOutputsCleared", { clearedBy: "me" })]);
  assert.deepEqual(texts(notebook), []);
});

test("a text delta touches its output and nothing else", () => {
  const { notebook } = fold(cell("c", "i"), request("q"), markdown("o", 0, "a"));
  assert.deepEqual([...notebook.apply([delta(0, { text: "b" })])], ["output/o"]);
});
