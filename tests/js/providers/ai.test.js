// Providers as the page changes them, and their models.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Ai } from "../../../web/providers/ai.js";
import { configOf } from "../../../web/providers/settings.js";
import { storage, textOf } from "../support/browser-storage.js";

const NO_KEY = () => "";

/** A Python that takes all but what it is told to refuse, and notes it. */
function python({ refuses = "" } = {}) {
  /** @type {any[]} */
  const taken = [];
  return {
    taken,
    /** @param {any} config */
    configure: async (config) => {
      if (refuses) throw new Error(refuses);
      taken.push(config);
    },
    /** @param {string} provider */
    models: async (provider) => {
      if (provider === "test") throw new Error("Nobody answers.");
      return [{ name: "m", displayName: "M", provider, capabilities: [] }];
    },
    /** @param {string} provider */
    doctor: async (provider) => ({ ok: true, provider, steps: [] }),
  };
}

test("a provider is saved once Python has taken it, with its key", async () => {
  const [one, storages] = [python(), { browser: storage() }];
  const ai = new Ai(one, storages);
  await ai.save("groq", { kind: "groq", baseUrl: "", model: "" }, "gsk-1");
  assert.deepEqual(one.taken.at(-1).providers.groq, { type: "groq", apiKey: "gsk-1" });
  await ai.save("groq", { kind: "groq", baseUrl: "", model: "x" }, "");
  assert.deepEqual(one.taken.at(-1).providers.groq, { type: "groq", model: "x", apiKey: "gsk-1" });
  await ai.prefer("groq");
  assert.equal(one.taken.at(-1).defaultProvider, "groq");
  assert.ok(!textOf(storages.browser).includes("gsk-1"));
  await ai.remove("groq");
  assert.deepEqual(one.taken.at(-1), configOf({ preferred: "test", providers: {} }, NO_KEY, {}));
  assert.deepEqual(new Ai(one, storages).names, ["test"]);
});

test("a provider that Python refuses changes nothing", async () => {
  const storages = { browser: storage() };
  const ai = new Ai(python({ refuses: "No." }), storages);
  await assert.rejects(ai.save("groq", { kind: "groq", baseUrl: "", model: "" }, "gsk-1"), /No\./);
  assert.deepEqual(ai.names, ["test"]);
  assert.equal(ai.keys.of("groq", ""), "");
  assert.equal(textOf(storages.browser), "");
});

test("all providers are asked, and one that fails says why beside the others", async () => {
  const ai = new Ai(python(), {});
  await ai.save("groq", { kind: "groq", baseUrl: "", model: "" }, "");
  await ai.askForModels();
  const { test: scripted, groq } = Object.fromEntries(ai.offers.value);
  assert.deepEqual([scripted.models, scripted.problem], [[], "Nobody answers."]);
  assert.deepEqual(
    groq.models.map(({ name }) => name),
    ["m"],
  );
});
