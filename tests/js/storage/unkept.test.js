// What a page leaves behind when it goes before its notebook is written.

import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

import { leaveBehind, leftBehind } from "../../../web/storage/unkept.js";
import { storage, textOf } from "../support/browser-storage.js";

beforeEach(() => Object.assign(globalThis, { localStorage: storage() }));

const batch = (/** @type {string} */ id) => ({
  id,
  events: [{ name: "v1.NotebookTitleChanged", args: { title: id } }],
});

test("what tabs leave behind of a notebook is there until it is forgotten", () => {
  assert.ok(leaveBehind("nb", "tab-1", [batch("a"), batch("b")]));
  assert.ok(leaveBehind("nb", "tab-2", [batch("c")]));
  assert.ok(leaveBehind("nb-2", "tab-3", [batch("d")]));
  const { batches, forget } = leftBehind("nb");
  assert.deepEqual(batches, [batch("a"), batch("b"), batch("c")]);
  forget();
  assert.deepEqual(leftBehind("nb").batches, []);
  assert.deepEqual(leftBehind("nb-2").batches, [batch("d")]);
});

test("a tab that has written everything leaves nothing", () => {
  leaveBehind("nb", "tab-1", [batch("a")]);
  leaveBehind("nb", "tab-1", []);
  assert.equal(textOf(localStorage), "");
});

test("what others wrote there is passed over", () => {
  for (const [place, text] of ["{", "3", "null", '[{"id":1}]', '[null,{"id":"a"}]'].entries()) {
    localStorage.setItem(`runt-pyodide.unkept/nb/${place}`, text);
  }
  assert.deepEqual(leftBehind("nb").batches, []);
});

test("a browser without room or without a storage says so", () => {
  const refuse = () => {
    throw new DOMException("no", "QuotaExceededError");
  };
  Object.assign(globalThis, { localStorage: { ...storage(), setItem: refuse } });
  assert.ok(!leaveBehind("nb", "tab-1", [batch("a")]));
  Object.assign(globalThis, { localStorage: undefined });
  assert.deepEqual(leftBehind("nb").batches, []);
});
