// Where the page keeps keys: in itself, in the tab, or in a vault.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Keys } from "../../../web/providers/keys.js";
import { WrongPassphraseError } from "../../../web/providers/vault.js";
import { storage, textOf } from "../support/browser-storage.js";

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
