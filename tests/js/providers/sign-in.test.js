// Where the page puts the key of a sign-in, and what it does without one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Ai } from "../../../web/providers/ai.js";
import { SignIn } from "../../../web/providers/sign-in.js";
import { storage, textOf } from "../support/browser-storage.js";

const PYTHON = {
  configure: async () => {},
  models: async () => [],
  doctor: async (/** @type {string} */ provider) => ({ ok: true, provider, steps: [] }),
};

/** @param {() => Promise<{ key: string }>} ask stands for what the package does with a window */
function page(ask) {
  const storages = { browser: storage(), tab: storage() };
  const ai = new Ai(PYTHON, storages);
  /** @type {string[]} */
  const used = [];
  const signIn = new SignIn(ai, async (name) => void used.push(name), ask);
  return { ai, storages, signIn, used };
}

test("the key goes where pasted keys go, to OpenRouter's own address alone", async () => {
  const { ai, storages, signIn, used } = page(async () => ({ key: "sk-or-1" }));
  await ai.keys.moveTo("tab");
  await signIn.start();
  assert.deepEqual(used, ["openrouter"]);
  const { openrouter } = /** @type {any} */ (ai.config.providers);
  assert.deepEqual(openrouter, { type: "openrouter", model: "openrouter/auto", apiKey: "sk-or-1" });
  assert.ok(textOf(storages.tab).includes("sk-or-1"));
  assert.ok(!textOf(storages.browser).includes("sk-or-1"));

  await ai.save(
    "openrouter",
    { kind: "openrouter", baseUrl: "https://proxy.example", model: "m" },
    "",
  );
  await signIn.start("openrouter");
  assert.deepEqual(/** @type {any} */ (ai.config.providers).openrouter, {
    ...openrouter,
    model: "m",
  });

  await ai.forgetKey("openrouter");
  assert.equal(ai.hasKey("openrouter"), false);
  assert.equal(ai.hasForgotten("openrouter"), false); // nobody is asked for it
  assert.ok(![storages.tab, storages.browser].map(textOf).join().includes("sk-or-1"));
});

test("a provider of that name at another address is left alone", async () => {
  const { ai, signIn, used } = page(async () => ({ key: "sk-or-1" }));
  const proxy = { kind: "openrouter", baseUrl: "https://proxy.example", model: "m" };
  await ai.save("openrouter", proxy, "sk-proxy");
  await signIn.start();
  assert.deepEqual(used, ["openrouter-2"]);
  assert.equal(ai.keys.of("openrouter", "https://proxy.example"), "sk-proxy");
});

test("what went wrong is told, and a sign-in that is cancelled says nothing", async () => {
  const { ai, signIn, used } = page(async () => {
    throw new Error("Denied.");
  });
  await signIn.start();
  assert.equal(signIn.problem.value, "Denied.");
  assert.equal(signIn.isWaiting.value, false);
  await ai.keys.moveTo("vault", "horse");
  ai.keys.isLocked.value = true;
  await signIn.start();
  assert.match(signIn.problem.value, /unlock them first/);

  const waiting = page(() => new Promise((_, reject) => setImmediate(reject, new Error("Late."))));
  const started = waiting.signIn.start();
  assert.equal(waiting.signIn.isWaiting.value, true);
  waiting.signIn.cancel();
  await started;
  assert.equal(waiting.signIn.problem.value, "");
  assert.deepEqual([used, waiting.used], [[], []]);
});
