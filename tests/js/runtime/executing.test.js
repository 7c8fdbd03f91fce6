import assert from "node:assert/strict";
import test from "node:test";

import { Executing } from "../../../js/runtime/executing.js";
import { event } from "../support/events.js";

/** Two executions, the one within the other. */
function begun() {
  const executing = new Executing();
  executing.note(event("v1.ExecutionStarted", { queueId: "outer", cellId: "a" }));
  executing.note(event("v1.ExecutionStarted", { queueId: "inner", cellId: "b" }));
  return executing;
}

test("the outermost runs the rest, until it ends", () => {
  const executing = begun();
  assert.equal(executing.outermost, "outer");
  executing.note(event("v1.ExecutionCompleted", { queueId: "outer" }));
  assert.equal(executing.outermost, "inner");
  executing.forget("inner");
  assert.equal(executing.outermost, undefined);
});

for (const [name, args, ended] of /** @type {[string, any, string[]][]} */ ([
  ["v1.ExecutionCancelled", { queueId: "inner", cellId: "b" }, ["inner"]],
  ["v1.ExecutionCancelled", { queueId: "another", cellId: "a" }, []],
  ["v1.CellDeleted", { id: "a" }, ["outer"]],
  ["v1.CellDeleted", { id: "c" }, []],
  ["v1.AllExecutionsCancelled", {}, ["outer", "inner"]],
  ["v1.CellSourceChanged", { id: "a" }, []],
])) {
  test(`${name} ${JSON.stringify(args)} ends ${ended.join(" and ") || "nothing"}`, () => {
    assert.deepEqual(begun().endedBy(event(name, args)), ended);
  });
}
