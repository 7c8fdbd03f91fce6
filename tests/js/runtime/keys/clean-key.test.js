import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { cleanKey, isSendable } from "../../../../js/runtime/keys/clean-key.js";

const KEY = "sk-proj_A1.b~c+d/e==";
const { around, kept, none } = JSON.parse(
  readFileSync(new URL("../../../data/pasted-keys.json", import.meta.url), "utf8"),
);

test("what was copied with a key is taken off, as in Python", () => {
  for (const one of around) {
    assert.equal(cleanKey(one.replace("{}", KEY)), KEY, one);
    for (const other of around) {
      assert.equal(cleanKey(one.replace("{}", () => other.replace("{}", KEY))), KEY, one + other);
    }
  }
  for (const key of kept) assert.equal(cleanKey(key), key);
  for (const text of none) assert.equal(cleanKey(text), "");
});

test("what a header cannot hold is no key", () => {
  for (const key of ["a b", "a\nb", "clé", "a\u200bb", ""]) assert.equal(isSendable(key), false);
  assert.equal(isSendable(KEY), true);
});
