import assert from "node:assert/strict";
import test from "node:test";

import {
  assigned,
  cancelled,
  completed,
  event,
  fold,
  request,
  started,
} from "../../support/events.js";

test("the number that the runtime gives an execution comes before its request's", () => {
  const begun = { ...started("q"), args: { ...started("q").args, executionCount: 7 } };
  for (const events of [
    [request("q"), begun],
    [begun, request("q")],
  ]) {
    assert.equal(fold(...events).notebook.executions.of("c")?.executionCount, 7);
  }
});

test("an execution goes on and never back, and its first end stands", () => {
  const { notebook } = fold(request("q"), assigned("q"));
  const { executions } = notebook;
  assert.equal(executions.of("c")?.state, "assigned");
  notebook.apply([started("q"), assigned("q"), request("q")]);
  assert.equal(executions.of("c")?.state, "executing");
  notebook.apply([cancelled("q"), completed("q"), started("q")]);
  assert.equal(executions.of("c")?.state, "cancelled");
  assert.equal(executions.of("c")?.outcome, undefined);
  assert.deepEqual(executions.open, []);
});

test("an execution that fails or is interrupted has failed; its outcome says which", () => {
  const { notebook } = fold(request("q"), completed("q", "error"));
  assert.equal(notebook.executions.of("c")?.state, "failed");
  notebook.apply([request("r"), completed("r", "cancelled")]);
  assert.equal(notebook.executions.of("c")?.state, "failed");
  assert.equal(notebook.executions.of("c")?.outcome, "cancelled");
});

test("a cell shows the execution that is open, else its last", () => {
  const { notebook } = fold(request("q"), started("q"), request("r"));
  assert.equal(notebook.executions.of("c")?.queueId, "q");
  notebook.apply([completed("q")]);
  assert.equal(notebook.executions.of("c")?.queueId, "r");
  notebook.apply([completed("r"), completed("late")]);
  assert.equal(notebook.executions.of("c")?.queueId, "late");
  assert.equal(notebook.executions.nextCount("c"), 2);
});

test("an execution may begin before its request comes, which counts once", () => {
  const again = event("v1.ExecutionRequested", { ...request("q").args, executionCount: 9 });
  const { notebook } = fold(started("q"), request("q"), again);
  assert.equal(notebook.executions.of("c")?.state, "executing");
  assert.equal(notebook.executions.of("c")?.executionCount, 1);
});

test("many requests at once queue in order; all can be cancelled at once", () => {
  const cellsInfo = ["b", "a"].map((id) => ({ id, executionCount: 3, queueId: `q-${id}` }));
  const { notebook } = fold(
    event("v1.MultipleExecutionRequested", { requestedBy: "me", cellsInfo }),
  );
  assert.deepEqual(
    notebook.executions.open.map(({ cellId }) => cellId),
    ["b", "a"],
  );
  notebook.apply([event("v1.AllExecutionsCancelled")]);
  assert.deepEqual(notebook.executions.open, []);
  assert.equal(notebook.executions.of("a")?.state, "cancelled");
});

test("the next count is one above all that the cell had, as far as numbers go", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const last = { ...request("q"), args: { ...request("q").args, executionCount: most } };
  const { notebook } = fold(last, request("r"));
  assert.equal(notebook.executions.nextCount("c"), most);
  assert.equal(notebook.executions.nextCount("other"), 1);
});

test("an execution keeps the source that its cell had when it started", () => {
  const cell = { id: "c", cellType: "ai", fractionalIndex: "a", createdBy: "me" };
  const typed = (/** @type {string} */ source) =>
    event("v1.CellSourceChanged", { id: "c", source, modifiedBy: "me" });
  const { notebook } = fold(event("v2.CellCreated", cell), typed("Why?"), request("q"));
  assert.equal(notebook.executions.of("c")?.source, undefined);
  notebook.apply([typed("How?"), started("q"), typed("When?"), completed("q")]);
  assert.equal(notebook.executions.of("c")?.source, "How?");
});
