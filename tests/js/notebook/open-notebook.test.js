import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { created, open, turn } from "../support/open-notebook.js";

/** @import { EventStore, LogEvent } from "../../../js/types.d.ts" */
/** @import { AISettings } from "../../../js/types-notebook.d.ts" */

test("cells that are added one after the other stand in that order, at once", async () => {
  const { nb } = open(created("a", "i"));
  const words = ["one", "two", "three"].map((source) => nb.addCell("ai", source));
  assert.deepEqual(
    nb.cells.map(({ id }) => id),
    ["a", ...words.map(({ id }) => id)],
  );
  const first = nb.addCell("markdown", "", { after: null });
  const second = nb.addCell("code", "", { after: first });
  await turn();
  assert.deepEqual(nb.cells.slice(0, 3), [nb.cell(first.id), nb.cell(second.id), nb.cell("a")]);
  assert.equal(nb.cells[3].source, "one");
});

test("what is written together is one commit, told once, and can be read meanwhile", async (t) => {
  const { nb, store } = open(created("a", "i"));
  await turn();
  const commit = t.mock.method(store, "commit");
  /** @type {string[][]} */
  const told = [];
  nb.subscribe((changed) => told.push([...changed].toSorted()));
  const id = nb.together(() => {
    nb.setSource("a", "x");
    const added = nb.together(() => nb.addCell("code"));
    nb.requestRuns("a");
    assert.deepEqual([nb.order.at(-1), nb.cell("a")?.source], [added.id, "x"]);
    return added.id;
  });
  assert.deepEqual([told, commit.mock.callCount()], [[[`cell/a`, `order`]], 1]);
  assert.throws(() =>
    nb.together(() => {
      nb.setType(id, "markdown");
      throw new Error("stopped");
    }),
  );
  nb.together(() => {});
  await turn();
  assert.deepEqual([nb.cell(id)?.cellType, commit.mock.callCount()], ["markdown", 2]);
  assert.equal(nb.openExecutions.length, 1);
});

test("a cell without room beside it, and a hundred moves to the top", () => {
  const { nb } = open(created("a", "a"), created("b", "a0"), created("c", "a0"));
  const added = nb.addCell("ai", "", { after: "a" });
  const ids = () => nb.cells.map(({ id }) => id);
  assert.deepEqual(ids(), ["a", added.id, "b", "c"]);
  for (let i = 0; i < 100; i++) {
    const last = ids()[3];
    nb.move(last, 0);
    assert.equal(ids()[0], last);
  }
  nb.move("a", 99);
  assert.equal(ids()[3], "a");
});

test("what is written is in the store, and the fold of the store is the same", async () => {
  const { nb, store } = open();
  const cell = nb.addCell("ai", "Why?");
  nb.setSource(cell, "Why not?");
  nb.setSource(cell, "Why not?");
  nb.setType(cell, "markdown");
  nb.setVisible(cell, "aiContextVisible", false);
  nb.setModel(cell, { provider: "openai", model: "m" });
  nb.setCellMetadata(cell, "timeout", 5);
  nb.setCellMetadata(cell, "gone", true);
  nb.setCellMetadata(cell, "gone", null);
  nb.setTitle("A notebook");
  nb.deleteCells(nb.addCell("code"), "nobody");
  await turn();
  const again = openNotebook(memoryStore(store.events()));
  assert.deepEqual(again.cells, nb.cells);
  assert.equal(again.title, "A notebook");
  const [{ source, cellType, aiContextVisible, ai, modifiedBy, metadata }] = again.cells;
  assert.deepEqual([...metadata], [["timeout", 5]]);
  assert.deepEqual(
    [source, cellType, aiContextVisible, ai?.model, modifiedBy],
    ["Why not?", "markdown", false, "m", "me"],
  );
  assert.equal(store.events().filter(({ name }) => name === "v1.CellSourceChanged").length, 2);
});

test("the own settings of an AI cell, of which only what changes is written", async () => {
  const { nb, store } = open(created("a", "i"));
  nb.setModel("a", { provider: "openai", model: "m" });
  assert.deepEqual(nb.settings("a"), {});
  /** @type {AISettings} */
  const settings = {
    ...{ temperature: 0.5, maxTokens: 9, systemPrompt: "Be brief." },
    ...{ topP: 0.9, seed: 7, stop: ["END"], reasoningEffort: "low" },
    ...{ tools: false, context: false, answer: { name: "x", type: "list[int]" } },
  };
  nb.setSettings("a", settings);
  assert.deepEqual(nb.settings("a"), settings);
  assert.deepEqual(nb.cell("a")?.ai?.provider, "openai");
  const before = store.events().length;
  nb.setSettings("a", { ...settings, stop: ["END"] });
  assert.equal(store.events().length, before);
  nb.setSettings("a", { temperature: 0.5, maxTokens: 9, systemPrompt: "Be brief.", stop: [] });
  assert.equal(store.events().length, before + 2);
  assert.equal(nb.cell("a")?.metadata.size, 0);
  nb.setCellMetadata("a", "asking", { tools: "no", context: 1, name: 2, type: "int" });
  assert.deepEqual(nb.settings("a").answer ?? nb.settings("a").tools, undefined);
  nb.setSettings("a", {});
  await turn();
  const again = openNotebook(memoryStore(store.events()));
  assert.deepEqual([again.settings("a"), again.cell("a")?.ai?.model], [{}, "m"]);
});

test("the pictures beside a prompt", async () => {
  const { nb, store } = open(created("a", "i"));
  const picture = { mediaType: "image/png", data: "iVBORw0KGgo=", name: "a.png" };
  assert.deepEqual(nb.images("a"), []);
  nb.setImages("a", [picture, { mediaType: "image/gif", data: btoa("GIF89a") }]);
  assert.equal(nb.images("a").length, 2);
  await turn();
  assert.deepEqual(openNotebook(memoryStore(store.events())).images("a"), nb.images("a"));
  assert.throws(
    () => nb.setImages("a", [picture, { mediaType: "image/png", data: btoa("<svg/>") }]),
    /^TypeError: images\[1\] is not a PNG, JPEG, GIF or WebP picture of at most 4 MiB in base64$/,
  );
  assert.equal(nb.images("a").length, 2);
  nb.setImages("a", []);
  assert.deepEqual([nb.images("a"), nb.cell("a")?.metadata.size], [[], 0]);
  assert.throws(() => nb.images("b"), /there is no cell "b"/);
});

test("a store that tells its events later is waited for", async () => {
  const inner = memoryStore([created("a", "i")]);
  /** @type {EventStore} */
  const store = { commit: inner.commit, subscribe: inner.subscribe };
  const nb = openNotebook(store);
  assert.throws(() => nb.addCell("ai"), /await its `ready`/);
  await nb.ready;
  const added = nb.addCell("ai", "Why?");
  assert.deepEqual(
    nb.cells.map(({ id }) => id),
    ["a", added.id],
  );
});

test("a store with more in its first delivery than could be read at once", async () => {
  const inner = memoryStore([created("a", "i")]);
  const early = inner.events();
  inner.commit(.../** @type {any} */ ([created("b", "j")]));
  const nb = openNotebook(/** @type {any} */ ({ ...inner, events: () => early }));
  assert.deepEqual(nb.order, ["a"]);
  await nb.ready;
  assert.deepEqual(nb.order, ["a", "b"]);
});

/** The same store, but it delivers copies, with the keys in another order. @param {EventStore} inner */
function copying(inner) {
  /** @param {any} value @returns {any} */
  const copy = (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, each]) => [key, copy(each)]),
        )
      : value;
  return {
    ...inner,
    /** @param {(events: readonly LogEvent[]) => void} listener */
    subscribe: (listener) => inner.subscribe((events) => listener(events.map(copy))),
  };
}

for (const [what, storeOf] of /** @type {const} */ ([
  ["the events that were written", (/** @type {EventStore} */ inner) => inner],
  ["copies of them", copying],
])) {
  test(`what is written stays while the store delivers ${what}, one by one`, async () => {
    const inner = memoryStore([created("a", "i"), created("b", "j"), created("c", "k")]);
    const nb = openNotebook(storeOf(inner));
    await nb.ready;
    for (const source of ["x", "xy", "xyz"]) nb.setSource("a", source);
    for (const place of [2, 0, 1]) nb.move("a", place);
    /** @type {Set<string>} */
    const seen = new Set();
    nb.subscribe(() => seen.add([nb.cell("a")?.source, ...nb.order].join(" ")));
    await turn();
    assert.deepEqual([...seen], ["xyz b a c"]);
    inner.commit({
      name: "v1.CellSourceChanged",
      args: { id: "a", source: "theirs", modifiedBy: "somebody" },
    });
    await turn();
    assert.equal(nb.cell("a")?.source, "theirs");
    assert.deepEqual(openNotebook(memoryStore(inner.events())).cells, nb.cells);
  });
}

test("listeners are told what changed, until they leave", async () => {
  const { nb } = open();
  /** @type {string[][]} */
  const told = [];
  const leave = nb.subscribe((changed) => told.push([...changed].sort()));
  await turn();
  told.length = 0;
  const cell = nb.addCell("code", "1");
  assert.deepEqual(told, [[`cell/${cell.id}`, "order"]]);
  leave();
  nb.setSource(cell, "2");
  assert.equal(told.length, 1);
});
