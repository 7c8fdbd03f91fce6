import assert from "node:assert/strict";
import test from "node:test";

import { renderBlocks } from "../../../web/render/markdown.js";

for (const [text, wanted] of [
  [
    "$a_1$ and \\(b*c*d\\)",
    '<p><span class="math">a_1</span> and <span class="math">b*c*d</span></p>\n',
  ],
  ["$$\na < b\n$$", '<div class="math display">a &lt; b</div>\n'],
  ["\\[ x^2 \\]", '<div class="math display">x^2</div>\n'],
  ["Text\n$$x$$\nmore", '<p>Text</p>\n<div class="math display">x</div>\n<p>more</p>\n'],
  ["$$\n\\frac{a", '<div class="math display pending">\\frac{a</div>\n'],
  ["It costs $5, or $6 each.", "<p>It costs $5, or $6 each.</p>\n"],
  ["`$a$`", "<p><code>$a$</code></p>\n"],
]) {
  test(`a formula, or none: ${JSON.stringify(text)}`, () =>
    assert.equal(renderBlocks(text).join(""), wanted));
}
