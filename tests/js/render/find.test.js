import assert from "node:assert/strict";
import test from "node:test";

import { MOST_MATCHES, findIn, replaceIn } from "../../../web/render/find.js";

/** @param {string} text @param {string} wanted @param {object} [options] */
function replaced(text, wanted, options = {}) {
  const query = { isExact: false, isWhole: false, isPattern: false, replacement: "R", wanted };
  return replaceIn(text, findIn([text], { ...query, ...options }));
}

test("text is found by its letters, and replaced", () => {
  /** @type {[string, string, object, string][]} */
  const cases = [
    ["x = x1 + X", "x", {}, "R = R1 + R"],
    ["x = x1 + X", "x", { isExact: true }, "R = R1 + X"],
    ["x = x1 + X", "x", { isWhole: true }, "R = x1 + R"],
    ["größe = größer", "größe", { isWhole: true }, "R = größer"],
    ["a.b a+b [a] \\d", "a.b", {}, "R a+b [a] \\d"],
    ["a-b \\d {2}", "\\d {2}", {}, "a-b R"],
    ["aaaa", "aa", { replacement: "b" }, "bb"],
    ["x", "x", { replacement: "$& $1 $$" }, "$& $1 $$"],
    ["one\ntwo\n", "e\nt", {}, "onRwo\n"],
    ["😀😀", "😀", {}, "RR"],
    ["nothing", "", {}, "nothing"],
  ];
  for (const [text, wanted, options, expected] of cases) {
    assert.equal(replaced(text, wanted, options), expected, `${wanted} in ${text}`);
  }
});

test("a regular expression is found, and its groups stand in the replacement", () => {
  /** @type {[string, string, string, string][]} */
  const cases = [
    ["f(a, b)", "(\\w), (\\w)", "$2, $1", "f(b, a)"],
    ["2026-12-01", "(?<y>\\d{4})-(\\d+)", "$<y>/$2 [$&] $$1 $9", "2026/12 [2026-12] $1 $9-01"],
    ["a\nab", "^a", "b", "b\nbb"],
    ["abc", "x*", "R", "abc"],
    ["ab", "(a)|(b)", "<$1$2>", "<a><b>"],
  ];
  for (const [text, wanted, replacement, expected] of cases) {
    assert.equal(replaced(text, wanted, { isPattern: true, replacement }), expected, wanted);
  }
  assert.throws(() => replaced("a", "(", { isPattern: true }), SyntaxError);
});

test("no more than so many are looked for, and 5,000 cells take a moment", () => {
  const query = {
    isExact: false,
    isWhole: true,
    isPattern: false,
    replacement: "",
    wanted: "needle",
  };
  const texts = Array.from(
    { length: 5000 },
    (_, n) => `${"hay = 1\n".repeat(50)}needle${n % 10 ? "x" : ""}`,
  );
  const since = performance.now();
  const matches = findIn(texts, query);
  assert.deepEqual([matches.length, matches[1].place], [500, 10]);
  assert.ok(performance.now() - since < 1000);
  assert.equal(
    findIn(["a".repeat(1e6)], { ...query, isWhole: false, wanted: "a" }).length,
    MOST_MATCHES,
  );
});
