// The table of commands, and the keyboard that reads it.

import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { CELL_COMMANDS } from "../../../web/app/commands/cell.js";
import { Keyboard } from "../../../web/app/commands/keyboard.js";
import { NOTEBOOK_COMMANDS } from "../../../web/app/commands/notebook.js";
import { Page } from "../../../web/app/page.js";
import { EDITOR_COMMANDS } from "../../../web/editor/keys.js";

const COMMANDS = [...CELL_COMMANDS, ...NOTEBOOK_COMMANDS];

/** @param {readonly string[]} values */
const repeated = (values) => values.filter((value, place) => values.indexOf(value) !== place);

/** A page with Python cells of these ids, and its keyboard. @param {...string} ids */
async function open(...ids) {
  const store = memoryStore(
    ids.map((id) => ({
      name: "v2.CellCreated",
      args: { id, cellType: "code", fractionalIndex: id, createdBy: "test" },
    })),
  );
  const page = new Page(store, {});
  const keyboard = new Keyboard(page);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  let now = 0;
  /** @param {string} key @param {{ after?: number, shiftKey?: boolean, ctrlKey?: boolean, target?: object }} [how] */
  const press = async (key, { after = 100, ...modifiers } = {}) => {
    now += after;
    let isUsed = false;
    const event = {
      ...{ key, timeStamp: now, target: { closest: () => null }, ...modifiers },
      preventDefault: () => void (isUsed = true),
    };
    keyboard.press(/** @type {any} */ (event));
    await turn();
    return isUsed;
  };
  return { page, press };
}

test("no name and no keys stand for two commands", () => {
  assert.deepEqual(repeated(COMMANDS.map(({ name }) => name)), []);
  assert.deepEqual(repeated(COMMANDS.flatMap(({ keys = [] }) => keys)), []);
});

test("a key that begins a pair does nothing by itself", () => {
  const keys = COMMANDS.flatMap((command) => command.keys ?? []);
  const firsts = keys.filter((each) => each.includes(" ")).map((each) => each.split(" ")[0]);
  assert.deepEqual(
    firsts.filter((first) => keys.includes(first)),
    [],
  );
});

test("keys that work in the source are no keys of the editor", () => {
  const cells = COMMANDS.flatMap(({ inSource, keys = [] }) => (inSource ? keys : []));
  assert.ok(cells.length > 0);
  const editors = EDITOR_COMMANDS.flatMap(({ keys }) => keys);
  assert.deepEqual(
    cells.filter((each) => editors.includes(each)),
    [],
  );
});

test("every command that a menu or the sheet shows has a label", async () => {
  const { page } = await open("a");
  for (const { name, label } of COMMANDS) {
    assert.ok(typeof label === "string" ? label : label(page, "a"), name);
  }
});

test("keys act on the selected cell, or on the first", async () => {
  const { page, press } = await open("a", "b");
  await press("j");
  assert.equal(page.focus.wanted.value?.id, "b");
  page.focus.selected.value = "b";
  assert.equal(await press("m"), true);
  assert.equal(page.nb.cell("b")?.cellType, "markdown");
  assert.equal(page.nb.cell("a")?.cellType, "code");
});

test("two keys in a row count if the second comes soon", async () => {
  const { page, press } = await open("a", "b");
  await press("d");
  await press("d", { after: 2000 });
  assert.deepEqual(page.cells.order, ["a", "b"]);
  await press("d");
  assert.deepEqual(page.cells.order, ["b"]);
  await press("z");
  assert.deepEqual(page.cells.order, ["a", "b"]);
});

test("a command that is not enabled does nothing", async () => {
  const { page, press } = await open("a", "b");
  assert.equal(await press("ArrowUp", { ctrlKey: true, shiftKey: true }), true);
  assert.deepEqual(page.nb.order, ["a", "b"]);
  await press("ArrowDown", { ctrlKey: true, shiftKey: true });
  assert.deepEqual(page.nb.order, ["b", "a"]);
});

test("an empty notebook has the commands that need no cell", async () => {
  const { page, press } = await open();
  assert.equal(await press("a"), false);
  assert.equal(await press("?"), true);
  assert.equal(page.dialogs.opened.value?.name, "help");
});

test("keys select several cells, and act on all of them", async () => {
  const { page, press } = await open("a", "b", "c", "d");
  page.focus.selected.value = "b";
  await press("ArrowDown", { shiftKey: true });
  assert.deepEqual([...page.cells.selection.value], ["b", "c"]);
  await press("ArrowUp", { ctrlKey: true, shiftKey: true });
  assert.deepEqual(page.cells.order, ["b", "c", "a", "d"]);
  assert.deepEqual([...page.cells.selection.value], ["b", "c"]);
  await press("m");
  assert.deepEqual(
    [page.nb.cell("b")?.cellType, page.nb.cell("c")?.cellType],
    Array(2).fill("markdown"),
  );
  await press("d");
  await press("d");
  assert.deepEqual(page.cells.order, ["a", "d"]);
  for (const expected of ["bcad", "bcad", "abcd"]) {
    await press("z");
    assert.deepEqual(page.cells.order.join(""), expected);
  }
  for (const expected of ["bcad", "bcad", "ad"]) {
    await press("Z", { shiftKey: true });
    assert.deepEqual(page.cells.order.join(""), expected);
  }
});

test("Shift+M merges the selected cells, or a cell with the one below", async () => {
  const { page, press } = await open("a", "b", "c");
  for (const { id } of page.nb.cells) page.nb.setSource(id, id);
  page.focus.selected.value = "b";
  await press("M", { shiftKey: true });
  assert.deepEqual(page.nb.cell("b")?.source, "b\n\nc");
  await press("a", { ctrlKey: true });
  await press("M", { shiftKey: true });
  assert.deepEqual([page.cells.order, page.nb.cell("a")?.source], [["a"], "a\n\nb\n\nc"]);
  await press("z");
  await press("z");
  assert.deepEqual(
    page.nb.cells.map(({ source }) => source),
    ["a", "b", "c"],
  );
});

test("a selection runs as one request", async () => {
  const { page, press } = await open("a", "b", "c");
  page.focus.selected.value = "a";
  await press("J", { shiftKey: true });
  await press("Enter", { shiftKey: true });
  assert.deepEqual(
    page.nb.openExecutions.map(({ cellId }) => cellId),
    ["a", "b"],
  );
  assert.equal(page.focus.wanted.value?.id, "c");
});

test("a letter with the lock on is that letter, and Ctrl+S works wherever the focus is", async () => {
  const { page, press } = await open("a", "b");
  page.focus.selected.value = "a";
  assert.equal(await press("B"), true);
  assert.equal(page.cells.order.length, 3);
  const elsewhere = { closest: () => ({}) };
  assert.equal(await press("s", { target: elsewhere }), false);
  assert.equal(await press("s", { ctrlKey: true, target: elsewhere }), true);
  assert.match(page.notice.text.value, /Export it/);
});
