// The present sources of cells, by the rules of the fold.

import assert from "node:assert/strict";
import test from "node:test";

import { Sources } from "../../../../js/notebook/merge/sources.js";
import { Notebook } from "../../../../js/notebook/state/notebook.js";
import { random } from "../../support/random.js";

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
