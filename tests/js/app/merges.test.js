// What is said at a cell in which others wrote while a person typed.

import assert from "node:assert/strict";
import test from "node:test";

import { Merges } from "../../../web/app/merges.js";

/** @param {string} modifiedBy */
function open(modifiedBy) {
  const cell = { modifiedBy };
  const merges = new Merges(/** @type {any} */ ({ cell: () => cell }));
  return { cell, merges, text: () => merges.notices.value.get("c")?.text ?? "" };
}

test("it says who wrote, until the person has read it", () => {
  const { cell, merges, text } = open("ai:run");
  merges.tell("c", false);
  assert.equal(text(), "The model changed this cell while you were typing. Both changes are here.");
  cell.modifiedBy = "undo";
  merges.tell("c", false);
  assert.match(text(), /^An undo changed this cell/);
  cell.modifiedBy = "user-2";
  merges.tell("c", false);
  assert.match(text(), /^Somebody else changed this cell/);
  merges.dismiss("c");
  assert.equal(text(), "");
});

test("a conflict stays told, whatever is merged after it", () => {
  const { merges, text } = open("ai:run");
  merges.tell("c", true);
  merges.tell("c", false);
  assert.equal(
    text(),
    "The model changed the same lines as you. Both versions are here, yours first: keep what you need.",
  );
  assert.equal(merges.notices.value.get("c")?.isConflict, true);
});
