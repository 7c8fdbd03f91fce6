import assert from "node:assert/strict";
import test from "node:test";

import { start } from "../support/runtime-stage.js";

test("a callback of the page that throws stops nothing", async (t) => {
  const reported = t.mock.method(console, "error", () => {});
  const onProgress = () => {
    throw new Error("mine");
  };
  const { runtime } = await start({ onProgress });
  assert.equal(runtime.status, "ready");
  assert.ok(reported.mock.callCount() >= 4);
  await runtime.stop();
});
