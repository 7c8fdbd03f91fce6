// How the page says what a model does: its calls, how far they are, and what they changed.

/** @import { Change } from "../../../js/notebook/ai-run.js" */

import { typeName } from "../../app/format.js";

const STATES = {
  pending: "waits its turn",
  waiting: "needs your approval",
  running: "running",
  success: "done",
  error: "failed",
  denied: "denied",
  cancelled: "stopped",
};

/** @typedef {keyof typeof STATES} CallState */

/** @param {CallState} state */
export function formatState(state) {
  return STATES[state] ?? state;
}

/** The cell's number, as the reader counts. @param {unknown} id @param {readonly string[]} order */
export function formatCell(id, order) {
  const place = order.indexOf(String(id));
  return place < 0 ? "a cell that is gone" : `cell ${place + 1}`;
}

/** An argument, in either of the ways that models write it. @param {any} args @param {string} name in camelCase */
export function argument(args, name) {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return args?.[name] ?? args?.[snake];
}

/** @type {Record<string, (args: any, order: readonly string[]) => string>} */
const CALLS = {
  create_cell: (args) => `Create ${article(typeName(argument(args, "cellType") ?? "code"))} cell`,
  modify_cell: (args, order) => `Change ${formatCell(argument(args, "cellId"), order)}`,
  execute_cell: (args, order) => `Run ${formatCell(argument(args, "cellId"), order)}`,
  move_cell: (args, order) => `Move ${formatCell(argument(args, "cellId"), order)}`,
  delete_cell: (args, order) => `Delete ${formatCell(argument(args, "cellId"), order)}`,
  read_cell: (args, order) => `Read ${formatCell(argument(args, "cellId"), order)}`,
  list_cells: () => "List the cells",
  inspect_variables: () => "Look at the variables",
};

/**
 * What a call does, for people.
 * @param {string} name
 * @param {any} args
 * @param {readonly string[]} order the cells' ids
 */
export function formatCall(name, args, order) {
  return Object.hasOwn(CALLS, name) ? CALLS[name](args, order) : `Call ${name}`;
}

/** What an undo will do about a change. @param {Change} change @param {readonly string[]} order */
export function formatChange({ kind, cell_id: id, before }, order) {
  const cell = formatCell(id, order);
  if (kind === "created") return `Take ${cell} away`;
  if (kind === "deleted") {
    return `Bring back the ${typeName(before?.cell_type ?? "code")} cell that was deleted`;
  }
  return kind === "moved" ? `Move ${cell} back` : `Put ${cell} back as it was`;
}

/** @param {string} noun */
function article(noun) {
  return /^[AEIO]/.test(noun) || noun === "SQL" ? `an ${noun}` : `a ${noun}`;
}
