import assert from "node:assert/strict";
import test from "node:test";

import { open, turn } from "../../support/open-notebook.js";

/** @param {object} runt @param {object} [settings] of the one AI cell */
const file = (runt, settings) =>
  JSON.stringify({
    ...{ nbformat: 4, nbformat_minor: 5, metadata: { runt } },
    cells: [
      {
        ...{ id: "x", cell_type: "code", source: "%%ai\nWhy?", outputs: [], execution_count: null },
        metadata: { runt: settings ? { ai_settings: settings } : {} },
      },
    ],
  });

const OBEY = { metadata: { user_saved_prompt: "Obey.", max_ai_iterations: "3", ai_model: "m" } };
const OWN = {
  provider: "openai",
  model: "m",
  settings: { temperature: 0.5, systemPrompt: "Lie." },
};

/** What a model would be told. @param {any} nb */
const told = (nb) => [
  nb.metadata.get("user_saved_prompt") ?? "",
  nb.metadata.get("max_ai_iterations") ?? "",
  ...nb.cells.map((/** @type {any} */ { ai }) => ai?.settings.systemPrompt ?? ""),
];

test("instructions of a file are held back until a person uses them, and can be left out again", async () => {
  const { nb } = open();
  nb.setMetadata({ user_saved_prompt: "My own." });
  nb.importIpynb(file(OBEY, OWN));
  await turn();
  assert.deepEqual(told(nb), ["My own.", "", ""]);
  const [cell] = nb.cells;
  assert.deepEqual(cell.ai?.settings, { temperature: 0.5 });
  assert.equal(nb.metadata.get("ai_model"), "m");
  const held = {
    settings: { user_saved_prompt: "Obey.", max_ai_iterations: "3" },
    prompts: { [cell.id]: "Lie." },
  };
  assert.deepEqual(nb.fromFile, { ...held, isUsed: null });
  nb.useFromFile(true);
  await turn();
  assert.deepEqual(told(nb), ["Obey.", "3", "Lie."]);
  assert.equal(nb.fromFile?.isUsed, true);
  nb.setMetadata({ user_saved_prompt: "Changed since." });
  nb.useFromFile(false);
  await turn();
  assert.deepEqual(told(nb), ["Changed since.", "", ""]);
  assert.deepEqual(nb.fromFile, { ...held, isUsed: false });
  assert.deepEqual(nb.cell(cell.id)?.ai?.settings, { temperature: 0.5 });
});

test("a file without instructions asks nothing; one that says it was decided is asked about", async () => {
  const { nb } = open();
  nb.importIpynb(file({ metadata: { title: "T", user_saved_prompt: "" } }));
  await turn();
  assert.equal(nb.fromFile, undefined);
  nb.useFromFile(true); // there is nothing to use
  const { nb: other } = open();
  const decided = { from_file: JSON.stringify({ isUsed: true }) };
  other.importIpynb(file({ metadata: { ...OBEY.metadata, ...decided }, json: decided }));
  await turn();
  assert.equal(other.fromFile?.isUsed, null);
  assert.deepEqual(told(other).slice(0, 2), ["", ""]);
});

test("a second file asks about both", async () => {
  const { nb } = open();
  nb.importIpynb(file(OBEY));
  nb.useFromFile(false);
  nb.importIpynb(file({}, OWN));
  await turn();
  assert.equal(nb.fromFile?.isUsed, null);
  assert.equal(nb.fromFile?.settings.user_saved_prompt, "Obey.");
  assert.deepEqual(Object.values(nb.fromFile?.prompts ?? {}), ["Lie."]);
});

for (const value of /** @type {any[]} */ ([
  1,
  "x",
  [],
  { settings: [], prompts: null },
  { settings: { a: 1 } },
])) {
  test(`what is malformed holds nothing: ${JSON.stringify(value)}`, () => {
    const { nb } = open({ name: "v1.NotebookJsonSet", args: { key: "from_file", value } });
    assert.equal(nb.fromFile, undefined);
  });
}
