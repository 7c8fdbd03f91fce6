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

test("what else is sent is kept with the key, for this base URL alone", async () => {
  const [one, storages] = [python(), { browser: storage(), tab: storage() }];
  const ai = new Ai(one, storages);
  await ai.keys.moveTo("tab");
  const server = { kind: "compatible", baseUrl: "http://a", model: "", vision: true, timeout: 9 };
  const extra = { headers: { "X-Key": "hush" }, query: { v: "1" } };
  await ai.save("server", server, "", extra);
  const { providers } = one.taken.at(-1);
  assert.deepEqual(providers.server, {
    ...{ type: "openai", baseUrl: "http://a", vision: true, timeout: 9 },
    ...extra,
  });
  assert.ok(!textOf(storages.browser).includes("hush"));
  assert.deepEqual(new Ai(one, storages).config.providers?.server, providers.server);
  await ai.save("server", { ...server, model: "m" }, "");
  assert.deepEqual(one.taken.at(-1).providers.server.headers, extra.headers);
  await ai.save("server", { ...server, baseUrl: "http://b" }, "");
  assert.equal(one.taken.at(-1).providers.server.headers, undefined);
  await ai.save("server", server, "", {});
  assert.deepEqual(ai.keys.extraOf("server", "http://a"), {});
  await ai.save("server", server, "", extra);
  await ai.remove("server");
  assert.ok(!textOf(storages.tab).includes("hush"));
});

test("a key that was kept only in the page is known to be gone after a reload", async () => {
  const storages = { tab: storage(), browser: storage() };
  const ai = new Ai(python(), storages);
  await ai.save("groq", { kind: "groq", baseUrl: "", model: "" }, "gsk-1");
  await ai.save("ollama", { kind: "ollama", baseUrl: "", model: "" }, "");
  assert.deepEqual(
    ai.names.map((name) => ai.hasForgotten(name)),
    [false, false, false],
  );
  const one = python();
  const reloaded = new Ai(one, storages);
  assert.deepEqual(
    reloaded.names.map((name) => reloaded.hasForgotten(name)),
    [false, true, false],
  );
  assert.deepEqual(reloaded.config.providers?.groq, { type: "groq" });
  await reloaded.save("groq", { kind: "groq", baseUrl: "", model: "x" }, "");
  assert.ok(reloaded.hasForgotten("groq"), "another model changes nothing about the key");
  await reloaded.save("groq", { kind: "groq", baseUrl: "", model: "x" }, "gsk-2");
  assert.ok(!reloaded.hasForgotten("groq"));
  await reloaded.save("groq", { kind: "groq", baseUrl: "http://other/v1", model: "x" }, "");
  assert.ok(!reloaded.hasForgotten("groq"), "no key was ever entered for that server");
});

test("keys in a vault are locked, not forgotten", async () => {
  const storages = { tab: storage(), browser: storage() };
  const ai = new Ai(python(), storages);
  await ai.save("groq", { kind: "groq", baseUrl: "", model: "" }, "gsk-1");
  await ai.keys.moveTo("vault", "passphrase");
  assert.ok(!new Ai(python(), storages).hasForgotten("groq"));
});

const SERVER = { kind: "compatible", baseUrl: "http://a", model: "" };

test("two tabs do not lose each other's providers", async () => {
  const storages = { browser: storage() };
  const [first, second] = [python(), python()];
  const [one, other] = [first, second].map((tab) => new Ai(tab, storages));
  await one.save("a", SERVER, "");
  await other.save("b", SERVER, "");
  await one.prefer("a");
  await one.save("c", SERVER, "");
  await other.remove("b");
  assert.deepEqual(new Ai(python(), storages).names, ["test", "a", "c"]);
  assert.equal(new Ai(python(), storages).settings.value.preferred, "a");
  const tabs = new EventTarget();
  one.followTabs(tabs);
  tabs.dispatchEvent(Object.assign(new Event("storage"), { key: "another" }));
  assert.deepEqual(one.names, ["test", "a", "b", "c"]);
  tabs.dispatchEvent(Object.assign(new Event("storage"), { key: "runt-pyodide.ai" }));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(one.names, ["test", "a", "c"]);
  assert.deepEqual(Object.keys(first.taken.at(-1).providers), ["a", "c", "test"]);
});

test("a provider that is removed leaves no key, and one that is added again asks again", async () => {
  const storages = { browser: storage(), tab: storage() };
  const ai = new Ai(python(), storages);
  await ai.keys.moveTo("vault", "horse");
  await ai.save("a", SERVER, "sk-1");
  const locked = new Ai(python(), storages);
  await assert.rejects(locked.remove("a"), /Unlock your keys first/);
  assert.deepEqual(locked.names, ["test", "a"]);
  await locked.unlock("horse");
  assert.equal(locked.hasKey("a"), true);
  await locked.remove("a");
  const later = new Ai(python(), storages);
  await later.unlock("horse");
  await later.save("a", SERVER, "");
  assert.equal(later.hasKey("a"), false);
});

/** Two tabs, and what tells the first that the second has changed the settings. @param {import("../../../web/providers/keys.js").Place} place */
async function twoTabs(place) {
  const browser = storage();
  const storages = [0, 1].map(() => ({ browser, tab: storage() }));
  const first = python();
  const one = new Ai(first, storages[0]);
  await one.keys.moveTo(place, "horse");
  await one.save("a", SERVER, "sk-1");
  const other = new Ai(python(), storages[1]);
  if (place === "vault") await other.unlock("horse");
  const events = new EventTarget();
  one.followTabs(events);
  const tell = async () => {
    const before = first.taken.length;
    events.dispatchEvent(Object.assign(new Event("storage"), { key: "runt-pyodide.ai" }));
    while (first.taken.length === before) await new Promise((resolve) => setImmediate(resolve));
  };
  return { one, other, tell, reopened: () => new Ai(python(), storages[0]) };
}

for (const place of /** @type {const} */ (["page", "tab", "vault"])) {
  for (const isToldTwice of [true, false]) {
    const when = isToldTwice ? "then" : "before this tab hears of it";
    test(`a provider that another tab removes, and ${when} adds again, leaves no key in the ${place}`, async () => {
      const { one, other, tell, reopened } = await twoTabs(place);
      await other.remove("a");
      if (isToldTwice) await tell();
      await other.save("a", SERVER, "");
      await tell();
      assert.deepEqual([one.names, one.hasKey("a")], [["test", "a"], false]);
      assert.ok(!JSON.stringify(one.config).includes("sk-1"));
      const later = reopened();
      if (place === "vault") await later.unlock("horse");
      assert.equal(later.hasKey("a"), false);
    });
  }
}

test("what another tab changes of a provider leaves its key and what else is sent", async () => {
  const { one, other, tell } = await twoTabs("page");
  await one.save("b", SERVER, "", { headers: { "X-Key": "hush" } });
  await other.save("a", { ...SERVER, model: "m" }, "");
  await other.save("c", SERVER, "");
  await tell();
  assert.equal(one.hasKey("a"), true);
  assert.deepEqual(one.keys.extraOf("b", SERVER.baseUrl), { headers: { "X-Key": "hush" } });
});

test("a key of a provider that was removed while this tab was away is forgotten", async () => {
  const storages = { browser: storage(), tab: storage() };
  const ai = new Ai(python(), storages);
  await ai.keys.moveTo("tab");
  await ai.save("a", SERVER, "sk-1");
  await new Ai(python(), { browser: storages.browser }).remove("a");
  const reloaded = new Ai(python(), storages);
  assert.ok(!textOf(storages.tab).includes("sk-1"));
  await reloaded.save("a", SERVER, "");
  assert.equal(reloaded.hasKey("a"), false);
});

for (const [address, sent, query] of /** @type {const} */ ([
  ["https://me:100%@h.example/v1", "me:100%"],
  ["  //me:p@ss@h.example/v1", "me:p@ss"],
  ["https://h.example/v1?api-key=sk-9", undefined, { "api-key": "sk-9" }],
])) {
  test(`what is secret in an address is kept with the keys: ${address}`, async () => {
    const [one, storages] = [python(), { browser: storage(), tab: storage() }];
    await new Ai(one, storages).save("a", { ...SERVER, baseUrl: address }, "");
    const { baseUrl, ...more } = one.taken.at(-1).providers.a;
    assert.match(baseUrl, /^(https:)?\/\/h\.example\/v1$/);
    const headers = sent && { Authorization: `Basic ${btoa(sent)}` };
    assert.deepEqual(more, {
      type: "openai",
      ...(headers && { headers }),
      ...(query && { query }),
    });
    assert.doesNotMatch(textOf(storages.browser), /100|ss@|sk-9/);
  });
}

test("a password in an address is kept with the keys, and not among the settings", async () => {
  const [one, storages] = [python(), { browser: storage(), tab: storage() }];
  const ai = new Ai(one, storages);
  await ai.save("a", { ...SERVER, baseUrl: "https://me:p%40ss@h.example/v1" }, "");
  const headers = { Authorization: `Basic ${btoa("me:p@ss")}` };
  assert.deepEqual(one.taken.at(-1).providers.a, {
    ...{ type: "openai", baseUrl: "https://h.example/v1", headers },
  });
  assert.equal(textOf(storages.browser).includes("p%40ss"), false);
  await ai.save("a", { ...SERVER, baseUrl: "https://h.example/v1", model: "m" }, "");
  assert.deepEqual(one.taken.at(-1).providers.a.headers, headers);
});
