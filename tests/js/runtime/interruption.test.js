import assert from "node:assert/strict";
import test from "node:test";

import { Interruption, withTimeout } from "../../../js/runtime/interruption.js";
import { ends, execute, execution, names, start, turn, until } from "../support/runtime-stage.js";

test("what does not end in time is told, and stays until somebody restarts Python", async (t) => {
  /** @type {any[]} */
  const told = [];
  const onPendingStops = (/** @type {any} */ stops) => void told.push(stops);
  const { store, statuses, runtime } = await start({ onPendingStops });
  await execute(store, "outer", "inner");
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const interrupted = runtime.interrupt();
  await passing(t, 10_000);
  t.mock.timers.reset();
  assert.equal(runtime.sessionId, "session-1");
  const [[{ reason: why, ...stop }], ...more] = told;
  assert.deepEqual([stop, more], [{ queueId: "outer", cellId: "c", isTaken: false }, []]);
  assert.match(why, /cannot interrupt a busy Python, since it is not cross-origin isolated/);
  await runtime.restart();
  await interrupted;
  assert.deepEqual(told.at(-1), []);
  const [{ started }] = /** @type {any} */ (await runtime.models());
  const reason = "Python was restarted.";
  assert.deepEqual([started.reason, started.stopped], [reason, ["outer"]]);
  assert.deepEqual(statuses.at(-2), ["restarting", reason]);
  assert.deepEqual(ends(store), [["session-1", "restart"]]);
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
  for (let passed = 0; passed < ms; passed += 50) {
    await turn();
    t.mock.timers.tick(50);
  }
}

/** What an interruption does, in order. @param {import("node:test").TestContext} t @param {boolean} [isPossible] */
function watch(t, isPossible = true) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {string[]} */
  const done = [];
  /** @type {import("../../../js/runtime/interruption.js").LateStop[][]} */
  const told = [];
  const { promise: obeyed, resolve: obey } = resolvers();
  const interruption = new Interruption({
    ask: (queueId, number) => (done.push(`ask ${queueId} ${number}`), obeyed),
    signal: (queueId, number) => (done.push(`signal ${queueId} ${number}`), isPossible),
    tell: (stops) => void told.push(stops),
  });
  return { interruption, done, told, obey };
}

function resolvers() {
  /** @type {(value?: unknown) => void} */
  let resolve = () => {};
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

test("what waits is not signalled", async (t) => {
  const { interruption, done, told, obey } = watch(t);
  const stopped = interruption.stop("q");
  obey();
  await stopped;
  await passing(t, 5000);
  assert.deepEqual([done, told], [["ask q 1"], []]);
});

test("what is busy is signalled until it takes notice, with one number", async (t) => {
  const { interruption, done, told, obey } = watch(t);
  const stopped = interruption.stop("q");
  await passing(t, 1000);
  interruption.took(1);
  await passing(t, 500);
  assert.deepEqual(done, ["ask q 1", "signal q 1", "signal q 1"]);
  obey();
  await stopped;
  assert.deepEqual([told, interruption.pending], [[], []]);
});

for (const [what, isPossible, words] of /** @type {[string, boolean, RegExp][]} */ ([
  ["code that does not look", true, /does not look for interrupts.*variables are kept/],
  ["a page that cannot signal", false, /not cross-origin isolated.*variables are kept/],
])) {
  test(`${what} is told of, and then that the interrupt has arrived, and the end`, async (t) => {
    const { interruption, told, obey } = watch(t, isPossible);
    const stopped = interruption.stop("q");
    await passing(t, 1950);
    assert.deepEqual(told, []);
    await passing(t, 5000);
    interruption.took(1);
    obey();
    await stopped;
    const [[late], [taken], ...rest] = /** @type {any[]} */ (told);
    assert.match(late.reason, words);
    assert.match(taken.reason, /interrupted, but its code still runs/);
    assert.deepEqual([late.isTaken, taken.isTaken, rest], [false, true, [[]]]);
  });
}

test("asked again it interrupts once more, and of another it is asked apart", async (t) => {
  const { interruption, done, told } = watch(t);
  void interruption.stop("q");
  void interruption.stop("r");
  await passing(t, 3000);
  interruption.took(1);
  const before = done.length;
  void interruption.stop("q");
  assert.deepEqual(
    told.at(-1)?.map(({ queueId }) => queueId),
    ["r"],
  );
  await passing(t, 100);
  const since = done.slice(before).filter((what) => what.includes(" q "));
  assert.deepEqual(since, ["ask q 3", "signal q 3"]);
});

test("a question that takes too long is interrupted, outside of executions", async (t) => {
  const { interruption, done } = watch(t);
  const { promise, resolve } = resolvers();
  const answered = interruption.limit(promise);
  await passing(t, 9950);
  assert.deepEqual(done, []);
  await passing(t, 100);
  assert.deepEqual(done, ["signal undefined 1"]);
  resolve("answer");
  assert.equal(await answered, "answer");
  await passing(t, 2000);
  assert.deepEqual(done, ["signal undefined 1"]);
});

test("a request that fails is the caller's error", async () => {
  const interruption = new Interruption({
    ask: () => Promise.reject(new Error("gone")),
    signal: () => true,
    tell() {},
  });
  await assert.rejects(interruption.stop("q"), /gone/);
});

test("a limit of time leaves no timer behind, however the work ends", async (t) => {
  const cleared = t.mock.method(globalThis, "clearTimeout");
  await withTimeout(Promise.resolve(), 60_000);
  await assert.rejects(withTimeout(Promise.reject(new Error("no")), 60_000), /no/);
  assert.equal(cleared.mock.callCount(), 2);
});
