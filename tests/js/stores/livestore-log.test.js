// What LiveStore itself may leave in a log. (A process has room for few stores: each keeps its memory.)

import assert from "node:assert/strict";
import test from "node:test";

import { schema } from "../../../js/livestore-schema.js";
import { liveStore } from "../../../js/stores/livestore.js";
import { openStore } from "../support/livestore-in-memory.js";
import { event, labelsOf } from "../support/store-contract.js";

test("an event that the log holds twice is told once", async (t) => {
  const inner = await openStore(t, schema);
  const { name, args } = event("a");
  for (let n = 0; n < 2; n++) inner.commit({ name, args: { id: "once", args } });
  assert.deepEqual(labelsOf(liveStore(inner).events()), ["a"]);
});
