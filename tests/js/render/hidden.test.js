import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { showHidden } from "../../../web/render/hidden.js";

/** @type {{ text: string, shown: string }[]} */
const cases = JSON.parse(readFileSync(new URL("../../data/hidden.json", import.meta.url), "utf8"));

for (const { text, shown } of cases) {
  test(`cases that Python shares: ${JSON.stringify(text)}`, () => {
    assert.equal(showHidden(text), shown);
  });
}

test("every character of Unicode that has no shape is shown, and each that has one stays", () => {
  const hasNoShape = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u;
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const isHidden = hasNoShape.test(character) && !"\n\t ".includes(character);
    const hex = code.toString(16).toUpperCase().padStart(4, "0");
    assert.equal(showHidden(character), isHidden ? `⟦U+${hex}⟧` : character);
  }
});
