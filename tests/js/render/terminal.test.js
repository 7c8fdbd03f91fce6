import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { plain, runsOf } from "../../../web/render/terminal.js";

const ESC = "\u001b";

const file = new URL("../../../schema/terminal-cases/cases.json", import.meta.url);

for (const { rule, text, shown } of JSON.parse(readFileSync(file, "utf8")))
  test(`a terminal: ${rule}`, () => assert.equal(plain(text), shown));

test("markup is text", () => assert.equal(plain("<b>&amp;</b>"), "<b>&amp;</b>"));

test("what is written over keeps no colours", () => {
  assert.deepEqual(
    runsOf(`${ESC}[31mabc${ESC}[0m\rX\n${ESC}[1md${ESC}[1m`).map(({ text, classes }) => [
      text,
      classes,
    ]),
    [
      ["X", ""],
      ["bc\n", "ansi-red"],
      ["d", "ansi-bold"],
    ],
  );
});

test("endless sequences of colours take no time", () => {
  assert.equal(plain(`a${ESC}[${"1;".repeat(500_000)}mb`), "ab");
  assert.equal(plain(`a${ESC}[1m`.repeat(1_000)), "a".repeat(1_000));
});

test("runs have the colours of the page, of the palette, or of their own", () => {
  const text = `a${ESC}[1;31mb${ESC}[0m${ESC}[38;5;208mc${ESC}[0m${ESC}[48;2;1;2;3md${ESC}[0m`;
  assert.deepEqual(
    runsOf(text).map(({ text, classes, color, background }) => [text, classes, color, background]),
    [
      ["a", "", undefined, undefined],
      ["b", "ansi-red ansi-bold", undefined, undefined],
      ["c", "ansi-palette-208", "rgb(255, 135, 0)", undefined],
      ["d", "ansi-truecolor-bg", undefined, "rgb(1, 2, 3)"],
    ],
  );
});

test("what is no text is shown as one", () => assert.equal(plain(17), "17"));
