// The contract over a real LiveStore in memory, and what LiveStore adds to it.

import assert from "node:assert/strict";
import test from "node:test";

import { schema } from "../../../js/livestore-schema.js";
import { liveStore } from "../../../js/stores/livestore.js";
import { openStore } from "../support/livestore-in-memory.js";
import { event, labelsOf, record, testStore, turn } from "../support/store-contract.js";

testStore("liveStore in memory", async (t) => liveStore(await openStore(t, schema)));

test("what is refused is refused by name, and harms nothing", async (t) => {
  const store = liveStore(await openStore(t, schema));
  for (const [bad, message] of /** @type {[any, RegExp][]} */ ([
    [{ name: "v1.CellDeleted", args: {} }, /v1\.CellDeleted: id is missing/],
  ])) {
    assert.throws(() => store.commit(event("a"), bad), { name: "TypeError", message });
  }
  store.commit(event("b"));
  const batches = record(store);
  await turn();
  assert.deepEqual(batches, [["b"]]);
});

test("two views of one store see the same", async (t) => {
  const inner = await openStore(t, schema);
  const [one, other] = [liveStore(inner), liveStore(inner)];
  const batches = record(other);
  one.commit(event("a"));
  other.commit(event("b"));
  await turn();
  assert.deepEqual(batches.flat(), ["a", "b"]);
});

test("a store that has shut down says so", async (t) => {
  let over = false;
  const store = liveStore(await openStore(t, schema), { isOver: () => over });
  over = true;
  assert.throws(() => store.commit(event("a")), /has shut down/);
});

test("a long log is read from its end", async (t) => {
  const store = liveStore(await openStore(t, schema));
  const labels = Array.from({ length: 500 }, (_, i) => `${i}`);
  store.commit(...labels.map(event));
  /** @type {unknown[]} */
  const got = [];
  store.subscribe((events) => void got.push(...labelsOf(events)));
  await turn();
  store.commit(event("last"));
  await turn();
  assert.deepEqual(got, [...labels, "last"]);
});
