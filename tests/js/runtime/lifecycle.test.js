import assert from "node:assert/strict";
import test from "node:test";

import { RuntimeStartError, memoryStore } from "../../../js/index.js";
import { ends, names, start, until } from "../support/runtime-stage.js";
import { WebWorker } from "../support/web-worker.js";

/** @type {any[]} */
const requested = [
  {
    name: "v1.ExecutionRequested",
    args: { queueId: "q", cellId: "c", executionCount: 1, requestedBy: "me" },
  },
];

for (const worker of [true, false]) {
  const where = worker ? "in a worker" : "on the page's thread";

  test(`${where}: a Python that breaks is started again, but not for ever`, async () => {
    const script = { callBreaks: "models" };
    const { store, statuses, runtime } = await start({ worker, config: { script } });
    for (const next of [2, 3, 4]) {
      await assert.rejects(runtime.models(), /SystemError: gone/);
      await until(() => runtime.sessionId === `session-${next}`, `session ${next}`);
      const why = "Python crashed (SystemError: gone). Python was restarted.";
      assert.deepEqual(statuses.slice(-2), [
        ["restarting", why],
        ["ready", undefined],
      ]);
      assert.deepEqual(ends(store).at(-1), [`session-${next - 1}`, "error"]);
    }
    await assert.rejects(runtime.models(), /SystemError: gone/);
    await until(() => runtime.status === "failed", "status failed");
    assert.match(String(runtime.reason), /crashed \(SystemError: gone\)\. It broke down 4 times/);
    assert.deepEqual(ends(store).at(-1), ["session-4", "error"]);
    assert.equal(WebWorker.alive.size, 0);
    await assert.rejects(runtime.models(), /Python is not running; call restart\(\)/);
    store.commit(...requested);
    await until(() => names(store).includes("v1.ExecutionCancelled"), "the end");
    const { reason, cancelledBy } = store.events().at(-1).args;
    assert.match(reason, /^Not run: Python crashed .*Restart Python, then run the cell again\.$/);
    assert.equal(cancelledBy, "runtime");
    await runtime.restart(); // a person may, at any time
    assert.equal(runtime.status, "ready");
    assert.equal(runtime.sessionId, "session-5");
    await runtime.stop();
    assert.equal(runtime.status, "stopped");
  });

  test(`${where}: a log that breaks Python is given up, and restart() says so`, async () => {
    const { store, statuses, runtime } = await start({ worker });
    store.commit({ name: "test.break", args: {} });
    await until(() => runtime.status === "failed", "status failed");
    const told = ["ready", "restarting", "failed"];
    assert.deepEqual(
      statuses.map(([status]) => status),
      told,
    );
    await assert.rejects(runtime.restart(), RuntimeStartError);
    assert.equal(runtime.status, "failed");
    assert.equal(WebWorker.alive.size, 0);
  });

  test(`${where}: restart() begins a session with the configuration of now`, async () => {
    const modules = { mine: "x = 1" };
    const { store, statuses, runtime } = await start({ worker, modules });
    await runtime.configure(/** @type {any} */ ({ latest: true }));
    await runtime.restart();
    assert.equal(runtime.sessionId, "session-2");
    const [{ options, started }] = /** @type {any} */ (await runtime.models());
    assert.deepEqual(options.config, { latest: true });
    assert.deepEqual(started, { reason: "Python was restarted.", stopped: [], waiting: [] });
    assert.deepEqual(options.modules, modules);
    assert.deepEqual(ends(store), [["session-1", "restart"]]);
    assert.deepEqual(
      statuses.map(([status]) => status),
      ["ready", "restarting", "ready"],
    );
    const stopped = runtime.restart();
    void stopped.catch(() => {});
    await runtime.stop();
    await assert.rejects(stopped, RuntimeStartError);
    assert.equal(runtime.status, "stopped");
    await assert.rejects(runtime.restart(), /restart\(\): the runtime has ended/);
    assert.equal(WebWorker.alive.size, 0);
  });

  for (const [what, options, stage, message] of /** @type {[string, any, string, RegExp][]} */ ([
    ["a package that is missing", { packages: ["missing"] }, "packages", /no wheel for 'missing'/],
    [
      "a bad config",
      { config: { script: { invalid: true } } },
      "start",
      /: ConfigError: no such provider\.$/,
    ],
    ["a failing start", { config: { script: { startFails: true } } }, "start", /no room/],
    ["a broken start", { config: { script: { callBreaks: "start" } } }, "start", /SystemError/],
    ["a wrong address", { pyodideURL: "file:///nowhere/" }, "pyodide", /nowhere\/pyodide\.mjs/],
  ])) {
    test(`${where}: ${what} rejects with its stage and reason`, async () => {
      /** @type {any[]} */
      const statuses = [];
      const onStatus = (/** @type {any} */ status) => void statuses.push(status);
      const store = memoryStore(requested);
      const failed = start({ worker, onStatus, store, ...options });
      await assert.rejects(failed, (error) => {
        assert.ok(error instanceof RuntimeStartError);
        assert.equal(error.stage, stage);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /Traceback/);
        return true;
      });
      assert.deepEqual(statuses, ["failed"]);
      await until(() => names(store).includes("v1.ExecutionCancelled"), "the end of what waited");
      assert.equal(WebWorker.alive.size, 0);
    });
  }
}

test("a worker that dies whenever it boots fails the runtime and what waits for it", async () => {
  for (const [name, message] of [
    ["test.die", /Program terminated/],
    ["test.exit", /out of memory/],
  ]) {
    const { store, statuses, runtime } = await start();
    const waiting = runtime.interrupt();
    store.commit({ name: String(name), args: {} });
    await until(() => runtime.status === "failed", "status failed");
    await waiting;
    assert.match(statuses.at(-1)[1], /** @type {RegExp} */ (message));
  }
});

test("what is configured while there is no Python is checked by the restart", async () => {
  const { store, runtime } = await start();
  store.commit({ name: "test.break", args: {} });
  await until(() => runtime.status === "failed", "status failed");
  await runtime.configure(/** @type {any} */ ({ script: { invalid: true } }));
  await assert.rejects(runtime.restart(), /no such provider/);
});
