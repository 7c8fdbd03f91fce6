import assert from "node:assert/strict";
import test from "node:test";

import { policiesOfNotebook, policiesOfPlaces } from "../../../web/app/policies.js";

/** @import { PolicyScope, SetPolicy } from "../../../js/types-approvals.d.ts" */

/** @param {string} tool @param {SetPolicy["policy"]} policy @param {PolicyScope} [scope] @returns {SetPolicy} */
const set = (tool, policy, scope = {}) => ({ tool, policy, scope, setBy: "me" });

test("the list has every tool of the notebook, and those that were asked for or set", () => {
  const listed = policiesOfNotebook(
    [set("delete_cell", "never"), set("own", "auto", { cellId: "c" }), set("other", "risky")],
    ["forecast", "execute_cell"],
  );
  const policies = Object.fromEntries(listed.map(({ tool, policy }) => [tool, policy]));
  assert.deepEqual(policies, {
    ...{ create_cell: "auto", edit_cell: "ask", modify_cell: "ask", execute_cell: "ask" },
    ...{ move_cell: "ask", delete_cell: "never", read_cell: "auto", list_cells: "auto" },
    ...{ inspect_variables: "auto", list_files: "ask", read_file: "ask" },
    ...{ forecast: "ask", other: "ask", own: "ask" },
  });
});

test("the list has what holds in one place only, and nothing that holds no longer", () => {
  const policies = [
    set("execute_cell", "auto", { cellId: "c" }),
    set("execute_cell", "auto", { cellId: "c", runId: "over" }),
    set("execute_cell", "auto", { cellId: "c", runId: "open" }),
    set("delete_cell", "ask", { cellId: "c" }), // taken back
    set("move_cell", "auto"),
    set("move_cell", "ask", { cellId: "c" }),
  ];
  const listed = policiesOfPlaces(policies, (runId) => runId === "open");
  assert.deepEqual(listed, [policies[0], policies[2], policies[5]]);
});
