// The text in an editor beside the source in the store.

import assert from "node:assert/strict";
import test from "node:test";

import { SharedSource } from "../../../web/editor/shared-source.js";

test("who does not type gets what others write", () => {
  const shared = new SharedSource("a");
  assert.equal(shared.receive("b"), undefined);
  assert.deepEqual([shared.text, shared.base, shared.isAhead], ["b", "b", false]);
});

test("what is typed is merged with what others write, and made from that from then on", () => {
  const shared = new SharedSource("a\nb");
  shared.text = "a\nb\nmine";
  assert.deepEqual(shared.receive("A\nb"), { isConflict: false });
  assert.deepEqual([shared.text, shared.base, shared.isAhead], ["A\nb\nmine", "A\nb", true]);
  assert.deepEqual(shared.receive("A\nB"), { isConflict: false });
  assert.equal(shared.text, "A\nB\nmine");
});

test("of a line that both have changed both versions stay", () => {
  const shared = new SharedSource("x = 1");
  shared.text = "x = 10";
  assert.deepEqual(shared.receive("x = 2"), { isConflict: true });
  assert.equal(shared.text, "x = 10\nx = 2");
});

test("what was committed comes back as it is", () => {
  const shared = new SharedSource("a");
  shared.text = "ab";
  assert.equal(shared.receive("ab"), undefined);
  assert.deepEqual([shared.text, shared.isAhead], ["ab", false]);
});

test("an editor has line breaks of one kind, and a source keeps its own until somebody types", () => {
  const shared = new SharedSource("a\r\nb\rc");
  assert.deepEqual([shared.text, shared.isAhead], ["a\nb\nc", false]);
  assert.equal(shared.receive("a\r\nb\rc\r\nd"), undefined);
  assert.equal(shared.text, "a\nb\nc\nd");
  const other = new SharedSource("a\r\nb");
  other.text = "a\nb\nmine";
  assert.deepEqual(other.receive("A\r\nb"), { isConflict: false });
  assert.equal(other.text, "A\nb\nmine");
});
