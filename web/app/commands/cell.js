// The commands that act on a cell.

/** @import { Cell } from "../../../js/types-notebook.d.ts" */
/** @import { Page } from "../page.js" */
/** @import { Command } from "./command.js" */

/** @param {Page} page @param {string} id */
const hasOutputs = ({ signals }, id) =>
  !["markdown", "raw"].includes(signals.cell(id)?.cellType ?? "");

/** The first line that made a Python cell what it is now; empty if none did. @param {Cell | undefined} cell */
function magicOf(cell) {
  const magic = cell?.metadata.get("magic");
  return typeof magic === "string" && magic.startsWith(`%%${cell?.cellType}`) ? magic : "";
}

/** @type {readonly Command[]} */
const TYPES = /** @type {const} */ ([
  ["y", "Python", "code"],
  ["m", "Markdown", "markdown"],
  ["p", "AI (prompt)", "ai"],
  ["q", "SQL (query)", "sql"],
]).map(([key, label, cellType]) => ({
  name: `make-${cellType}`,
  section: "Change the type",
  label,
  keys: [key],
  run: ({ cells }, id) => cells.changeType(id, cellType),
}));

/** In the order of the cell's menu. @type {readonly Command[]} */
export const CELL_COMMANDS = [
  {
    name: "add-above",
    section: "Cells",
    label: "Insert cell above",
    keys: ["a"],
    inMenu: true,
    run: ({ cells }, id) => cells.insert(id, "above"),
  },
  {
    name: "add-below",
    section: "Cells",
    label: "Insert cell below",
    keys: ["b"],
    inMenu: true,
    run: ({ cells }, id) => cells.insert(id, "below"),
  },
  {
    name: "move-up",
    section: "Cells",
    label: "Move cell up",
    keys: ["Mod+Shift+ArrowUp"],
    inMenu: true,
    isEnabled: ({ cells }, id) => cells.order[0] !== id,
    run: ({ actions }, id) => actions.moveCell(id, -1),
  },
  {
    name: "move-down",
    section: "Cells",
    label: "Move cell down",
    keys: ["Mod+Shift+ArrowDown"],
    inMenu: true,
    isEnabled: ({ cells }, id) => cells.order.at(-1) !== id,
    run: ({ actions }, id) => actions.moveCell(id, 1),
  },
  {
    name: "copy",
    section: "Cells",
    label: "Copy cell",
    keys: ["c"],
    run: ({ cells }, id) => cells.copy(id),
  },
  {
    name: "cut",
    section: "Cells",
    label: "Cut cell",
    keys: ["x"],
    run: ({ cells }, id) => {
      cells.copy(id);
      cells.remove(id);
    },
  },
  {
    name: "paste",
    section: "Cells",
    label: "Paste cell below",
    keys: ["v"],
    run: ({ cells }, id) => cells.paste(id),
  },
  {
    name: "delete",
    section: "Cells",
    label: "Delete cell",
    keys: ["d d"],
    run: ({ cells }, id) => cells.remove(id),
  },
  {
    name: "cell-settings",
    section: "AI",
    label: "Settings of this cell…",
    inMenu: true,
    isOffered: ({ signals }, id) => signals.cell(id)?.cellType === "ai",
    run: ({ dialogs }, id) => dialogs.open({ name: "cell-settings", cellId: id }),
  },
  {
    name: "restore-magic",
    section: "Change the type",
    label: "Back to a Python cell with its first line",
    help: "Make a Python cell again of one that %%ai or %%sql on its first line changed",
    inMenu: true,
    isOffered: ({ signals }, id) => magicOf(signals.cell(id)) !== "",
    run: ({ actions, signals }, id) => actions.restoreMagic(id, magicOf(signals.cell(id))),
  },
  {
    name: "run-next",
    section: "Run",
    label: "Run cell and select the next one",
    keys: ["Shift+Enter"],
    inSource: true,
    run: ({ cells }, id) => cells.run(id, "next"),
  },
  {
    name: "run-stay",
    section: "Run",
    label: "Run cell",
    keys: ["Mod+Enter"],
    inSource: true,
    run: ({ cells }, id) => cells.run(id, "stay"),
  },
  {
    name: "run-insert",
    section: "Run",
    label: "Run cell and insert one below",
    keys: ["Alt+Enter"],
    inSource: true,
    run: ({ cells }, id) => cells.run(id, "insert"),
  },
  {
    name: "run-below",
    section: "Run",
    label: "Run this cell and all below",
    inMenu: true,
    run: ({ actions }, id) => actions.runFrom(id),
  },
  {
    name: "run-rest",
    section: "Run",
    label: "Run the rest",
    help: "Run the cells that were not run because one before them failed or was stopped",
    inMenu: true,
    isOffered: ({ nb }, id) => nb.rest(id).length > 0,
    run: ({ actions }, id) => actions.runRest(id),
  },
  {
    name: "toggle-source",
    section: "Show and hide",
    label: ({ signals }, id) => (signals.cell(id)?.sourceVisible ? "Hide source" : "Show source"),
    help: "Show or hide the source",
    keys: ["s"],
    inMenu: true,
    run: ({ actions }, id) => actions.toggle(id, "sourceVisible"),
  },
  {
    name: "toggle-outputs",
    section: "Show and hide",
    label: ({ signals }, id) => (signals.cell(id)?.outputVisible ? "Hide outputs" : "Show outputs"),
    help: "Show or hide the outputs",
    keys: ["o"],
    inMenu: true,
    isEnabled: hasOutputs,
    run: ({ actions }, id) => actions.toggle(id, "outputVisible"),
  },
  {
    name: "toggle-context",
    section: "Show and hide",
    label: ({ signals }, id) =>
      signals.cell(id)?.aiContextVisible ? "Hide from AI" : "Show to AI",
    help: "Hide from AI, or show to AI",
    keys: ["e"],
    inMenu: true,
    run: ({ actions }, id) => actions.toggle(id, "aiContextVisible"),
  },
  {
    name: "clear",
    section: "Show and hide",
    label: "Clear outputs",
    inMenu: true,
    isEnabled: hasOutputs,
    run: ({ actions }, id) => actions.removals.clearOutputs(id),
  },
  {
    name: "select-above",
    section: "Select",
    label: "Select the cell above",
    keys: ["ArrowUp", "k"],
    run: ({ cells }, id) => cells.go(id, -1),
  },
  {
    name: "select-below",
    section: "Select",
    label: "Select the cell below",
    keys: ["ArrowDown", "j"],
    run: ({ cells }, id) => cells.go(id, 1),
  },
  {
    name: "edit",
    section: "Select",
    label: "Edit the cell",
    keys: ["Enter"],
    run: ({ cells }, id) => cells.edit(id),
  },
  ...TYPES,
];
