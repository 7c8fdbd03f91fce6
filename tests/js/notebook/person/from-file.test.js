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
    choices: { [cell.id]: { provider: "openai", model: "m" } },
    choice: { provider: "", model: "" }, // "m" alone names nobody
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

/** @param {any} nb */
const chosen = (nb) => [
  [nb.metadata.get("ai_provider") ?? "", nb.metadata.get("ai_model") ?? ""],
  ...nb.cells.map((/** @type {any} */ { ai }) => [ai?.provider ?? "", ai?.model ?? ""]),
];

test("what a file chooses is listed; left out, the default answers; used, it is back, but for what was changed since", async () => {
  const { nb } = open();
  nb.importIpynb(file({ metadata: { ai_provider: "second", ai_model: "n" } }, OWN));
  await turn();
  const [cell] = nb.cells;
  const held = nb.fromFile;
  assert.deepEqual(held?.choice, { provider: "second", model: "n" });
  assert.deepEqual(held?.choices, { [cell.id]: { provider: "openai", model: "m" } });
  assert.deepEqual(chosen(nb), [
    ["second", "n"],
    ["openai", "m"],
  ]);
  nb.useFromFile(false);
  assert.deepEqual(chosen(nb), [
    ["", ""],
    ["", ""],
  ]);
  nb.useFromFile(true);
  assert.deepEqual(chosen(nb), [
    ["second", "n"],
    ["openai", "m"],
  ]);
  nb.setModel(cell, { provider: "third", model: "own" });
  nb.useFromFile(false);
  assert.deepEqual(chosen(nb), [
    ["", ""],
    ["third", "own"],
  ]);
  assert.deepEqual(nb.cells[0].ai?.settings, { temperature: 0.5 });
});

/** @type {[name: string, runt: object, own: object | undefined, asked: string[]][]} */
const CHOICES = [
  ["of the cell", {}, OWN, ["openai"]],
  ["in the model's name", {}, { provider: "", model: "openai/m", settings: {} }, ["openai"]],
  ["with invisible ends", {}, { provider: "\u200bopenai ", model: "", settings: {} }, ["openai"]],
  ["of the notebook", { metadata: { ai_provider: "openai" } }, undefined, ["openai"]],
  ["of the notebook, in the model's name", { metadata: { ai_model: "a/b" } }, undefined, ["a"]],
  ["a model alone", { metadata: { ai_model: "b" } }, undefined, []],
  ["none", {}, undefined, []],
];

for (const [name, runt, own, asked] of CHOICES) {
  test(`who was chosen and is not agreed to: ${name}`, async () => {
    const { nb } = open();
    nb.importIpynb(file(runt, own));
    await turn();
    assert.deepEqual(nb.undecidedProviders(...nb.cells), asked);
    const [{ id, ai }] = nb.cells;
    const copy = nb.addCell("ai", "Again.");
    if (ai) nb.setModel(copy, ai);
    await turn();
    assert.deepEqual(nb.undecidedProviders(copy), asked); // a copy is no way around
    nb.setType(id, "markdown");
    assert.deepEqual(nb.undecidedProviders(id, "gone"), []);
    nb.setType(id, "ai");
    nb.useFromFile(true);
    assert.deepEqual(nb.undecidedProviders(...nb.cells), []);
  });
}

test("cells that are named like what every object has are held, listed and exported like others", async () => {
  const { nb } = open();
  const ids = ["__proto__", "constructor", "toString", ""];
  const whole = JSON.parse(file(OBEY, OWN));
  const [one] = whole.cells;
  const plain = { ...one, id: "valueOf", metadata: { runt: { ai_settings: { settings: {} } } } };
  nb.importIpynb(
    JSON.stringify({ ...whole, cells: [...ids.map((id) => ({ ...one, id })), plain] }),
  );
  await turn();
  const { prompts = {}, choices = {} } = nb.fromFile ?? {};
  assert.deepEqual(Object.keys(prompts), nb.order.slice(0, -1));
  assert.deepEqual(Object.keys(choices), nb.order.slice(0, -1));
  const sources = nb.toIpynb().cells.map((/** @type {any} */ { source }) => source.join(""));
  assert.equal(sources.filter((/** @type {string} */ text) => text.includes("Lie.")).length, 4);
});

for (const value of /** @type {any[]} */ ([
  1,
  "x",
  [],
  { settings: [], prompts: null },
  { settings: { a: 1 } },
  { choices: [{ provider: "a" }], choice: "a" },
])) {
  test(`what is malformed holds nothing: ${JSON.stringify(value)}`, () => {
    const { nb } = open({ name: "v1.NotebookJsonSet", args: { key: "from_file", value } });
    assert.equal(nb.fromFile, undefined);
  });
}

for (const model of ["second:m", "second-chat:m", "second/m"]) {
  test(`a provider that a file names before the model is asked about: ${model}`, async () => {
    const { nb } = open();
    nb.importIpynb(file({}, { provider: "", model, settings: {} }));
    await turn();
    const ids = nb.cells.map(({ id }) => id);
    assert.deepEqual(nb.undecidedProviders(...ids), ["second"]);
    assert.deepEqual(Object.values(nb.fromFile?.choices ?? {}), [{ provider: "", model }]);
  });
}
