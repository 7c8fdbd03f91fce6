import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../../js/index.js";
import { OpenExecutions } from "../../../../js/runtime/ends/open-executions.js";
import { readMarks } from "../../../../js/notebook/state/marks.js";
import { AT, turn } from "../../support/open-notebook.js";
import { event, request } from "../../support/events.js";

const CAPABILITIES = { canExecuteCode: true, canExecuteSql: true, canExecuteAi: true };
const session = (/** @type {string} */ sessionId) =>
  event("v1.RuntimeSessionStarted", {
    ...{ sessionId, runtimeId: "r", runtimeType: "python" },
    capabilities: CAPABILITIES,
  });
const over = (/** @type {string} */ sessionId) =>
  event("v1.RuntimeSessionTerminated", { sessionId, reason: "error" });
const started = (/** @type {string} */ queueId, /** @type {string} */ runtimeSessionId) =>
  event("v1.ExecutionStarted", { queueId, cellId: "c", runtimeSessionId, startedAt: AT });
const completed = (/** @type {string} */ queueId) =>
  event("v1.ExecutionCompleted", {
    ...{ queueId, cellId: "c", status: "success", completedAt: AT, executionDurationMs: 1 },
  });
const printed = event("v1.TerminalOutputAdded", {
  ...{ id: "o", cellId: "c", position: 4, streamName: "stdout" },
  content: { type: "inline", data: "so far" },
});

/** @param {...any} log */
const watch = (...log) => watchWith({}, log);

/** @param {{ vocabulary?: string }} options @param {any[]} log */
async function watchWith(options, log) {
  const store = memoryStore(log);
  const commit = (/** @type {any[]} */ events) => store.commit(...events);
  const open = new OpenExecutions(store, commit, options);
  await turn();
  const written = () => store.events().slice(log.length);
  return { store, open, written };
}

test("what ran fails below its outputs, what waits is cancelled, and both say why", async () => {
  const { store, open, written } = await watch(request("q"), request("r"));
  open.admit([session("s"), started("q", "s"), printed]);
  open.refuse({ reason: "It broke.", isFailure: true });
  await turn();
  const [told, end, left] = written();
  const data = { ename: "PythonEnded", evalue: "It broke.", traceback: [] };
  assert.deepEqual([told.args.position, told.args.content], [5, { type: "inline", data }]);
  assert.deepEqual(
    [end.args.queueId, end.args.status, end.args.error],
    ["q", "error", "It broke."],
  );
  const { queueId, reason, cancelledBy } = left.args;
  assert.deepEqual([queueId, reason, cancelledBy], ["r", "Not run: It broke.", "runtime"]);
  store.commit(/** @type {any} */ (request("later")));
  await turn();
  assert.equal(written().at(-1)?.args.queueId, "later");
  open.accept();
  store.commit(/** @type {any} */ (request("asked")));
  await turn();
  assert.equal(written().at(-1)?.name, "v1.ExecutionRequested");
});

test("in a runt notebook a note below the cell says why it was not run", async () => {
  const { open, written } = await watchWith({ vocabulary: "runt" }, [request("q"), printed]);
  open.refuse({ reason: "It broke.", isFailure: true });
  await turn();
  const [note, end] = written();
  const { id, cellId, position, representations } = /** @type {any} */ (note.args);
  assert.deepEqual([id, cellId, position], ["q-end", "c", 5]);
  assert.equal(representations["text/plain"].data, "Not run: It broke.");
  assert.equal(readMarks(/** @type {any} */ (note)), undefined);
  assert.equal(end.name, "v1.ExecutionCancelled");
});

test("what is stopped is cancelled, and what was ended before stays so", async () => {
  const { store, open, written } = await watch(request("q"), request("r"));
  open.admit([session("s"), started("q", "s")]);
  const cancelled = { queueId: "r", cellId: "c", cancelledBy: "me", reason: "mine" };
  store.commit(/** @type {any} */ (event("v1.ExecutionCancelled", cancelled)));
  open.refuse({ reason: "Python was stopped." }); // in the same task
  await turn();
  const reasons = written().map(({ args }) => args.reason);
  assert.deepEqual(reasons, ["mine", "Stopped: Python was stopped."]);
});

test("a second end is kept out, whether it comes at once or was held up", async () => {
  const { store, open } = await watch(request("q"));
  const [first, second] = [completed("q"), completed("q")];
  assert.deepEqual(open.admit([first]), [first]);
  assert.deepEqual(open.admit([second, printed]), [printed]);
  assert.ok(open.isNeeded(first));
  store.commit(/** @type {any} */ (completed("q")));
  await turn();
  assert.ok(!open.isNeeded(first));
  assert.ok(open.isNeeded(printed));
});

for (const [what, log, inherited] of /** @type {[string, any[], string[]][]} */ ([
  ["no session ever was", [request("q")], []],
  ["a session lives", [session("old"), request("q")], ["q"]],
  ["its session has ended", [request("q"), session("old"), over("old")], ["q"]],
  ["it came after the end", [session("old"), over("old"), request("q")], []],
])) {
  test(`what waits in a log was left by another runtime, or not: ${what}`, async () => {
    const { open } = await watch(...log);
    assert.deepEqual(open.inherited, inherited);
    assert.deepEqual(open.waiting, ["q"]);
  });
}

test("what another runtime has taken, or will, is left to it", async () => {
  const { store, open, written } = await watch(session("old"), request("q"), started("x", "old"));
  open.refuse({ reason: "No Python.", isFailure: true });
  await turn();
  assert.deepEqual(written(), []);
  store.commit(
    ...[over("old"), session("new"), request("r")].map((one) => /** @type {any} */ (one)),
  );
  await turn();
  assert.equal(written().length, 3);
});

test("what cannot be read is passed over", async () => {
  const { store, open } = await watch(request("q"));
  const foreign = [
    null,
    7,
    { name: "v1.ExecutionStarted" },
    { args: { cellId: "c", position: {} } },
  ];
  const inner = new OpenExecutions(
    { ...store, subscribe: (listener) => (listener(/** @type {any} */ (foreign)), () => {}) },
    () => assert.fail(),
  );
  assert.deepEqual([inner.waiting, open.waiting], [[], ["q"]]);
});
