import assert from "node:assert/strict";
import test from "node:test";

import { redactText, Redaction } from "../../../../js/runtime/keys/redaction.js";

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
