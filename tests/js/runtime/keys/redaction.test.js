import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { redactText, Redaction } from "../../../../js/runtime/keys/redaction.js";
import { LINEAR, growth, repeated } from "../../support/growth.js";

/** @type {{ secret: string, forms: Record<string, string> }} */
const { secret, forms } = JSON.parse(
  readFileSync(new URL("../../../data/secret-forms.json", import.meta.url), "utf8"),
);

const SECRETS = ["sk-secret/1234567", "sk-secret/1234567-longer", 'pass"word123', "short"];
const TEXT = [
  "a sk-secret/1234567 b sk-secret%2F1234567 c sk-secret/1234567-longer d",
  String.raw`{"said": "pass\"word123"} pass%22word123 short sk-sk-secret/1234567`,
  "sk-secret/123456",
].join("\n");
const SHOWN = [
  "a [key] b [key] c [key] d",
  '{"said": "[key]"} [key] short sk-[key]',
  "sk-secret/123456",
].join("\n");

test("secrets are taken out of text, in every form; a stand-in is no secret", () => {
  assert.equal(redactText(TEXT, SECRETS), SHOWN);
  assert.equal(redactText(TEXT, []), TEXT);
});

test("secrets are taken out of bytes, however these are cut", () => {
  const bytes = new TextEncoder().encode(TEXT);
  for (let size = 1; size <= bytes.length; size++) {
    const redaction = new Redaction(SECRETS);
    const shown = [];
    for (let at = 0; at < bytes.length; at += size) {
      shown.push(...redaction.push(bytes.slice(at, at + size)));
    }
    shown.push(...redaction.end());
    // Cut within a longer secret, the shorter one in it may be seen first.
    assert.equal(
      new TextDecoder().decode(new Uint8Array(shown)).replaceAll("[key]-longer", "[key]"),
      SHOWN,
    );
  }
});

test("nothing is kept back that cannot be the beginning of a secret", () => {
  const redaction = new Redaction(["sk-secret/1234567"]);
  const push = (/** @type {string} */ text) =>
    new TextDecoder().decode(redaction.push(new TextEncoder().encode(text)));
  assert.deepEqual(["data: s", "mile\n\n", "sk", "-x"].map(push), [
    "data: ",
    "smile\n\n",
    "",
    "sk-x",
  ]);
});

for (const [who, form] of Object.entries(forms)) {
  test(`a secret is found as it stands in ${who}`, () => {
    assert.equal(redactText(`a ${form} b`, [secret]), "a [key] b");
    const redaction = new Redaction([secret]);
    const shown = redaction.push(new TextEncoder().encode(`a ${form} b`));
    assert.equal(new TextDecoder().decode(shown), "a [key] b");
  });
}

test("an answer that repeats a secret takes no longer than another", () => {
  const read = (/** @type {string} */ text) =>
    new Redaction([secret, "p/a+s&s-another"]).push(new TextEncoder().encode(text));
  assert.ok(growth(repeated(secret), read, 50_000) < LINEAR);
});
