import assert from "node:assert/strict";
import test from "node:test";

import { event, fold } from "../../support/events.js";

const answer = (/** @type {string} */ status) =>
  event("v1.ToolApprovalResponded", {
    ...{ toolCallId: "t", status, approvedBy: "me", respondedAt: "2026-01-01T00:00:00.000Z" },
  });
const asked = event("v1.ToolApprovalRequested", {
  ...{ toolCallId: "t", cellId: "c", toolName: "create_cell", arguments: {} },
  requestedAt: "2026-01-01T00:00:00.000Z",
});

test("approvals keep their first answer after the request; one that came before is none", () => {
  const { notebook } = fold(
    answer("approved_always"),
    asked,
    answer("denied"),
    answer("approved_once"),
  );
  const approval = notebook.approvals.get("t");
  assert.equal(approval?.request.toolName, "create_cell");
  assert.equal(approval?.response?.status, "denied");
  assert.deepEqual(notebook.policies, []);
});
