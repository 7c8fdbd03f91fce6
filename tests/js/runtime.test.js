import assert from "node:assert/strict";
import test, { afterEach } from "node:test";

import { memoryStore, RuntimeStartError, startRuntime } from "../../js/index.js";
import { WebWorker } from "./web-worker.js";

Object.assign(globalThis, { Worker: WebWorker });
// A test that fails leaves its worker, which would keep this process alive.
afterEach(() => WebWorker.alive.forEach((worker) => worker.terminate()));

const pyodideURL = new URL("./stand-in", import.meta.url);

/** @param {number} [ms] */
const pause = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {() => unknown} condition
 * @param {string} what
 */
async function until(condition, what) {
  for (let i = 0; i < 400; i++, await pause(5)) if (condition()) return;
  assert.fail(`waited in vain: ${what}`);
}

/** @param {any} [options] */
async function start(options = {}) {
  const store = options.store ?? memoryStore([{ name: "test.first", args: {} }]);
  /** @type {any[]} */
  const statuses = [];
  const onStatus = (/** @type {any} */ ...status) => void statuses.push(status);
  const runtime = await startRuntime({ pyodideURL, onStatus, ...options, store });
  return { store, statuses, runtime };
}

/** @param {any} store */
const names = (store) => store.events().map((/** @type {any} */ { name }) => name);

for (const worker of [true, false]) {
  const where = worker ? "in a worker" : "on the page's thread";

  test(`${where}: boots, hears of the past before it starts, and stops`, async (t) => {
    t.mock.method(console, "info", () => {});
    /** @type {any[]} */
    const progress = [];
    const { store, statuses, runtime } = await start({
      worker,
      notebookId: "n1",
      config: { defaultProvider: "test" },
      onProgress: (/** @type {any} */ step) => void progress.push(step),
    });
    assert.equal(runtime.sessionId, "session-1");
    assert.equal(runtime.status, "ready");
    assert.deepEqual(statuses, [["ready", undefined]]);
    assert.deepEqual(
      [...new Set(progress.map(({ stage }) => stage))],
      ["pyodide", "packages", "start", "ready"],
    );
    const fractions = progress.map(({ fraction }) => fraction);
    assert.deepEqual(fractions, fractions.toSorted());
    assert.equal(fractions.at(-1), 1);

    const started = store.events().find((/** @type {any} */ e) => e.name.endsWith("Started"));
    assert.equal(started.args.received, 1, "start was called before the first batch was there");
    store.commit({ name: "test.later", args: { text: "ü\u2028" } });
    await pause();
    const [{ options, received, proxies }] = /** @type {any} */ (await runtime.models());
    assert.deepEqual(options, {
      runtimeId: "runt-pyodide",
      notebookId: "n1",
      config: { defaultProvider: "test" },
    });
    assert.deepEqual(received[0], [{ name: "test.first", args: {} }]);
    assert.deepEqual(received.at(-1), [{ name: "test.later", args: { text: "ü\u2028" } }]);
    assert.equal(proxies, 1, "nothing but the bridge may be alive");

    await Promise.all([runtime.stop(), runtime.stop()]);
    assert.equal(runtime.status, "stopped");
    assert.deepEqual(statuses.slice(1), [["stopped", undefined]]);
    assert.equal(names(store).filter((/** @type {string} */ n) => /Terminated/.test(n)).length, 1);
    assert.equal(WebWorker.alive.size, 0);
    await assert.rejects(runtime.models(), /models\(\): the runtime has ended \(it was stopped\)/);
  });

  test(`${where}: an error of a call is the caller's alone`, async () => {
    const { runtime } = await start({ worker });
    await assert.rejects(runtime.configure(/** @type {any} */ ({ bad: true })), {
      name: "ConfigError",
      message: "bad: true",
    });
    await runtime.configure({});
    assert.equal(runtime.status, "ready");
    await runtime.stop();
  });

  test(`${where}: when Python breaks, calls reject and the session is ended`, async () => {
    const { store, statuses, runtime } = await start({ worker });
    const waiting = worker ? assert.rejects(runtime.interrupt(), /SystemError: broken/) : null;
    store.commit({ name: "test.break", args: {} });
    await until(() => runtime.status === "failed", "status failed");
    await waiting;
    assert.match(statuses.at(-1)[1], /broken down: SystemError: broken$/);
    assert.deepEqual(store.events().at(-1).args, { sessionId: "session-1", reason: "error" });
    await assert.rejects(runtime.configure({}), /has ended.*start another/);
    await runtime.stop();
    assert.equal(runtime.status, "failed");
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

for (const worker of [true, false]) {
  test(`an interpreter that dies fails the runtime (worker: ${worker})`, async () => {
    const { store, statuses, runtime } = await start({ worker });
    const waiting = worker ? assert.rejects(runtime.interrupt(), /Program terminated/) : null;
    store.commit({ name: "test.die", args: {} });
    await until(() => runtime.status === "failed", "status failed");
    await waiting;
    assert.match(statuses.at(-1)[1], /Python has broken down: Program terminated$/);
  });
}

test("a worker that dies fails the runtime and what waits for it", async () => {
  const { store, runtime } = await start();
  const waiting = assert.rejects(runtime.interrupt(), /out of memory/);
  store.commit({ name: "test.exit", args: {} });
  await waiting;
  assert.equal(runtime.status, "failed");
});

test("a busy Python does not hold up stop() for ever, and the log tells the end", async () => {
  const { store, runtime } = await start({ config: { script: { stopHangs: true } } });
  const before = performance.now();
  await runtime.stop();
  assert.ok(performance.now() - before > 2900);
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
  assert.match(statuses.at(-1)[1], /another runtime took over/);
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

test("a batch that the store refuses is kept, told of, and loses neither place nor event", async (t) => {
  t.mock.method(console, "warn", () => {});
  const inner = memoryStore();
  let refusals = 0;
  const store = {
    ...inner,
    /** @param {any[]} events */
    commit(...events) {
      if (events[0].name === "test.second" && refusals++ < 2) throw new Error("disk full");
      inner.commit(...events);
    },
  };
  /** @type {Error[]} */
  const errors = [];
  const onError = (/** @type {Error} */ error) => void errors.push(error);
  const { runtime } = await start({ store, onError });
  const batches = ["test.first", "test.second", "test.third"].map((name) =>
    JSON.stringify([
      { name, args: {} },
      { name: `${name}.b`, args: {} },
    ]),
  );
  store.commit({ name: "test.emit", args: { batches } });
  await until(() => names(inner).includes("test.third.b"), "the last batch");
  assert.deepEqual(
    names(inner).filter((/** @type {string} */ name) => /test\.(f|s|th)/.test(name)),
    ["test.first", "test.first.b", "test.second", "test.second.b", "test.third", "test.third.b"],
  );
  assert.equal(errors.length, 2);
  assert.match(errors[1].message, /refused a batch \(disk full\); it is kept, with 1 behind it/);
  await runtime.stop();
});

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

const store = memoryStore();
for (const [options, message] of /** @type {[any, RegExp][]} */ ([
  [undefined, /takes an object of options/],
  [{}, /the option store must have/],
  [{ store: { commit() {} } }, /the option store must have commit\(\) and subscribe\(\)/],
  [{ store, vocabulary: "anode" }, /the option vocabulary is "default" or "runt", not "anode"/],
  [{ store, pyodideUrl: "x" }, /there is no option pyodideUrl; there are store, pyodideURL/],
  [{ store, packages: "runt-pyodide" }, /the option packages must be: array of strings/],
  [{ store, config: [] }, /the option config must be: object/],
  [{ store, worker: 1 }, /the option worker must be: boolean/],
  [{ store, pyodideURL: "http://[" }, /the option pyodideURL is no address: http:\/\/\[/],
])) {
  test(`refuses options: ${message.source}`, async () => {
    await assert.rejects(startRuntime(options), (error) => {
      assert.match(String(error), message);
      return true;
    });
  });
}
