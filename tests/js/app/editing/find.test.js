import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../../js/index.js";
import { Page } from "../../../../web/app/page.js";
import { event } from "../../support/events.js";
import { created } from "../../support/open-notebook.js";

/** @param {Record<string, string>} sources of cells, by their ids */
async function open(sources) {
  const cells = Object.entries(sources).flatMap(([id, source]) => [
    created(id, id, "code"),
    event("v1.CellSourceChanged", { id, source, modifiedBy: "me" }),
  ]);
  const page = new Page(memoryStore(cells), {});
  await new Promise((resolve) => setImmediate(resolve));
  const texts = () => page.nb.cells.map(({ source }) => source).join("|");
  return { page, find: page.find, texts };
}

test("matches are shown in turn, in the order of the cells", async () => {
  const { page, find } = await open({ a: "x x", b: "y", c: "x" });
  find.open("x");
  await find.step(1); // the first one is shown once it is found
  assert.deepEqual([find.place.value, page.focus.selected.value], [0, "a"]);
  await find.step(1);
  await find.step(1);
  assert.deepEqual([find.place.value, page.focus.selected.value], [2, "c"]);
  await find.step(1);
  await find.step(-1);
  assert.equal(find.shown.value?.id, "c");
  find.close();
  assert.deepEqual([find.found.value.length, page.focus.wanted.value?.id], [0, "c"]);
});

test("one match is replaced, then all, and an undo brings each back", async () => {
  const { page, find, texts } = await open({ a: "x x", b: "y", c: "x" });
  find.open("x");
  find.change({ replacement: "xx" });
  await find.replace(); // shows what it would replace
  assert.equal(texts(), "x x|y|x");
  await find.replace();
  assert.equal(texts(), "xx x|y|x");
  assert.equal(await find.replaceAll(), 4);
  assert.equal(texts(), "xxxx xx|y|xx");
  page.cells.goBack("undo");
  assert.equal(texts(), "xx x|y|x");
  page.cells.goBack("undo");
  assert.equal(texts(), "x x|y|x");
});

test("what another tab wrote meanwhile stays when all is replaced", async () => {
  const { page, find, texts } = await open({ a: "x\nend", b: "x" });
  find.open("x");
  find.change({ replacement: "z" });
  await find.step(1);
  page.nb.setSource("a", "new\nx\nend");
  page.nb.deleteCells("b");
  await find.replaceAll();
  assert.equal(texts(), "new\nz\nend");
});

test("what is no regular expression is said", async () => {
  const { find } = await open({ a: "x" });
  find.open("x(");
  find.change({ isPattern: true });
  await find.step(1);
  assert.match(find.problem.value, /not a regular expression: .*Unterminated group/);
  find.change({ isPattern: false });
  await find.step(1);
  assert.equal(find.problem.value, "");
});
