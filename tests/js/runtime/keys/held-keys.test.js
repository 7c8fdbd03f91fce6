import assert from "node:assert/strict";
import test from "node:test";

import { HeldKeys } from "../../../../js/runtime/keys/held-keys.js";

const KEY = "sk-abcdefgh12345678";
const ADDRESSES = { openai: "https://api.openai.com/v1", groq: "https://api.groq.com/openai/v1" };

/** @param {any} providers */
function hide(providers, keys = new HeldKeys()) {
  keys.addresses = ADDRESSES;
  const hidden = keys.hide(/** @type {any} */ ({ providers }));
  keys.use(hidden);
  const config = /** @type {any} */ (hidden.config);
  return { keys, hidden, providers: config.providers, text: JSON.stringify(config) };
}

test("a configuration for Python has tokens for what is secret, and everything else", () => {
  const { hidden, providers, text } = hide({
    openai: { apiKey: ` Bearer ${KEY}\n`, model: "gpt" },
    work: {
      ...{ type: "openai", base_url: "https://user:pass-word-1@h.example/v1?key=query-secret&v=1" },
      ...{
        headers: { "X-Api-Key": "header-secret", "X-Other": "seen" },
        query: { token: "t-secret-1" },
      },
    },
    test: {},
  });
  for (const secret of [KEY, "pass-word-1", "query-secret", "header-secret", "t-secret-1"]) {
    assert.equal(text.includes(secret), false, secret);
    assert.equal(
      hidden.secrets.some((one) => one.includes(secret)),
      true,
      secret,
    );
  }
  const { token } = /** @type {any} */ (hidden.held.find(({ secret }) => secret === KEY));
  assert.deepEqual(providers.openai, { apiKey: token, model: "gpt" });
  assert.equal(providers.work.base_url.replace(/held-\w+/, "*"), "https://h.example/v1?key=*&v=1");
  assert.equal(providers.work.headers["X-Other"], "seen");
  assert.match(providers.work.headers.Authorization, /^held-/);
  const basic = hidden.held.find(({ secret }) => secret.startsWith("Basic "));
  assert.equal(basic?.secret, `Basic ${btoa("user:pass-word-1")}`);
  assert.deepEqual(
    hidden.held.map(({ home }) => home?.hostname),
    ["api.openai.com", ...hidden.held.slice(1).map(() => "h.example")],
  );
});

test("a token stays as long as its key and address do, and goes with them", () => {
  const { keys, providers } = hide({ openai: { apiKey: KEY }, groq: { apiKey: "gsk-1234567890" } });
  const same = hide({ openai: { apiKey: KEY, model: "other" } }, keys);
  assert.equal(same.providers.openai.apiKey, providers.openai.apiKey);
  assert.deepEqual(keys.secrets, [KEY]); // what is removed is forgotten
  for (const changed of [{ apiKey: `${KEY}9` }, { apiKey: KEY, baseUrl: "https://h.example" }]) {
    const now = hide({ openai: changed }, keys).providers.openai.apiKey;
    assert.notEqual(now, providers.openai.apiKey);
  }
});

test("a preset has its own address; a key without any has none", () => {
  const { hidden } = hide({
    groq: { apiKey: KEY },
    fast: { type: "openai", preset: "groq", apiKey: KEY },
    mine: { type: "mine", apiKey: KEY },
  });
  assert.deepEqual(
    hidden.held.map(({ home }) => home?.hostname),
    ["api.groq.com", "api.groq.com", undefined],
  );
});

test("of a key that cannot be sent Python gets the character at fault, and no other", () => {
  const { providers, hidden } = hide({ openai: { apiKey: "sk-clé-123" } });
  assert.deepEqual([providers.openai.apiKey, hidden.held], ["xxxxxéxxxx", []]);
});

test("what is no configuration is passed on: Python says what is wrong", () => {
  for (const config of /** @type {any[]} */ ([
    undefined,
    {},
    { providers: [] },
    { providers: { a: 1 } },
  ])) {
    assert.deepEqual(new HeldKeys().hide(config).config, config);
  }
});
