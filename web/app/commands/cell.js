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
  ["r", "Raw text", "raw"],
]).map(([key, label, cellType]) => ({
  name: `make-${cellType}`,
  section: "Change the type",
  label,
  keys: [key],
  run: ({ cells }, id) => cells.changeType(cells.chosen(id), cellType),
}));

/** The label of what acts on all selected cells. @param {string} verb @param {string} [after] @returns {Command["label"]} */
function ofCells(verb, after = "") {
  return ({ cells }, id) => {
    const { length } = cells.chosen(id);
    return `${verb} ${length > 1 ? `${length} cells` : "cell"}${after}`;
  };
}

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
    label: ofCells("Move", " up"),
    keys: ["Mod+Shift+ArrowUp"],
    inMenu: true,
    isEnabled: ({ cells }, id) => cells.order[0] !== cells.chosen(id)[0],
    run: ({ cells }, id) => cells.move(id, -1),
  },
  {
    name: "move-down",
    section: "Cells",
    label: ofCells("Move", " down"),
    keys: ["Mod+Shift+ArrowDown"],
    inMenu: true,
    isEnabled: ({ cells }, id) => cells.order.at(-1) !== cells.chosen(id).at(-1),
    run: ({ cells }, id) => cells.move(id, 1),
  },
  {
    name: "cut",
    section: "Cells",
    label: ofCells("Cut"),
    keys: ["x"],
    browserKeys: ["Mod+x"],
    inMenu: true,
    run: (page, id) => copy(page, id, "cut"),
  },
  {
    name: "copy",
    section: "Cells",
    label: ofCells("Copy"),
    keys: ["c"],
    browserKeys: ["Mod+c"],
    inMenu: true,
    run: (page, id) => copy(page, id),
  },
  {
    name: "paste",
    section: "Cells",
    label: "Paste cells below",
    keys: ["v"],
    browserKeys: ["Mod+v"],
    inMenu: true,
    run: ({ cells, clipboard }, id) => clipboard.paste(cells.chosen(id).at(-1) ?? id),
  },
  {
    name: "paste-above",
    section: "Cells",
    label: "Paste cells above",
    keys: ["Shift+V"],
    run: ({ cells, clipboard }, id) => {
      const above = cells.order[cells.order.indexOf(cells.chosen(id)[0]) - 1];
      clipboard.paste(above ?? null);
    },
  },
  {
    name: "merge",
    section: "Cells",
    label: ({ cells }, id) =>
      cells.chosen(id).length > 1
        ? `Merge ${cells.chosen(id).length} cells`
        : "Merge with the cell below",
    help: "Merge the selected cells, or the cell with the one below",
    keys: ["Shift+M"],
    inMenu: true,
    isEnabled: ({ cells }, id) => cells.chosen(id).length > 1 || cells.order.at(-1) !== id,
    run: ({ cells }, id) => cells.merge(id),
  },
  {
    name: "delete-cells",
    section: "Cells",
    label: ofCells("Delete"),
    keys: ["d d"],
    inMenu: true,
    run: ({ cells }, id) => cells.remove(cells.chosen(id)),
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
    label: ofCells("Run", " and select the next one"),
    keys: ["Shift+Enter"],
    inSource: true,
    run: ({ cells }, id) => cells.run(id, "next"),
  },
  {
    name: "run-stay",
    section: "Run",
    label: ofCells("Run"),
    keys: ["Mod+Enter"],
    inSource: true,
    run: ({ cells }, id) => cells.run(id, "stay"),
  },
  {
    name: "run-insert",
    section: "Run",
    label: ofCells("Run", " and insert one below"),
    keys: ["Alt+Enter"],
    inSource: true,
    run: ({ cells }, id) => cells.run(id, "insert"),
  },
  {
    name: "run-above",
    section: "Run",
    label: "Run all above this cell",
    inMenu: true,
    isEnabled: ({ cells }, id) => cells.order[0] !== id,
    run: ({ actions }, id) => actions.runBefore(id),
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
    keys: ["Shift+S"],
    inMenu: true,
    run: ({ actions, cells }, id) => actions.toggle(cells.chosen(id), "sourceVisible"),
  },
  {
    name: "toggle-outputs",
    section: "Show and hide",
    label: ({ signals }, id) => (signals.cell(id)?.outputVisible ? "Hide outputs" : "Show outputs"),
    help: "Show or hide the outputs",
    keys: ["o"],
    inMenu: true,
    isEnabled: hasOutputs,
    run: ({ actions, cells }, id) => actions.toggle(cells.chosen(id), "outputVisible"),
  },
  {
    name: "toggle-context",
    section: "Show and hide",
    label: ({ signals }, id) =>
      signals.cell(id)?.aiContextVisible ? "Hide from AI" : "Show to AI",
    help: "Hide from AI, or show to AI",
    keys: ["e"],
    inMenu: true,
    run: ({ actions, cells }, id) => actions.toggle(cells.chosen(id), "aiContextVisible"),
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
    name: "extend-above",
    section: "Select",
    label: "Select the cell above too",
    keys: ["Shift+ArrowUp", "Shift+K"],
    run: ({ cells }, id) => cells.extend(id, -1),
  },
  {
    name: "extend-below",
    section: "Select",
    label: "Select the cell below too",
    keys: ["Shift+ArrowDown", "Shift+J"],
    run: ({ cells }, id) => cells.extend(id, 1),
  },
  {
    name: "extend-top",
    section: "Select",
    label: "Select all cells above too",
    keys: ["Shift+Home"],
    run: ({ cells }, id) => cells.extend(id, -1, true),
  },
  {
    name: "extend-bottom",
    section: "Select",
    label: "Select all cells below too",
    keys: ["Shift+End"],
    run: ({ cells }, id) => cells.extend(id, 1, true),
  },
  {
    name: "select-all",
    section: "Select",
    label: "Select all cells",
    keys: ["Mod+a"],
    run: ({ cells }) => cells.selectAll(),
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

/** @param {Page} page @param {string} id @param {"copy" | "cut"} [how] */
function copy({ cells, clipboard }, id, how = "copy") {
  const ids = cells.chosen(id);
  clipboard.copy(ids, how);
  if (how === "cut") cells.remove(ids);
}
