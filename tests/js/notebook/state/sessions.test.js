import assert from "node:assert/strict";
import test from "node:test";

import { attend, isAttended } from "../../../../js/notebook/state/sessions.js";
import { event, fold } from "../../support/events.js";

test("sessions follow their status until they are terminated", () => {
  const status = (/** @type {string} */ status) =>
    event("v1.RuntimeSessionStatusChanged", { sessionId: "s", status });
  const { notebook } = fold(
    event("v1.RuntimeSessionStarted", {
      ...{ sessionId: "s", runtimeId: "r", runtimeType: "python" },
      capabilities: { canExecuteCode: true, canExecuteSql: true, canExecuteAi: true },
    }),
    status("busy"),
  );
  assert.equal(notebook.sessions.get("s")?.status, "busy");
  notebook.apply([
    event("v1.RuntimeSessionTerminated", { sessionId: "s", reason: "displaced" }),
    status("ready"),
  ]);
  assert.equal(notebook.sessions.get("s")?.status, "terminated");
});

test("a store is attended from the start of its first runtime to the end of its last", () => {
  const store = {};
  assert.equal(isAttended(store), false);
  const [first, second] = [attend(store), attend(store)];
  first();
  first(); // it has ended already
  assert.equal(isAttended(store), true);
  second();
  assert.equal(isAttended(store), false);
});
