import assert from "node:assert/strict";
import test from "node:test";

import { plain, runsOf } from "../../../web/render/terminal.js";

const ESC = "\u001b";

for (const [what, text, shown] of /** @type {[string, string, string][]} */ ([
  ["a progress bar", "10%\r50%\r100%\ndone", "100%\ndone"],
  ["a shorter line over a longer one", "abcdef\rxy", "xycdef"],
  ["lines of Windows", "a\r\nb\r\n", "a\nb\n"],
  ["backspaces", "abc\b\bx", "ax"],
  ["moves of the cursor", `${ESC}[2J${ESC}[1;1Hhello${ESC}[K`, "hello"],
  ["a title and a link", `${ESC}]0;title\u0007a${ESC}]8;;http://x${ESC}\\b`, "ab"],
  ["a bell and a null", "a\u0007\u0000b", "ab"],
  ["colours over a line", `${ESC}[32m50%${ESC}[0m\r${ESC}[32m100%${ESC}[0m`, "100%"],
  ["markup", "<b>&amp;</b>", "<b>&amp;</b>"],
])) {
  test(`a terminal shows ${what}`, () => assert.equal(plain(text), shown));
}

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
