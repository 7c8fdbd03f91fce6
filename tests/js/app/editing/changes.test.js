import assert from "node:assert/strict";
import test from "node:test";

import {
  differenceOf,
  neighbourAbove,
  reversed,
  snapshotOf,
} from "../../../../web/app/editing/changes.js";
import { random } from "../../support/random.js";

/** @import { Cell } from "../../../../js/types-notebook.d.ts" */

/** @param {string} id @param {string} [index] @param {object} [held] */
const cell = (id, index = id, held) =>
  /** @type {Cell} */ ({
    ...{ id, fractionalIndex: index, cellType: "code", source: "", modifiedBy: "" },
    ...{ sourceVisible: true, outputVisible: true, aiContextVisible: true, metadata: new Map() },
    ...held,
  });

/** @param {Cell[]} before @param {Cell[]} after */
const compare = (before, after) => differenceOf(snapshotOf(before), snapshotOf(after));

test("nothing has changed if only an index has", () => {
  assert.equal(compare([cell("a"), cell("b")], [cell("a"), cell("b", "c")]), undefined);
});

test("each field of a cell counts, and each key of its metadata", () => {
  const held = [
    { source: "x" },
    { cellType: "ai" },
    { sourceVisible: false },
    { outputVisible: false },
    { aiContextVisible: false },
    { ai: { provider: "p", model: "", settings: {} } },
    { metadata: new Map([["tags", ["a"]]]) },
  ];
  for (const change of held) {
    const difference = compare([cell("a"), cell("b")], [cell("a"), cell("b", "b", change)]);
    assert.deepEqual(
      difference?.changes.map(({ id }) => id),
      ["b"],
      JSON.stringify(change),
    );
  }
});

test("a snapshot stays as it is", () => {
  const now = cell("a");
  const before = snapshotOf([now]);
  /** @type {Map<string, any>} */ (now.metadata).set("tags", []);
  Object.assign(now, { source: "x" });
  assert.equal(differenceOf(before, snapshotOf([now]))?.changes.length, 1);
  assert.equal(before.get("a")?.metadata.size, 0);
});

test("the moves of any new order are as few as can be, and lead there and back", () => {
  const below = random(7);
  for (let round = 0; round < 200; round++) {
    const before = Array.from({ length: below(9) }, (_, place) => cell(`${place}`));
    const after = before
      .map((it) => ({ it, rank: below(1000) }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ it }, place) => cell(it.id, `n${place}`));
    const difference = compare(before, after);
    const orders = [before, after].map((cells) => cells.map(({ id }) => id));
    if (!difference) {
      assert.deepEqual(orders[0], orders[1]);
      continue;
    }
    assert.ok(difference.moved.length < before.length);
    const there = { one: difference, from: orders[0], to: orders[1] };
    const back = { one: reversed(difference), from: orders[1], to: orders[0] };
    for (const { one, from, to } of [there, back]) {
      let order = [...from];
      const ids = one.moved;
      for (const id of ids) {
        const above = neighbourAbove(one.after, id, () => true);
        order = order.filter((each) => each !== id);
        order.splice(above === null ? 0 : order.indexOf(above) + 1, 0, id);
      }
      assert.deepEqual(order, to);
    }
  }
});
