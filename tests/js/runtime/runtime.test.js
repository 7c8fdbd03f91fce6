import assert from "node:assert/strict";
import test, { afterEach } from "node:test";

import { memoryStore, RuntimeStartError, startRuntime } from "../../../js/index.js";
import { WebWorker } from "../support/web-worker.js";

Object.assign(globalThis, { Worker: WebWorker });
// A test that fails leaves its worker, which would keep this process alive.
afterEach(() => WebWorker.alive.forEach((worker) => worker.terminate()));

const pyodideURL = new URL("../support/stand-in", import.meta.url);

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

/** The sessions that have ended, and how. @param {any} store */
const ends = (store) =>
  store
    .events()
    .filter((/** @type {any} */ { name }) => name === "v1.RuntimeSessionTerminated")
    .map((/** @type {any} */ { args }) => [args.sessionId, args.reason]);

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
      indexUrl: new URL("../../../pypi/simple", import.meta.url).href,
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

/** @param {string} name @param {string} queueId @param {any} [more] */
const execution = (name, queueId, more) => ({ name, args: { queueId, cellId: "c", ...more } });

/** Has the stand-in say that it executes these. @param {any} store @param {string[]} queueIds */
function execute(store, ...queueIds) {
  const batch = queueIds.map((queueId) => execution("v1.ExecutionStarted", queueId));
  store.commit({ name: "test.emit", args: { batches: [JSON.stringify(batch)] } });
  return until(() => names(store).includes("v1.ExecutionStarted"), "the executions");
}

test("what does not end in time is ended by a restart, for the execution's sake", async () => {
  const { store, statuses, runtime } = await start();
  await execute(store, "outer", "inner");
  await runtime.interrupt();
  const [{ started }] = /** @type {any} */ (await runtime.models());
  const reason = "A cell could not be stopped, so Python was restarted.";
  assert.deepEqual(started, { reason, stopped: ["outer"] });
  assert.deepEqual(statuses.at(-2), ["restarting", reason]);
  assert.deepEqual(ends(store), [["session-1", "restart"]]);
  await runtime.stop();
});

test("a second interrupt waits no longer", async (t) => {
  const { store, runtime } = await start();
  await execute(store, "q");
  t.mock.timers.enable({ apis: ["setTimeout"] }); // nothing comes of waiting
  await Promise.all([runtime.interrupt(), runtime.interrupt()]);
  t.mock.timers.reset();
  assert.equal(runtime.sessionId, "session-2");
  await runtime.stop();
});

test("an interrupt during a restart is not for what the new Python runs", async () => {
  const { store, runtime } = await start({ config: { script: { obeys: true } } });
  const restarted = runtime.restart();
  await Promise.all([restarted, runtime.interrupt()]);
  assert.equal(runtime.sessionId, "session-2");
  assert.ok(!names(store).includes("test.interrupted"));
  await runtime.stop();
});

for (const [what, event] of /** @type {[string, any][]} */ ([
  ["cancelled", execution("v1.ExecutionCancelled", "q", { cancelledBy: "me", reason: "r" })],
  ["cancelled with all others", { name: "v1.AllExecutionsCancelled", args: {} }],
  ["of a cell that is deleted", { name: "v1.CellDeleted", args: { id: "c" } }],
])) {
  test(`an execution that is ${what} is stopped, though Python may be busy`, async () => {
    const { store, runtime } = await start({ config: { script: { obeys: true } } });
    await execute(store, "q");
    store.commit(event);
    await until(() => names(store).includes("test.interrupted"), "the interrupt");
    assert.equal(store.events().at(-1).args.queueId, "q");
    store.commit(event); // it is known to be over
    await pause(20);
    assert.equal(
      names(store).filter((/** @type {string} */ name) => name === "test.interrupted").length,
      1,
    );
    await runtime.stop();
  });
}

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
  [{ store, pyodideUrl: "x" }, /unknown option pyodideUrl; the options are store, pyodideURL/],
  [{ store, packages: "runt-pyodide" }, /the option packages must be: array of strings/],
  [{ store, config: [] }, /the option config must be: object/],
  [{ store, worker: 1 }, /the option worker must be: boolean/],
  [{ store, pyodideURL: "http://[" }, /the option pyodideURL is not an address: http:\/\/\[/],
])) {
  test(`refuses options: ${message.source}`, async () => {
    await assert.rejects(startRuntime(options), (error) => {
      assert.match(String(error), message);
      return true;
    });
  });
}
