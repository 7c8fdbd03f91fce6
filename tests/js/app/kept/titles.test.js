import assert from "node:assert/strict";
import test from "node:test";

import { copyTitle, isFound, shownTitle } from "../../../../web/app/kept/titles.js";
import { LONGEST_TITLE } from "../../../../web/storage/notebooks.js";

test("a title is found by its words in any order, whatever their case and accents", () => {
  const title = "Éclairs à la carte, 2026";
  for (const wanted of ["", " ", "eclair", "CARTE", "2026 éclairs", "À LA"]) {
    assert.ok(isFound(title, wanted), wanted);
  }
  for (const wanted of ["cake", "eclairs 2025", "untitled"]) assert.ok(!isFound(title, wanted));
});

test("an empty title has a name, by which it is found", () => {
  for (const title of ["", "  \n"]) {
    assert.equal(shownTitle(title), "Untitled");
    assert.ok(isFound(title, "untitled"));
  }
});

test("each copy has a title that no other notebook has, and that is no longer than one may be", () => {
  const first = "x".repeat(LONGEST_TITLE);
  const titles = [first];
  for (let n = 0; n < 20; n++) titles.push(copyTitle(first, titles));
  assert.equal(new Set(titles).size, titles.length);
  assert.ok(titles.every(({ length }) => length <= LONGEST_TITLE));
  assert.equal(copyTitle("", []), "Untitled (copy)");
});
