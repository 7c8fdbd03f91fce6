// Whether a notebook is whole: by the numbers of its rows, and by what the page noted outside.

import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

import { SeenDamage, Wholeness } from "../../../web/storage/wholeness.js";
import { storage, textOf } from "../support/browser-storage.js";

beforeEach(() => Object.assign(globalThis, { localStorage: storage() }));

const compacted = { upTo: 100, rows: 4 };
const cases = [
  ["an empty log", { count: 0, last: 0 }, ""],
  ["a log as it was written", { count: 12, last: 12 }, ""],
  ["a row is gone", { count: 11, last: 12 }, "1 part of it is missing"],
  ["many are gone", { count: 2000, last: 5000 }, "3,000 parts of it are missing"],
  ["a compacted log", { count: 4, last: 4, compacted }, ""],
  ["a compacted log that went on", { count: 7, last: 103, compacted }, ""],
  ["a compacted row is gone", { count: 3, last: 4, compacted }, "1 part of it is missing"],
  ["the last compacted row is gone", { count: 3, last: 3, compacted }, "1 part of it is missing"],
  ["a later row is gone", { count: 6, last: 103, compacted }, "1 part of it is missing"],
];

for (const [name, extent, said] of /** @type {[string, any, string][]} */ (cases)) {
  test(`by the numbers: ${name}`, () => {
    const wholeness = new Wholeness("nb");
    wholeness.compare("stamp", extent);
    if (said === "") assert.equal(wholeness.damage, "");
    else assert.match(wholeness.damage, new RegExp(`storage: ${said}\\. The rest is shown`));
  });
}

test("an end that is missing shows by what the page noted, of this log alone", () => {
  new Wholeness("nb").remember("stamp", 12);
  new Wholeness("nb").remember("stamp", 7); // another tab, which is behind
  const after = (/** @type {string} */ stamp, /** @type {any} */ extent) => {
    const wholeness = new Wholeness("nb");
    wholeness.compare(stamp, extent);
    return wholeness.damage;
  };
  assert.match(after("stamp", { count: 11, last: 11 }), /its last changes are missing/);
  assert.equal(after("stamp", { count: 12, last: 12 }), "");
  assert.equal(after("stamp", { count: 4, last: 4, compacted }), "");
  assert.equal(after("another", { count: 1, last: 1 }), "");
});

test("a database without a trace of what was written is told of; one of a new notebook is not", () => {
  const fresh = new Wholeness("nb");
  fresh.expectNothing();
  assert.equal(fresh.damage, "");
  fresh.remember("stamp", 3);
  const lost = new Wholeness("nb");
  lost.expectNothing();
  assert.match(lost.damage, /has lost what this notebook held/);
  lost.forget();
  assert.equal(textOf(localStorage), "");
});

test("what is there and what cannot be read is told in one sentence", () => {
  const wholeness = new Wholeness("nb");
  wholeness.compare("stamp", { count: 3, last: 5 });
  wholeness.refused = 1;
  assert.match(wholeness.damage, /2 parts of it are missing, and 1 part of it cannot be read/);
});

test("notes that cannot be read or written are none", () => {
  for (const text of ["{", "3", "null", '{"stamp":1}', '{"stamp":"s","last":"x"}']) {
    localStorage.setItem("runt-pyodide.written/nb", text);
    const wholeness = new Wholeness("nb");
    wholeness.compare("s", { count: 0, last: 0 });
    assert.equal(wholeness.damage, "");
  }
  Object.assign(globalThis, { localStorage: undefined });
  const wholeness = new Wholeness("nb");
  wholeness.remember("stamp", 3);
  wholeness.compare("stamp", { count: 3, last: 3 });
  wholeness.forget();
  assert.equal(wholeness.damage, "");
});

test("damage that was put aside stays aside, for this notebook alone, until it is taken up again", () => {
  new SeenDamage("nb").put("1 part is missing");
  assert.equal(new SeenDamage("nb").text.value, "1 part is missing");
  assert.equal(new SeenDamage("other").text.value, "");
  new SeenDamage("nb").put("");
  assert.equal(new SeenDamage("nb").text.value, "");
});
