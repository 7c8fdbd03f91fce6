// What the page remembers of providers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { configOf, freeName, loadSettings, saveSettings } from "../../../web/providers/settings.js";
import { storage } from "../support/browser-storage.js";

const SETTINGS = {
  preferred: "groq",
  providers: {
    openai: { kind: "openai", baseUrl: "", model: "gpt-5" },
    groq: { kind: "groq", baseUrl: "", model: "" },
    server: { kind: "compatible", baseUrl: "http://localhost:9/v1", model: "m" },
  },
};

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
