import assert from "node:assert/strict";
import test from "node:test";

import { Interruption, withTimeout } from "../../../js/runtime/interruption.js";
import { ends, execute, execution, names, start, turn, until } from "../support/runtime-stage.js";

test("what does not end in time is ended by a restart, for the execution's sake", async (t) => {
  const { store, statuses, runtime } = await start();
  await execute(store, "outer", "inner");
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const interrupted = runtime.interrupt();
  await passing(t, 2000);
  t.mock.timers.reset();
  await interrupted;
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
    await runtime.models(); // so that it has been heard of
    assert.equal(
      names(store).filter((/** @type {string} */ name) => name === "test.interrupted").length,
      1,
    );
    await runtime.stop();
  });
}

/** Lets time pass in steps, with a turn for what waits at each. @param {test.TestContext} t @param {number} ms */
async function passing(t, ms) {
  for (let passed = 0; passed < ms; passed += 500) {
    await turn();
    t.mock.timers.tick(500);
  }
}

/** What an interruption does, in order. @param {Promise<unknown>} obeyed */
function watch(obeyed) {
  /** @type {string[]} */
  const done = [];
  const interruption = new Interruption({
    ask: (queueId) => (done.push(`ask ${queueId}`), obeyed),
    signal: () => void done.push("signal"),
    giveUp: async (queueId) => void done.push(`give up ${queueId}`),
  });
  return { interruption, done };
}

test("what ends at once is signalled once", async () => {
  const { interruption, done } = watch(Promise.resolve());
  await interruption.stop("q");
  assert.deepEqual(done, ["ask q", "signal"]);
});

test("what takes no notice is signalled every half second, and given up after two", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { interruption, done } = watch(new Promise(() => {}));
  const stopped = interruption.stop("q");
  await passing(t, 2000);
  await stopped;
  assert.deepEqual(done, ["ask q", ...Array(4).fill("signal"), "give up q"]);
});

test("asked again it gives up now, and of another it is asked apart", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { interruption, done } = watch(new Promise(() => {}));
  void interruption.stop("q");
  void interruption.stop("r");
  await interruption.stop("q");
  assert.deepEqual(done, ["ask q", "signal", "ask r", "signal", "give up q"]);
});

test("where nothing can be given up it waits as long as it takes", async () => {
  /** @type {(value: unknown) => void} */
  let obey = () => {};
  const obeyed = new Promise((resolve) => (obey = resolve));
  const interruption = new Interruption({ ask: () => obeyed, signal() {}, giveUp: undefined });
  const stopped = interruption.stop(undefined);
  obey(undefined);
  await stopped;
});

test("a request that fails is the caller's error", async () => {
  const { interruption } = watch(Promise.reject(new Error("gone")));
  await assert.rejects(interruption.stop("q"), /gone/);
});

test("a limit of time leaves no timer behind, however the work ends", async (t) => {
  const cleared = t.mock.method(globalThis, "clearTimeout");
  await withTimeout(Promise.resolve(), 60_000);
  await assert.rejects(withTimeout(Promise.reject(new Error("no")), 60_000), /no/);
  assert.equal(cleared.mock.callCount(), 2);
});
