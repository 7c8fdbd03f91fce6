import assert from "node:assert/strict";
import test from "node:test";

import { indexBetween } from "../../../js/index.js";
import { Notebook } from "../../../js/notebook/state/notebook.js";
import { startingNotebook } from "../../../web/boot/welcome.js";

test("the welcome notebook can be read, has room between its cells, and answers its prompts", () => {
  const { events, testConfig } = startingNotebook(null);
  /** @type {string[]} */
  const problems = [];
  const notebook = new Notebook((problem) => void problems.push(problem));
  notebook.apply(events);
  assert.deepEqual(problems, []);
  const cells = notebook.order.map((id) => notebook.cells.get(id));
  for (const [i, cell] of cells.entries()) {
    const next = cells[i + 1]?.fractionalIndex ?? null;
    assert.ok(indexBetween(cell?.fractionalIndex ?? null, next));
  }
  const prompts = cells.filter((cell) => cell?.cellType === "ai").map((cell) => cell?.source);
  const responses = /** @type {any[]} */ (testConfig.responses);
  assert.deepEqual(
    prompts,
    responses.map(({ prompt }) => prompt),
  );
  for (const { text, turns } of responses) {
    assert.match(text ?? turns.at(-1).text, /Scripted by the Test provider/);
  }
  assert.deepEqual(startingNotebook("empty").events, []);
});
