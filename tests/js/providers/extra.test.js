// What is sent besides the key, as it is typed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatExtra, MASK, parseExtra, partAddress } from "../../../web/providers/extra.js";

const EXTRA = {
  headers: { "X-Team": "blue", "X-Team-Key": "hush" },
  query: { "api-version": "2024", sig: "hush" },
  extraBody: { max_tokens: 5, more: [{ api_key: "hush", note: "a" }] },
};
const NONE = { headers: "", query: "", extraBody: "" };

test("what is kept is shown, but for secrets, and comes back as it was", () => {
  const text = formatExtra(EXTRA);
  assert.equal(text.headers, `X-Team: blue\nX-Team-Key: ${MASK}`);
  assert.equal(text.query, `api-version=2024\nsig=${MASK}`);
  assert.ok(!JSON.stringify(text).includes("hush"));
  assert.deepEqual(parseExtra(text, EXTRA), EXTRA);
});

test("blank lines and empty fields are nothing", () => {
  assert.deepEqual(parseExtra(NONE, EXTRA), {});
  assert.deepEqual(parseExtra({ ...NONE, headers: "\n X-A :  b:c \n\n" }, {}), {
    headers: { "X-A": "b:c" },
  });
  assert.deepEqual(formatExtra({}), NONE);
});

test("a secret that was given for another address is asked for again", () => {
  for (const part of ["headers", "query", "extraBody"]) {
    const text = { ...NONE, [part]: formatExtra(EXTRA)[/** @type {"query"} */ (part)] };
    assert.throws(() => parseExtra(text, {}), /Enter the value of .* again/);
  }
});

test("what cannot be read is named by its place, not repeated", () => {
  for (const [part, text, said] of [
    ["headers", "X-A: b\nhush", "Headers, line 2: write name: value."],
    ["query", "=hush", "Query, line 1: write name=value."],
    ["extraBody", "{hush", "Body: this is not JSON."],
    ["extraBody", "[1]", "Body: write a JSON object"],
    ["extraBody", "null", "Body: write a JSON object"],
  ]) {
    assert.throws(
      () => parseExtra({ ...NONE, [part]: text }, {}),
      (/** @type {Error} */ error) =>
        error.message.startsWith(said) && !error.message.includes("hush"),
    );
  }
});

test("what is secret in an address is kept with the keys", () => {
  assert.deepEqual(partAddress("https://ann:p%40w@host/v1?v=1", {}, false), {
    baseUrl: "https://host/v1?v=1",
    extra: { headers: { Authorization: "Basic YW5uOnBAdw==" } },
  });
  assert.deepEqual(partAddress("ann:pw@host", {}, true), { baseUrl: "host", extra: {} });
  assert.deepEqual(partAddress("host/v1?v=1&sig=a%20b#top", { query: { v: "2" } }, true), {
    baseUrl: "host/v1",
    extra: { query: { v: "2", sig: "a b" } },
  });
  for (const open of ["", "https://host/v1", "host/a@b", "host?v=1"]) {
    assert.deepEqual(partAddress(open, EXTRA, false), { baseUrl: open, extra: EXTRA });
  }
});
