import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { names, start, turn } from "../support/runtime-stage.js";
import { WebWorker } from "../support/web-worker.js";

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
    await turn();
    const [{ options, received, proxies }] = /** @type {any} */ (await runtime.models());
    assert.deepEqual(options, {
      runtimeId: "runt-pyodide",
      notebookId: "n1",
      config: { defaultProvider: "test" },
      indexUrl: new URL("../../../pypi/simple", import.meta.url).href,
      answers: false,
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
}

test("what a foreign store holds that cannot be read is told and passed over", async (t) => {
  t.mock.method(console, "info", () => {});
  /** @type {any} */
  const circle = {};
  circle.self = circle;
  const first = { name: "test.first", args: {} };
  /** @type {any[]} */
  const held = [first, null, { name: "v1.ExecutionCancelled" }, { name: "test.c", args: circle }];
  const store = memoryStore();
  const foreign = {
    ...store,
    /** @param {(events: any[]) => void} listener */
    subscribe(listener) {
      queueMicrotask(() => listener(held));
      return store.subscribe(() => {});
    },
  };
  /** @type {string[]} */
  const troubles = [];
  const onError = (/** @type {Error} */ { message }) => troubles.push(message);
  const { runtime } = await start({ store: foreign, onError });
  const [{ received }] = /** @type {any} */ (await runtime.models());
  assert.deepEqual(received, [[first]]);
  assert.deepEqual(
    troubles.map((trouble) => trouble.slice(0, 40)),
    [
      "?: name must be text, and not empty: an ",
      "v1.ExecutionCancelled: queueId is missin",
      `test.c: ${"self.".repeat(9)}`.slice(0, 40),
    ],
  );
  await runtime.stop();
});
