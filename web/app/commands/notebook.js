// The commands that act on the notebook as a whole and need no cell.

/** @import { Page } from "../page.js" */
/** @import { Command } from "./command.js" */

/** In the order of the notebook's menu. @type {readonly Command[]} */
export const NOTEBOOK_COMMANDS = [
  {
    name: "notebooks",
    section: "Notebook",
    label: "Notebooks…",
    inMenu: true,
    run: ({ dialogs }) => dialogs.open({ name: "notebooks" }),
  },
  {
    name: "import",
    section: "Notebook",
    label: "Import…",
    inMenu: true,
    run: ({ imports }) => imports.choose(),
  },
  {
    name: "import-folder",
    section: "Notebook",
    label: "Import a folder…",
    inMenu: true,
    run: ({ imports }) => imports.chooseFolder(),
  },
  {
    name: "export",
    section: "Notebook",
    label: "Export as .ipynb",
    inMenu: true,
    run: ({ files }) => files.exportIpynb(),
  },
  {
    name: "export-files",
    section: "Notebook",
    label: "Export with files (.zip)",
    inMenu: true,
    run: ({ files }) => files.exportBundle(),
  },
  {
    name: "files",
    section: "Notebook",
    label: "Files…",
    inMenu: true,
    run: ({ panel }) => (panel.value = "files"),
  },
  {
    name: "save",
    section: "Notebook",
    label: "Save",
    help: "Say whether the notebook is stored, which happens as you work",
    keys: ["s", "Mod+s"],
    everywhere: ["Mod+s"],
    run: save,
  },
  {
    name: "palette",
    section: "Help",
    label: "All commands…",
    help: "Find a command by its words",
    keys: ["Mod+Shift+P"],
    everywhere: ["Mod+Shift+P"],
    inMenu: true,
    run: ({ dialogs }) => dialogs.open({ name: "palette" }),
  },
  {
    name: "find",
    section: "Notebook",
    label: "Find and replace…",
    keys: ["f", "Mod+f", "Mod+Shift+F"],
    everywhere: ["Mod+Shift+F"],
    inMenu: true,
    run: ({ find }) => find.open(selectedText()),
  },
  {
    name: "undo-cells",
    section: "Cells",
    label: "Undo the last change of cells",
    keys: ["z", "Mod+z"],
    inMenu: true,
    isEnabled: ({ actions }) => actions.history.past.value.length > 0,
    run: ({ cells }) => cells.goBack("undo"),
  },
  {
    name: "redo-cells",
    section: "Cells",
    label: "Redo the last change of cells",
    keys: ["Shift+Z", "Mod+Shift+Z"],
    inMenu: true,
    isEnabled: ({ actions }) => actions.history.future.value.length > 0,
    run: ({ cells }) => cells.goBack("redo"),
  },
  {
    name: "run-all",
    section: "Run",
    label: "Run all",
    run: ({ actions }) => actions.runAll(),
  },
  {
    name: "stop-all",
    section: "Run",
    label: "Stop",
    help: "Stop all cells",
    keys: ["i i"],
    isEnabled: ({ signals }) => signals.openExecutions.length > 0,
    run: ({ nb }) => nb.stop(),
  },
  {
    name: "restart-python",
    section: "Run",
    label: "Restart Python",
    keys: ["0 0"],
    inMenu: true,
    isEnabled: canRestart,
    run: (page) => restart(page, false),
  },
  {
    name: "restart-run-all",
    section: "Run",
    label: "Restart and run all",
    inMenu: true,
    isEnabled: canRestart,
    run: (page) => restart(page, true),
  },
  {
    name: "clear-all",
    section: "Show and hide",
    label: "Clear all outputs",
    inMenu: true,
    run: ({ actions }) => actions.removals.clearOutputs(),
  },
  {
    name: "line-numbers",
    section: "Show and hide",
    label: ({ view }) => `${view.settings.value.lineNumbers ? "Hide" : "Show"} line numbers`,
    help: "Show or hide line numbers",
    keys: ["Shift+L"],
    inMenu: true,
    run: ({ view }) => view.toggle("lineNumbers"),
  },
  {
    name: "wrap-lines",
    section: "Show and hide",
    label: ({ view }) => (view.settings.value.wraps ? "Do not wrap code" : "Wrap code"),
    inMenu: true,
    run: ({ view }) => view.toggle("wraps"),
  },
  {
    name: "wide-layout",
    section: "Show and hide",
    label: ({ view }) => (view.settings.value.isWide ? "Narrow layout" : "Wide layout"),
    inMenu: true,
    run: ({ view }) => view.toggle("isWide"),
  },
  {
    name: "restore-outputs",
    section: "Show and hide",
    label: "Restore the cleared outputs",
    inMenu: true,
    isOffered: ({ actions }) => actions.removals.cleared.value !== null,
    run: ({ actions }) => actions.removals.restoreOutputs(),
  },
  {
    name: "settings",
    section: "Help",
    label: "AI settings…",
    inMenu: true,
    run: ({ dialogs }) => dialogs.open({ name: "settings" }),
  },
  {
    name: "from-file",
    section: "Help",
    label: "Instructions from the file…",
    inMenu: true,
    isOffered: ({ nb }) => nb.fromFile !== undefined,
    run: ({ dialogs }) => dialogs.open({ name: "from-file" }),
  },
  {
    name: "policies",
    section: "Help",
    label: "What models may do…",
    inMenu: true,
    run: ({ dialogs }) => dialogs.open({ name: "policies" }),
  },
  {
    name: "help",
    section: "Help",
    label: "Keyboard shortcuts",
    keys: ["?", "h"],
    inMenu: true,
    run: ({ dialogs }) => dialogs.open({ name: "help" }),
  },
];

/** @param {Page} page */
function canRestart({ session }) {
  return session.isUp || session.isDown;
}

/** Asks first if variables would be lost. @param {Page} page @param {boolean} runsAll whether all cells are run afterwards */
function restart({ dialogs, actions, session }, runsAll) {
  if (session.isUp) return dialogs.open({ name: "restart", runsAll });
  return actions.restart(session, runsAll);
}

/** Writes what was typed, and says where the notebook is. @param {Page} page */
async function save({ actions, keeping, notice }) {
  actions.settleTyping();
  if (!keeping) return notice.say("This notebook is not stored. Export it to keep it.");
  await keeping.refresh();
  if (keeping.failure.value)
    notice.say("This notebook could not be stored: see the message above.");
  else notice.say("Saved in this browser. Everything is stored as you work.");
}

/** What is selected within a line, to be looked for. */
function selectedText() {
  const text = getSelection()?.toString() ?? "";
  return text.includes("\n") ? undefined : text;
}
