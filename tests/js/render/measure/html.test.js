import assert from "node:assert/strict";
import test from "node:test";

import { cutBlocks, depthOf } from "../../../../web/render/measure/html.js";
import { LINEAR, growth, repeated } from "../../support/growth.js";

test("what is not too much is shown as it is", () => {
  const blocks = ["<p>a</p>", "<p>b &amp; c</p>"];
  assert.deepEqual(cutBlocks(blocks, 1), { shown: blocks, isWhole: true });
});

for (const [what, block] of [
  ["elements", "<b>a</b>".repeat(20_000)],
  ["characters", `<p>${"a".repeat(1_000_000)}</p>`],
  ["letters that are hard to draw", `<p>${"\u0628".repeat(300_000)}</p>`],
  ["formulas", '<span class="math">x</span>'.repeat(2_000)],
  ["displayed formulas", '<div class="math display">x</div>'.repeat(2_000)],
  ["long formulas", `<span class="math">${"x^2".repeat(300)}</span>`.repeat(40)],
  ["endless formulas", `<div class="math display">${"x^2".repeat(5_000)}</div>`.repeat(30)],
  ["one attribute", `<p title="${"a".repeat(1_000_000)}">`],
]) {
  test(`of too many ${what} the first are shown, and with each step more, until all are`, () => {
    const lengths = [1, 2, 3].map((steps) => cutBlocks([block], steps).shown.join("").length);
    assert.ok(0 < lengths[0] && lengths[0] < lengths[1] && lengths[1] < lengths[2]);
    assert.ok(lengths[2] < block.length);
    assert.deepEqual(cutBlocks([block], 9), { shown: [block], isWhole: true });
  });
}

test("what is cut is the beginning, and no half of a character", () => {
  const block = `<p>${"&amp;".repeat(100_000)}</p>`;
  const [shown] = cutBlocks([block], 1).shown;
  assert.ok(block.startsWith(shown) && shown.endsWith("&amp;"));
  const many = Array.from({ length: 9000 }, (_, n) => `<p>${n}</p>`);
  assert.deepEqual(cutBlocks(many, 1), { shown: many.slice(0, 5000), isWhole: false });
});

test("depth counts what is open at once", () => {
  assert.equal(depthOf("<p>a<br>b</p><p><b>c</b><img/></p>"), 2);
  assert.equal(depthOf("<div>".repeat(300)), 300);
  assert.equal(depthOf("<table><tr><td><table></table></table>", /^table$/i), 2);
  for (const piece of ["<a", "<a ", "<", "<a>", "</a>", "<a b='"])
    assert.ok(growth(repeated(piece), depthOf, 20_000) < LINEAR, piece);
});

test("an answer with the formulas of a lecture is shown as it is", () => {
  const line = `<p>${"word ".repeat(30)}<span class="math">a_i + b_i</span></p>`;
  const formula = `<div class="math display">${"\\frac{a}{b} ".repeat(6)}</div>`;
  const blocks = [line, formula].flatMap((block) => Array.from({ length: 30 }, () => block));
  assert.ok(cutBlocks(blocks, 1).isWhole);
});
