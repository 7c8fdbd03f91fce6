// What the page remembers of providers, and where it keeps their keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Ai } from "../../../web/providers/ai.js";
import { Keys } from "../../../web/providers/keys.js";
import { configOf, freeName, loadSettings, saveSettings } from "../../../web/providers/settings.js";
import {
  WrongPassphraseError,
  lockOf,
  newLock,
  seal,
  unseal,
} from "../../../web/providers/vault.js";

const SETTINGS = {
  preferred: "groq",
  providers: {
    openai: { kind: "openai", baseUrl: "", model: "gpt-5" },
    groq: { kind: "groq", baseUrl: "", model: "" },
    server: { kind: "compatible", baseUrl: "http://localhost:9/v1", model: "m" },
  },
};
const NO_KEY = () => "";

/** A browser's storage, as the standard has it. @returns {Storage} */
function storage() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, String(value)),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
    key: (place) => [...items.keys()][place] ?? null,
    get length() {
      return items.size;
    },
  };
}

/** All that stands in a storage. @param {Storage} one */
function textOf(one) {
  return Array.from({ length: one.length }, (_, i) => one.getItem(one.key(i) ?? "")).join("\n");
}

test("the configuration has each provider under its name, and keys where there are any", () => {
  const keyOf = (/** @type {string} */ name) => (name === "openai" ? "sk-1" : "");
  assert.deepEqual(configOf(SETTINGS, keyOf, { delay: 1 }), {
    defaultProvider: "groq",
    providers: {
      openai: { type: "openai", model: "gpt-5", apiKey: "sk-1" },
      groq: { type: "groq" },
      server: { type: "openai", baseUrl: "http://localhost:9/v1", model: "m" },
      test: { delay: 1 },
    },
  });
});

test("settings come back as they were saved", () => {
  const kept = storage();
  saveSettings(kept, SETTINGS);
  assert.deepEqual(loadSettings(kept), SETTINGS);
});

test("what cannot be read of the settings is left out", () => {
  const kept = storage();
  const none = { preferred: "test", providers: {} };
  assert.deepEqual(loadSettings(undefined), none);
  assert.deepEqual(loadSettings(kept), none);
  for (const text of ["", "{", "null", '{"providers": 3}', '{"preferred": "gone"}']) {
    kept.setItem("runt-pyodide.ai", text);
    assert.deepEqual(loadSettings(kept), none);
  }
  const good = { kind: "openai", baseUrl: "", model: "" };
  const bad = { unknown: { ...good, kind: "nobody's" }, half: { kind: "openai" }, nothing: null };
  kept.setItem("runt-pyodide.ai", JSON.stringify({ providers: { ...bad, good } }));
  assert.deepEqual(loadSettings(kept), { preferred: "test", providers: { good } });
});

test("another provider of a kind has a name of its own", () => {
  assert.equal(freeName(SETTINGS, "ollama"), "ollama");
  assert.equal(freeName(SETTINGS, "openai"), "openai-2");
  assert.equal(freeName(SETTINGS, "compatible"), "server-2");
});

test("a vault opens with its passphrase, in whatever code points it was typed, and with no other", async () => {
  const sealed = await seal(await newLock("caf\u00e9 noir"), "secret");
  assert.ok(!sealed.includes("secret"));
  assert.equal(await unseal(await lockOf(sealed, "cafe\u0301 noir"), sealed), "secret");
  await assert.rejects(unseal(await lockOf(sealed, "cafe noir"), sealed), WrongPassphraseError);
});

test("the same text is sealed anew each time", async () => {
  const lock = await newLock("passphrase");
  assert.notEqual(await seal(lock, "secret"), await seal(lock, "secret"));
});

test("a vault that was tampered with does not open", async () => {
  const sealed = JSON.parse(await seal(await newLock("passphrase"), "secret"));
  const data = sealed.data.replace(/^./, (/** @type {string} */ first) =>
    first === "A" ? "B" : "A",
  );
  const other = JSON.stringify({ ...sealed, data });
  await assert.rejects(unseal(await lockOf(other, "passphrase"), other), WrongPassphraseError);
  for (const text of ["{", "{}", JSON.stringify({ ...sealed, version: 9 })]) {
    await assert.rejects(lockOf(text, "passphrase"), /is damaged/);
  }
});

test("keys are in no storage, unless told otherwise", async () => {
  const storages = { tab: storage(), browser: storage() };
  const keys = new Keys(storages);
  await keys.set("openai", "", "sk-1");
  assert.equal(keys.of("openai", ""), "sk-1");
  assert.equal(textOf(storages.tab) + textOf(storages.browser), "");
  assert.equal(new Keys(storages).of("openai", ""), "");
});

test("a key is for the server that it was given for", async () => {
  const keys = new Keys({});
  await keys.set("openai", "http://a/v1", "sk-1");
  assert.equal(keys.of("openai", "http://b/v1"), "");
  await keys.set("openai", "http://a/v1", "");
  assert.equal(keys.of("openai", "http://a/v1"), "");
});

test("keys in the tab are there after a reload, and gone when kept in the page again", async () => {
  const storages = { tab: storage(), browser: storage() };
  const keys = new Keys(storages);
  await keys.set("openai", "", "sk-1");
  await keys.moveTo("tab");
  await keys.set("groq", "", "gsk-2");
  const reloaded = new Keys(storages);
  assert.equal(reloaded.place.value, "tab");
  assert.deepEqual([reloaded.of("openai", ""), reloaded.of("groq", "")], ["sk-1", "gsk-2"]);
  assert.equal(textOf(storages.browser), "");
  await reloaded.moveTo("page");
  assert.equal(textOf(storages.tab), "");
  assert.equal(reloaded.of("openai", ""), "sk-1");
});

test("keys in the vault are locked after a reload, and two tabs do not lose each other's", async () => {
  const storages = { tab: storage(), browser: storage() };
  const keys = new Keys(storages);
  await keys.set("openai", "", "sk-1");
  await keys.moveTo("vault", "passphrase");
  assert.ok(!textOf(storages.browser).includes("sk-1"));
  assert.equal(textOf(storages.tab), "");

  const second = new Keys({ ...storages, tab: storage() });
  assert.equal(second.isLocked.value, true);
  assert.equal(second.of("openai", ""), "");
  await assert.rejects(second.set("groq", "", "gsk-2"), /locked/);
  await assert.rejects(second.unlock("wrong"), WrongPassphraseError);
  assert.equal(second.isLocked.value, true);
  await second.unlock("passphrase");
  assert.equal(second.of("openai", ""), "sk-1");
  await second.set("groq", "", "gsk-2");
  await keys.set("xai", "", "xai-3");

  const third = new Keys(storages);
  await third.unlock("passphrase");
  assert.deepEqual(
    ["openai", "groq", "xai"].map((name) => third.of(name, "")),
    ["sk-1", "gsk-2", "xai-3"],
  );
});

test("a browser that forbids storage keeps keys in the page alone, and says so", async () => {
  const keys = new Keys({});
  await keys.set("openai", "", "sk-1");
  await assert.rejects(keys.moveTo("tab"), /does not allow the page to store/);
  await assert.rejects(keys.moveTo("vault", "passphrase"), /does not allow the page to store/);
  assert.equal(keys.place.value, "page");
  assert.equal(keys.of("openai", ""), "sk-1");
});

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
