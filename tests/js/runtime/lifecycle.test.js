import assert from "node:assert/strict";
import test from "node:test";

import { RuntimeStartError } from "../../../js/index.js";
import { ends, start, until } from "../support/runtime-stage.js";
import { WebWorker } from "../support/web-worker.js";

for (const worker of [true, false]) {
  const where = worker ? "in a worker" : "on the page's thread";

  test(`${where}: a Python that breaks is started again, once`, async () => {
    const script = { callBreaks: "models" };
    const { store, statuses, runtime } = await start({ worker, config: { script } });
    await assert.rejects(runtime.models(), /SystemError: gone/);
    await until(() => runtime.sessionId === "session-2", "the second session");
    const why = "Python crashed: SystemError: gone. Python was restarted.";
    assert.deepEqual(statuses.slice(1), [
      ["restarting", why],
      ["ready", undefined],
    ]);
    assert.deepEqual(ends(store), [["session-1", "error"]]);
    await assert.rejects(runtime.models(), /SystemError: gone/);
    await until(() => runtime.status === "failed", "status failed");
    assert.match(statuses.at(-1)[1], /crashed: SystemError: gone$/);
    assert.deepEqual(ends(store).at(-1), ["session-2", "error"]);
    await assert.rejects(runtime.configure({}), /has ended.*start another/);
    await runtime.stop();
    assert.equal(runtime.status, "failed");
    assert.equal(WebWorker.alive.size, 0);
  });

  test(`${where}: a log that breaks Python is given up`, async () => {
    const { store, statuses, runtime } = await start({ worker });
    store.commit({ name: "test.break", args: {} });
    await until(() => runtime.status === "failed", "status failed");
    assert.deepEqual(
      statuses.map(([status]) => status),
      ["ready", "restarting", "failed"],
    );
    assert.equal(WebWorker.alive.size, 0);
  });

  test(`${where}: restart() begins a session with the configuration of now`, async () => {
    const { store, statuses, runtime } = await start({ worker });
    await runtime.configure(/** @type {any} */ ({ latest: true }));
    await runtime.restart();
    assert.equal(runtime.sessionId, "session-2");
    const [{ options, started }] = /** @type {any} */ (await runtime.models());
    assert.deepEqual(options.config, { latest: true });
    assert.deepEqual(started, { reason: "Python was restarted.", stopped: [] });
    assert.deepEqual(ends(store), [["session-1", "restart"]]);
    assert.deepEqual(
      statuses.map(([status]) => status),
      ["ready", "restarting", "ready"],
    );
    const stopped = runtime.restart();
    await runtime.stop();
    await stopped;
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
      /: ConfigError: no such provider$/,
    ],
    ["a failing start", { config: { script: { startFails: true } } }, "start", /no room/],
    ["a broken start", { config: { script: { callBreaks: "start" } } }, "start", /SystemError/],
    ["a wrong address", { pyodideURL: "file:///nowhere/" }, "pyodide", /nowhere\/pyodide\.mjs/],
  ])) {
    test(`${where}: ${what} rejects with its stage and reason`, async () => {
      /** @type {any[]} */
      const statuses = [];
      const onStatus = (/** @type {any} */ status) => void statuses.push(status);
      const failed = start({ worker, onStatus, ...options });
      await assert.rejects(failed, (error) => {
        assert.ok(error instanceof RuntimeStartError);
        assert.equal(error.stage, stage);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /Traceback/);
        return true;
      });
      assert.deepEqual(statuses, ["failed"]);
      assert.equal(WebWorker.alive.size, 0);
    });
  }
}

test("a worker that dies again and again fails the runtime and what waits for it", async () => {
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
