// Describes what a model does: its calls, their states, and what they changed.

/** @import { CallData, CallState, Change } from "../../../js/types-ai-record.d.ts" */

import { formatDuration, typeName } from "../../app/format.js";

/** @type {Record<CallState, string>} */
const STATES = {
  pending: "waiting",
  waiting: "needs your approval",
  running: "running",
  success: "done",
  error: "failed",
  denied: "denied",
  cancelled: "stopped",
};

/** Describes the state of a call. @param {CallState} [state] @param {number} [ms] how long it took */
export function formatState(state, ms) {
  if (state === undefined) return "";
  const took = ms !== undefined && state !== "denied" ? ` in ${formatDuration(ms)}` : "";
  return `${STATES[state]}${took}`;
}

/** Names a cell by its number, as the reader counts. @param {string} [id] @param {readonly string[]} [order] */
export function formatCell(id = "", order = []) {
  const place = order.indexOf(id);
  return place < 0 ? "a deleted cell" : `cell ${place + 1}`;
}

/**
 * Returns a string argument, whichever way the model has written its name.
 * @param {CallData["arguments"]} args
 * @param {string} name in camelCase
 */
export function argument(args, name) {
  if (typeof args !== "object") return undefined;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const found = [name, snake].map((each) => Object.hasOwn(args, each) && args[each]);
  return found.find((each) => typeof each === "string");
}

/** @type {Record<string, (args: CallData["arguments"], order: readonly string[]) => string>} */
const CALLS = {
  create_cell: (args) => `Create ${article(typeName(argument(args, "cellType") ?? "code"))} cell`,
  edit_cell: (args, order) => `Edit ${formatCell(argument(args, "cellId"), order)}`,
  modify_cell: (args, order) => `Change ${formatCell(argument(args, "cellId"), order)}`,
  execute_cell: (args, order) => `Run ${formatCell(argument(args, "cellId"), order)}`,
  move_cell: (args, order) => `Move ${formatCell(argument(args, "cellId"), order)}`,
  delete_cell: (args, order) => `Delete ${formatCell(argument(args, "cellId"), order)}`,
  read_cell: (args, order) => `Read ${formatCell(argument(args, "cellId"), order)}`,
  list_cells: () => "List the cells",
  inspect_variables: () => "Inspect the variables",
  list_files: (args) => `List the files${inFolder(argument(args, "folder"))}`,
  read_file: (args) => {
    const path = argument(args, "path") ?? "";
    const rest = inFolder(path.slice(0, path.lastIndexOf("/") + 1));
    return `Read the file ${path} and, in this run, others${rest || " beside it"}`;
  },
};

/**
 * Describes what a call does.
 * @param {string} name
 * @param {CallData["arguments"]} args
 * @param {readonly string[]} order the cells' ids
 */
export function formatCall(name, args, order) {
  return Object.hasOwn(CALLS, name) ? CALLS[name](args, order) : `Call ${name}`;
}

/** Describes what an undo will do about a change. @param {Change} change @param {readonly string[]} order */
export function formatChange({ kind, cell_id: id, before }, order) {
  const cell = formatCell(id, order);
  if (kind === "created") return `Remove ${cell}`;
  if (kind === "deleted") {
    return `Restore the deleted ${typeName(before?.cell_type ?? "code")} cell`;
  }
  return kind === "moved" ? `Move ${cell} back` : `Restore ${cell}`;
}

/** @param {string} [folder] */
function inFolder(folder = "") {
  return folder === "" ? "" : ` in ${folder}`;
}

/** @param {string} noun */
function article(noun) {
  return /^[AEIO]/.test(noun) || noun === "SQL" ? `an ${noun}` : `a ${noun}`;
}
