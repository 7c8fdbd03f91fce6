// The present sources of cells, by the rules of the fold.

import assert from "node:assert/strict";
import test from "node:test";

import { readBase, writeBase } from "../../../../js/notebook/merge/base.js";
import { Sources } from "../../../../js/notebook/merge/sources.js";
import { Notebook } from "../../../../js/notebook/state/notebook.js";
import { editedSource, random, randomSource } from "../../support/random.js";

test("they are those that the fold comes to, whatever the events", () => {
  const below = random(3);
  const made = { cellType: "code", createdBy: "me" };
  for (let left = 500; left > 0; left--) {
    const events = Array.from({ length: 12 }, () => {
      const id = "ab"[below(2)];
      const kinds = [
        { name: "v2.CellCreated", args: { id, ...made, fractionalIndex: "n" } },
        { name: "v1.CellCreated", args: { id, ...made, position: 1 } },
        { name: "v1.CellDeleted", args: { id } },
        { name: "v1.CellSourceChanged", args: { id, source: `${below(9)}`, modifiedBy: "me" } },
        { name: "v1.AllExecutionsCancelled", args: {} },
      ];
      return /** @type {any} */ (kinds[below(10) < 2 ? 2 : below(2) ? 3 : below(kinds.length)]);
    });
    const [sources, fold] = [new Sources(), new Notebook()];
    sources.note(events);
    fold.apply(events);
    for (const id of "ab") assert.equal(sources.of(id), fold.cells.get(id)?.source ?? null);
  }
});

test("it says what is there in place of what was expected", () => {
  const sources = new Sources();
  const made = { cellType: "code", createdBy: "me", fractionalIndex: "n" };
  sources.note([
    { name: "v2.CellCreated", args: { id: "a", ...made } },
    { name: "v1.CellSourceChanged", args: { id: "a", source: "x", modifiedBy: "me" } },
  ]);
  assert.equal(sources.compare({ a: "x" }), undefined);
  assert.deepEqual(sources.compare({ a: "y", gone: "z" }), { a: "x", gone: null });
});

test("what a source was made from is read as it was, from the lines that differ", () => {
  const below = random(5);
  for (let left = 2000; left > 0; left--) {
    const base = randomSource(below);
    const source = below(2) ? editedSource(base, below, "m") : randomSource(below);
    assert.equal(readBase(source, writeBase(source, base)), base);
  }
  // From a file of somebody else's, whatever the numbers.
  assert.equal(readBase("a\nb", { head: -3, lines: ["c"], tail: 9 }), "c\na\nb");
});

test("a source that replaces one which its writer had not seen is followed by what both come to", () => {
  const sources = new Sources();
  const made = { id: "a", cellType: "code", createdBy: "me", fractionalIndex: "n" };
  const change = (/** @type {string} */ source, /** @type {string} */ base) => ({
    name: "v1.CellSourceChanged",
    args: { id: "a", source, modifiedBy: "me", base: writeBase(source, base) },
  });
  const first = { name: "v1.CellSourceChanged", args: { id: "a", source: "x", modifiedBy: "me" } };
  const [mine, theirs] = [change("x\nmine", "x"), change("theirs\nx", "x")];
  const told = sources.merge([{ name: "v2.CellCreated", args: made }, first, mine, theirs]);
  assert.deepEqual(told.slice(2), [
    ...[mine, theirs],
    {
      name: "v1.CellSourceChanged",
      args: { id: "a", source: "theirs\nx\nmine", modifiedBy: "merge" },
    },
  ]);
  // What was made from the present source replaces it, and so does what does not say what it was made from.
  assert.equal(sources.merge([change("theirs", "theirs\nx\nmine")]).length, 1);
  assert.equal(sources.merge([first]).length, 1);
  assert.equal(sources.of("a"), "x");
});
