import assert from "node:assert/strict";
import test from "node:test";

import { start, turn, until } from "../support/runtime-stage.js";
import { WebWorker } from "../support/web-worker.js";

test("a busy Python does not hold up stop() for ever, and the log tells the end", async (t) => {
  const { store, runtime } = await start({ config: { script: { stopHangs: true } } });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let isOver = false;
  const stopped = runtime.stop().then(() => (isOver = true));
  await turn();
  t.mock.timers.tick(2999);
  await turn();
  assert.ok(!isOver);
  t.mock.timers.tick(1);
  await stopped;
  assert.deepEqual(store.events().at(-1).args, { sessionId: "session-1", reason: "shutdown" });
  assert.equal(WebWorker.alive.size, 0);
});

test("follows ready and busy, and ends when another session takes over", async () => {
  const { store, statuses, runtime } = await start();
  const busy = { sessionId: "session-1", status: "busy" };
  const batch = JSON.stringify([{ name: "v1.RuntimeSessionStatusChanged", args: busy }]);
  store.commit({ name: "test.emit", args: { batches: [batch] } });
  await until(() => runtime.status === "busy", "status busy");
  const displaced = { sessionId: "session-1", reason: "displaced" };
  store.commit({ name: "v1.RuntimeSessionTerminated", args: displaced });
  await until(() => runtime.status === "stopped", "status stopped");
  assert.match(statuses.at(-1)[1], /Another runtime took this notebook over/);
  assert.deepEqual(store.events().at(-1).args, displaced);
});

test("renews its session every 15 seconds until it is stopped", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { store, runtime } = await start({ worker: false });
  t.mock.timers.tick(31_000);
  const renewals = store.events().filter((/** @type {any} */ e) => /Renewal/.test(e.name));
  assert.equal(renewals.length, 2);
  assert.equal(renewals[0].args.validForMs, 30_000);
  assert.ok(!Number.isNaN(Date.parse(renewals[0].args.renewedAt)));
  await runtime.stop();
  const count = store.events().length;
  t.mock.timers.tick(60_000);
  assert.equal(store.events().length, count);
});
