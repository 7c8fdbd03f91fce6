import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../../js/index.js";
import { CELLS, fileOf } from "../../../../web/app/editing/clipboard.js";
import { Page } from "../../../../web/app/page.js";
import { event, markdown } from "../../support/events.js";
import { created } from "../../support/open-notebook.js";

/** A clipboard of the system. */
function systemClipboard() {
  /** @type {Map<string, string>} */
  const held = new Map();
  const data = {
    setData: (/** @type {string} */ type, /** @type {string} */ text) => void held.set(type, text),
    getData: (/** @type {string} */ type) => held.get(type) ?? "",
  };
  return /** @type {DataTransfer} */ (/** @type {unknown} */ (data));
}

/** @param {...string} ids of Python cells, and of an AI cell with an answer: c */
async function open(...ids) {
  const types = ids.map((id) => created(id, id, id === "c" ? "ai" : "code"));
  const sources = ids.map((id) =>
    event("v1.CellSourceChanged", { id, source: `${id} = 1`, modifiedBy: "me" }),
  );
  const answer = ids.includes("c") ? [markdown("o", 0, "Because.")] : [];
  const page = new Page(memoryStore([...types, ...sources, ...answer]), {});
  await new Promise((resolve) => setImmediate(resolve));
  return page;
}

/** @param {Page} page */
const sources = ({ nb }) => nb.cells.map(({ source }) => source);

test("cells are pasted here as they are, with their outputs, as one edit", async () => {
  const page = await open("a", "b", "c");
  page.nb.setSettings("c", { seed: 7 });
  page.clipboard.keep(["b", "c"], "copy");
  page.clipboard.paste("a");
  assert.deepEqual(sources(page), ["a = 1", "b = 1", "c = 1", "b = 1", "c = 1"]);
  const pasted = page.nb.cells[2];
  assert.deepEqual(page.nb.settings(pasted), { seed: 7 });
  assert.equal(page.nb.outputs(pasted)[0].text, "Because.");
  assert.deepEqual([...page.cells.selection.value], page.nb.order.slice(1, 3));
  page.cells.goBack("undo");
  assert.deepEqual(page.cells.order, ["a", "b", "c"]);
  page.clipboard.paste(null);
  assert.equal(sources(page)[0], "b = 1");
});

test("another page gets them as cells of a Jupyter notebook, and others as text", async () => {
  const [from, to] = [await open("a", "c"), await open("b")];
  from.nb.setModel("c", { provider: "theirs", model: "m" });
  from.clipboard.keep(["a", "c"], "copy");
  const data = systemClipboard();
  from.clipboard.give(data);
  assert.equal(data.getData("text/plain"), "a = 1\n\nc = 1");
  assert.deepEqual(
    JSON.parse(data.getData(CELLS)).map((/** @type {any} */ { cell_type: type }) => type),
    ["code", "code", "code"], // the first loads what runs AI cells in Jupyter
  );
  to.clipboard.take(data, "b");
  assert.deepEqual(sources(to), ["b = 1", "a = 1", "c = 1"]);
  const ai = to.nb.cells[2];
  assert.deepEqual([ai.cellType, ai.ai?.provider], ["ai", "theirs"]);
  // As with a file, a person is asked before another provider gets the notebook.
  assert.deepEqual(to.nb.undecidedProviders(ai), ["theirs"]);
});

test("text becomes a cell, and cells that stand in text become those", async () => {
  const page = await open("a");
  /** @param {string} text */
  const paste = (text) => {
    const data = systemClipboard();
    data.setData("text/plain", text);
    page.clipboard.take(data, page.nb.order.at(-1) ?? null);
  };
  paste("x = [1]");
  paste('[{"cell_type": "markdown", "metadata": {}, "source": ["# T\\n", "t"]}]');
  paste('{"cells": [{"cell_type": "code", "source": "y"}], "nbformat": 4, "nbformat_minor": 5}');
  paste("[1, 2]");
  paste(" \n");
  assert.deepEqual(sources(page), ["a = 1", "x = [1]", "# T\nt", "y", "[1, 2]"]);
  paste("x".repeat(10_000_000));
  assert.equal(page.nb.order.length, 5);
  assert.match(page.notice.text.value, /10\.0 million characters.*Save it as a file/);
});

test("what is not cells is no file", () => {
  for (const text of ["", "x", "{}", "[]", "[1]", '{"cells": {}}', '[{"cell_type": "code"}]', "[{"])
    assert.equal(fileOf(text), undefined, text);
});

test("without a copy a paste says what to do", async () => {
  const page = await open("a");
  page.clipboard.paste("a");
  assert.match(page.notice.text.value, /Ctrl\+V/);
  assert.deepEqual(page.nb.order, ["a"]);
});
