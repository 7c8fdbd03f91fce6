import assert from "node:assert/strict";
import test from "node:test";

import { costOf, lengthWithin } from "../../../../web/render/measure/letters.js";

const ARABIC = "\u0628";

test("simple letters count one each, others five", () => {
  assert.equal(costOf("abc"), 3);
  assert.equal(costOf(`a${ARABIC}b`), 7);
});

for (const text of [
  "",
  "abc",
  ARABIC.repeat(9),
  `ab${ARABIC}cd${ARABIC}`,
  "\u{1f600}x".repeat(4),
]) {
  test(`a part of ${JSON.stringify(text)} is as long as its cost allows, from either side`, () => {
    for (let cost = 1; cost <= costOf(text) + 1; cost++) {
      const begin = text.slice(0, lengthWithin(text, cost));
      const end = text.slice(text.length - lengthWithin(text, cost, true));
      for (const [part, more] of [
        [begin, text.slice(0, begin.length + 1)],
        [end, text.slice(-end.length - 1)],
      ]) {
        assert.ok(costOf(part) <= cost);
        if (part.length < text.length) assert.ok(costOf(more) > cost);
      }
    }
    assert.equal(lengthWithin(text, costOf(text) + 1), text.length);
  });
}
