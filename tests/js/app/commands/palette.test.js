import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../../js/index.js";
import { findCommands } from "../../../../web/app/commands/palette.js";
import { Page } from "../../../../web/app/page.js";
import { created } from "../../support/open-notebook.js";

test("commands are found by any of their words, in any order", () => {
  const page = new Page(memoryStore([created("a", "a", "code"), created("b", "b", "code")]), {});
  const names = (/** @type {string} */ wanted) =>
    findCommands(page, wanted).map(({ command }) => command.name);
  assert.deepEqual(names("line numbers"), ["line-numbers"]);
  assert.deepEqual(names("sql type"), ["make-sql"]);
  assert.deepEqual(
    names("RUN  above"),
    ["run-above"].filter(() => false),
  ); // the first cell has none above
  page.focus.selected.value = "b";
  assert.deepEqual(names("RUN  above"), ["run-above"]);
  assert.deepEqual(names("no such command"), []);
  assert.ok(names("").length > 30);
});

test("an empty notebook offers what needs no cell", () => {
  const page = new Page(memoryStore([]), {});
  const offers = findCommands(page, "");
  assert.ok(offers.every(({ id }) => id === ""));
  assert.ok(offers.some(({ command }) => command.name === "import"));
});
