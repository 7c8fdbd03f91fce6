import assert from "node:assert/strict";
import test from "node:test";

import { RestartLimit } from "../../../../js/runtime/ends/restart-limit.js";

test("three restarts within a minute, and again when they are older, or asked for", () => {
  let now = 0;
  const limit = new RestartLimit(() => now);
  const judge = () => limit.judge(new Error("torn"));
  const took = (/** @type {number} */ at) => ((now = at), judge().isRestarted);
  assert.deepEqual([0, 10_000, 20_000, 59_999].map(took), [true, true, true, false]);
  assert.deepEqual([60_000, 60_001, 70_000, 70_001].map(took), [true, false, true, false]);
  assert.match(judge().reason, /^Python crashed \(torn\)\. It broke down 4 times within a minute/);
  limit.reset();
  assert.equal(judge().reason, "Python crashed (torn). Python was restarted.");
  assert.deepEqual([70_002, 70_003, 70_004].map(took), [true, true, false]);
});
