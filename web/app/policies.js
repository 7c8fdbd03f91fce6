// What models may do in this notebook, as a person reads it: each tool with its policy, and where another one holds.

/** @import { SetPolicy, ToolPolicy } from "../../js/types-approvals.d.ts" */

/** What the notebook's own tools do, and whether they ask if nothing else is said. @type {Record<string, [words: string, policy: ToolPolicy]>} */
const BUILT_IN = {
  create_cell: ["Create a cell", "auto"],
  edit_cell: ["Edit parts of a cell", "ask"],
  modify_cell: ["Change a cell", "ask"],
  execute_cell: ["Run a cell", "ask"],
  move_cell: ["Move a cell", "ask"],
  delete_cell: ["Delete a cell", "ask"],
  read_cell: ["Read a cell", "auto"],
  list_cells: ["List the cells", "auto"],
  inspect_variables: ["Look at variables", "auto"],
  list_files: ["List the files", "ask"],
  read_file: ["Read a file", "ask"],
};

/**
 * The policies of the whole notebook: those of its own tools, and of others that a model has wanted to call.
 * @param {readonly SetPolicy[]} policies
 * @param {Iterable<string>} asked tools for which a person was asked
 * @returns {{ tool: string, words: string, policy: ToolPolicy }[]}
 */
export function policiesOfNotebook(policies, asked) {
  const names = new Set([
    ...Object.keys(BUILT_IN),
    ...[...asked, ...policies.map(({ tool }) => tool)].toSorted(),
  ]);
  return [...names].map((tool) => {
    const [words, unless] = Object.hasOwn(BUILT_IN, tool) ? BUILT_IN[tool] : [tool, askFirst];
    const set = policies.find((one) => one.tool === tool && isOfNotebook(one));
    return { tool, words, policy: read(set?.policy ?? unless) };
  });
}

/**
 * The policies of single cells and runs that differ from the notebook's, save those of runs that are over.
 * @param {readonly SetPolicy[]} policies
 * @param {(runId: string) => boolean} isOpen
 */
export function policiesOfPlaces(policies, isOpen) {
  const notebook = policiesOfNotebook(policies, []);
  return policies.filter((one) => {
    if (isOfNotebook(one) || (one.scope.runId !== undefined && !isOpen(one.scope.runId)))
      return false;
    return read(one.policy) !== notebook.find(({ tool }) => tool === one.tool)?.policy;
  });
}

/** @type {ToolPolicy} */
const askFirst = "ask";

/** @param {SetPolicy} policy */
function isOfNotebook({ scope: { cellId, runId } }) {
  return cellId === undefined && runId === undefined;
}

/** The page has no word for risky calls yet: they ask. @param {SetPolicy["policy"]} policy @returns {ToolPolicy} */
function read(policy) {
  return policy === "risky" ? "ask" : policy;
}
