import assert from "node:assert/strict";
import test from "node:test";

import katex from "katex";

import { depthOf } from "../../../web/render/measure/html.js";
import { drawTex, isQuick } from "../../../web/render/tex.js";
import { LINEAR, growth, repeated } from "../support/growth.js";

/** @param {string} open @param {number} times */
const nested = (open, times) => `${open.repeat(times)}x${"}".repeat(times)}`;

test("a formula is HTML, whose styles the page sets itself", () => {
  const html = drawTex(katex, '\\frac{a}{b} + \\text{\\textquotedbl style="x"}', false);
  assert.match(html, /class="katex"/);
  assert.match(html, / data-style="/);
  assert.doesNotMatch(html, / style="/);
});

test("a formula that is wrong says so, and links to nothing", () => {
  assert.match(drawTex(katex, "\\frac{a", true), /katex-error/);
  assert.doesNotMatch(drawTex(katex, "\\href{javascript:alert(1)}{x}", true), /href=/);
});

for (const [name, tex] of [
  ["groups", nested("{", 2000)],
  ["superscripts", nested("x^{", 2000)],
  ["roots", nested("\\sqrt{", 100)],
  ["fractions", nested("\\frac{1}{", 2000)],
  ["fonts", "\\bf ".repeat(2000)],
  ["too long", "x".repeat(30_000)],
]) {
  test(`what is too much for a page is not drawn: ${name}`, () =>
    assert.equal(drawTex(katex, tex, true), ""));
}

test("a formula as people write it is drawn", () => {
  let tex = "x";
  for (let n = 0; n < 12; n++) tex = `\\frac{1}{1 + ${tex}}`;
  const html = drawTex(katex, tex, true);
  assert.ok(html && depthOf(html) > 20);
});

test("what defines macros, or is long, is not drawn by the page itself", () => {
  assert.ok(isQuick("\\sum_{i=1}^n x_i"));
  for (const name of ["def", "gdef", "edef", "xdef", "let", "futurelet", "newcommand", "global"])
    assert.ok(!isQuick(`\\${name}\\a{b}`), name);
  assert.ok(!isQuick("x".repeat(1001)));
});

test("what the page draws itself takes a time that grows with its length", () => {
  const pieces = [
    "\\frac12",
    "x^2",
    "{}",
    "'",
    "\\left(\\right)",
    "\\text{a}",
    "\\not",
    "&",
    "\\\\",
  ];
  for (const piece of pieces) {
    const draw = (/** @type {string} */ tex) => drawTex(katex, tex, true);
    assert.ok(growth(repeated(piece), draw, 300) < LINEAR, piece);
  }
});
