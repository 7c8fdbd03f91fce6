import assert from "node:assert/strict";
import test from "node:test";

import { highlight } from "../../../web/render/highlight.js";

/** @param {string} html */
const textOf = (html) =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");

for (const [name, code] of [
  ["tsx", "--".repeat(9000)],
  ["html", "<script>".repeat(2000)],
  ["python", "f(".repeat(9000)],
  ["json", '{"a":'.repeat(3000)],
]) {
  test(`code that is nested too deeply, or takes long to parse, has no colours: ${name}`, () => {
    assert.doesNotMatch(highlight(code, name), /<span/);
  });
}

test("code has its colours up to a length, and is whole beyond it", () => {
  const line = "if a < 1:  # b\n";
  assert.match(highlight(line.repeat(100), "python"), /tok-keyword/);
  assert.equal(textOf(highlight(line.repeat(100), "python")), line.repeat(100));
  assert.doesNotMatch(highlight(line.repeat(5000), "python"), /<span/);
  assert.equal(textOf(highlight(line.repeat(5000), "python")), line.repeat(5000));
});
