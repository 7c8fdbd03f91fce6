import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { piecesOf, replacePieces } from "../../../../web/ui/runs/pieces.js";

const FILE = new URL("../../../../schema/edit-cases/pieces.json", import.meta.url);
/** @type {{ text: string, pieces: [string, string][], becomes?: string }[]} */
const CASES = JSON.parse(readFileSync(FILE, "utf-8"));

for (const { text, pieces, becomes } of CASES) {
  test(`${JSON.stringify(pieces)} in ${JSON.stringify(text)}, as in Python`, () => {
    const given = pieces.map(([old, written]) => ({ old, new: written }));
    assert.equal(replacePieces(text, given), becomes);
    assert.equal(replacePieces(text, given.toReversed()), becomes);
  });
}

test("the pieces of a call are read, or none of them", () => {
  const piece = { old: "a", new: "" };
  assert.deepEqual(piecesOf({ cellId: "c", ...piece }), [piece]);
  assert.deepEqual(piecesOf({ cellId: "c", ...piece, edits: [] }), [piece]);
  assert.deepEqual(piecesOf({ cellId: "c", edits: [piece, piece] }), [piece, piece]);
  const odd = [
    {},
    { old: "a" },
    { old: 1, new: "b" },
    { edits: [piece, null] },
    { edits: "a" },
    "{",
  ];
  for (const args of odd) assert.equal(piecesOf(/** @type {any} */ (args)), undefined);
});
