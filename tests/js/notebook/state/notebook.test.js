import assert from "node:assert/strict";
import test from "node:test";

import { Notebook } from "../../../../js/notebook/state/notebook.js";
import { event, fold } from "../../support/events.js";

test("what a notebook's file holds beside, and the policies of tools", () => {
  const policy = (/** @type {string} */ policy, /** @type {any} */ scope) =>
    event("v1.ToolPolicySet", { tool: "run", policy, setBy: "me", ...(scope && { scope }) });
  const { notebook } = fold(
    event("v1.NotebookJsonSet", { key: "kernelspec", value: { name: "ir" } }),
    policy("risky", undefined),
    policy("auto", { cellId: "c" }),
    policy("never", { cellId: "c" }),
  );
  assert.deepEqual([...notebook.json], [["kernelspec", { name: "ir" }]]);
  const set = { tool: "run", setBy: "me" };
  assert.deepEqual(notebook.policies, [
    { ...set, policy: "risky", scope: {} },
    { ...set, policy: "never", scope: { cellId: "c" } },
  ]);
});

test("unknown names are passed over with one warning each", () => {
  const { problems } = fold(event("v9.New"), event("v9.New"), event("toString"));
  assert.deepEqual(problems, [
    "Events named v9.New are ignored.",
    "Events named toString are ignored.",
  ]);
});

test("an event with bad args is refused, by name, and changes nothing", () => {
  const { notebook, problems, touched } = fold(event("v1.CellDeleted", { id: 7 }));
  assert.deepEqual(problems, ["An event was refused. v1.CellDeleted: id must be text."]);
  assert.equal(touched.size, 0);
  assert.deepEqual(notebook.order, []);
});

test("an event that the fold fails on is told, and the rest of the notebook is read", (t) => {
  /** @type {string[]} */
  const problems = [];
  const notebook = new Notebook((problem) => problems.push(problem));
  t.mock.method(notebook.executions, "cancelAll", () => {
    throw new Error("a bug");
  });
  const touched = notebook.apply([
    event("v1.NotebookTitleChanged", { title: "before" }),
    event("v1.AllExecutionsCancelled", {}),
    event("v1.NotebookTitleChanged", { title: "after" }),
  ]);
  assert.equal(notebook.metadata.get("title"), "after");
  assert.deepEqual(notebook.faults, ["v1.AllExecutionsCancelled: a bug"]);
  assert.deepEqual(problems, ["An event could not be folded. v1.AllExecutionsCancelled: a bug"]);
  assert.deepEqual([...touched], ["metadata", "faults"]);
});
