import assert from "node:assert/strict";
import test from "node:test";

import { View } from "../../../../web/app/editing/view.js";

/** @param {string | null} text */
function storage(text) {
  return {
    getItem: () => text,
    setItem: (/** @type {string} */ _, /** @type {string} */ now) => void (text = now),
  };
}

test("what is set is there again on the next page", () => {
  const store = storage(null);
  const view = new View(store);
  assert.deepEqual(view.settings.value, { lineNumbers: false, wraps: true, isWide: false });
  view.toggle("lineNumbers");
  view.toggle("wraps");
  assert.deepEqual(new View(store).settings.value, {
    lineNumbers: true,
    wraps: false,
    isWide: false,
  });
});

test("a storage that holds anything else, or that fails, is no trouble", () => {
  for (const text of ["{", "null", "[]", '{"wraps": 1, "other": true}', '"x"'])
    assert.deepEqual(new View(storage(text)).settings.value, new View(undefined).settings.value);
  const full = { getItem: () => null, setItem: () => assert.fail("full") };
  const view = new View(full);
  view.toggle("isWide");
  assert.equal(view.settings.value.isWide, true);
});
