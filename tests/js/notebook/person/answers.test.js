import assert from "node:assert/strict";
import test from "node:test";

import { AT, created, open, turn } from "../../support/open-notebook.js";

const ASKED = {
  ...{ toolCallId: "t", cellId: "c", toolName: "forecast" },
  ...{ arguments: { town: "Oslo", days: { from: 1, to: 2 } }, requestedAt: AT },
};

/** A notebook in which a run of the cell "c" waits for an answer. */
async function asking() {
  const stage = open(created("c", "a"), created("d", "b"));
  stage.nb.requestRuns("c");
  const [request] = stage.runtime.requested();
  stage.runtime.start(request);
  stage.runtime.write("v1.ToolApprovalRequested", ASKED);
  await turn();
  const written = () =>
    stage.store
      .events()
      .filter(({ name }) => /ApprovalResponded|PolicySet/.test(name))
      .map(({ name, args }) => [name, args.status ?? args.policy, args.scope ?? null]);
  return { ...stage, queueId: request.queueId, written };
}

test("an answer to nothing is refused, and one to what has its answer changes nothing", async () => {
  const { nb, written } = await asking();
  assert.throws(() => nb.approve("u"), /no call "u" asks for approval/);
  assert.throws(() => nb.deny({ id: "u" }), /no call "u" asks for approval/);
  nb.deny("t");
  await turn();
  nb.approve("t", { always: true });
  nb.approve("t", { always: "cell" });
  assert.deepEqual(written(), [["v1.ToolApprovalResponded", "denied", null]]);
  assert.equal(nb.approval("t")?.response?.status, "denied");
});

const SHOWN = { id: "t", name: "forecast", arguments: ASKED.arguments };

for (const [what, changed] of /** @type {[string, object][]} */ ([
  ["another tool", { name: "delete_cell" }],
  ["other arguments", { arguments: { town: "Rome", days: { from: 1, to: 2 } } }],
  ["fewer arguments", { arguments: { town: "Oslo" } }],
  ["text for arguments", { arguments: JSON.stringify(ASKED.arguments) }],
])) {
  test(`a call that was shown with ${what} than it asks for is not answered`, async () => {
    const { nb, written } = await asking();
    for (const answer of [nb.approve, nb.deny]) {
      assert.throws(() => answer.call(nb, { ...SHOWN, ...changed }), /is not the one that asks/);
    }
    assert.deepEqual(written(), []);
  });
}

test("the order of keys does not matter", async () => {
  const { nb, written } = await asking();
  nb.approve({ ...SHOWN, arguments: { days: { to: 2, from: 1 }, town: "Oslo" } });
  assert.deepEqual(written(), [["v1.ToolApprovalResponded", "approved_once", null]]);
});

test("what is always allowed holds in a run, a cell or the notebook, and is taken back", async () => {
  for (const always of /** @type {const} */ (["run", "cell", "notebook"])) {
    const { nb, queueId, written } = await asking();
    nb.approve("t", { always });
    await turn();
    const scopes = { run: { cellId: "c", runId: queueId }, cell: { cellId: "c" }, notebook: {} };
    const scope = scopes[always];
    assert.deepEqual(nb.policies, [{ tool: "forecast", policy: "auto", scope, setBy: "me" }]);
    assert.equal(nb.approval("t")?.response?.status.startsWith("approved"), true);
    nb.setPolicy("forecast", "ask", scope);
    await turn();
    assert.deepEqual(nb.policies, [{ tool: "forecast", policy: "ask", scope, setBy: "me" }]);
    assert.deepEqual(nb.askedTools, ["forecast"]);
    assert.equal(written().length, always === "notebook" ? 2 : 3);
  }
});
