// Text that is kept under a passphrase.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  WrongPassphraseError,
  lockOf,
  newLock,
  seal,
  unseal,
} from "../../../web/providers/vault.js";

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
