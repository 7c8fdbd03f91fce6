import assert from "node:assert/strict";
import test from "node:test";

import { Drafts } from "../../../web/app/drafts.js";

/** Drafts, and what they wrote. @param {test.TestContext} t */
function open(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {[string, string][]} */
  const written = [];
  const drafts = new Drafts((cellId, source) => void written.push([cellId, source]));
  return { drafts, written };
}

test("a draft is written after a pause, as it is then, and once", (t) => {
  const { drafts, written } = open(t);
  drafts.set("a", "x");
  t.mock.timers.tick(299);
  drafts.set("a", "xy");
  t.mock.timers.tick(299);
  assert.deepEqual([written, drafts.has("a")], [[], true]);
  t.mock.timers.tick(1);
  assert.deepEqual([written, drafts.has("a")], [[["a", "xy"]], false]);
  t.mock.timers.tick(1000);
  drafts.flush("a");
  assert.equal(written.length, 1);
});

test("a flush does not wait, and leaves the drafts of other cells", (t) => {
  const { drafts, written } = open(t);
  drafts.set("a", "1");
  drafts.set("b", "2");
  drafts.flush("a");
  assert.deepEqual([written, drafts.has("b")], [[["a", "1"]], true]);
  drafts.set("c", "3");
  drafts.flushAll();
  t.mock.timers.tick(1000);
  assert.deepEqual(written, [
    ["a", "1"],
    ["b", "2"],
    ["c", "3"],
  ]);
});
