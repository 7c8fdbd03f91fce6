// The keys that work in a cell's source, besides those of any editor. The sheet of keyboard shortcuts shows this table.

/** @import { EditorView, KeyBinding } from "@codemirror/view" */
/** @import { Helper } from "./assist.js" */

import { completionStatus, currentCompletions } from "@codemirror/autocomplete";

import { completeWord, hideDocumentation, showDocumentation } from "./assist.js";

/**
 * What the keys in a cell's source can do.
 * @typedef {object} SourceActions
 * @property {string} cellType
 * @property {Helper} helper asks Python about the code
 * @property {readonly { keys: readonly string[], run: () => unknown }[]} commands of the cell, whose keys work here too
 * @property {() => void} onEscape
 * @property {(step: 1 | -1) => void} onLeave the cursor goes beyond the first or the last line
 * @property {(before: string, after: string) => void} onSplit
 *
 * @typedef {object} EditorCommand
 * @property {readonly string[]} keys
 * @property {string} [alias] what some keyboards send instead
 * @property {string} help
 * @property {string} [cellType] the only type of cell that has it
 * @property {(view: EditorView, actions: SourceActions) => boolean} run whether the keys are used up
 */

/** @type {readonly EditorCommand[]} */
export const EDITOR_COMMANDS = [
  {
    keys: ["Escape"],
    help: "Leave the source: keys then act on the cell",
    run: (view, { onEscape }) =>
      hideDocumentation(view) || (!isCompleting(view) && done(() => onEscape())),
  },
  {
    keys: ["ArrowUp"],
    help: "In the first line: go to the cell above",
    run: (view, { onLeave }) => isOnLineOf(view, 0) && done(() => onLeave(-1)),
  },
  {
    keys: ["ArrowDown"],
    help: "In the last line: go to the cell below",
    run: (view, { onLeave }) => isOnLineOf(view, view.state.doc.length) && done(() => onLeave(1)),
  },
  {
    keys: ["Tab"],
    help: "Complete the name before the cursor, or indent",
    cellType: "code",
    run: completeWord,
  },
  {
    keys: ["Shift+Tab"],
    help: "Show the documentation of the name at the cursor",
    cellType: "code",
    run: (view, { helper }) => showDocumentation(view, helper),
  },
  {
    keys: ["Mod+Shift+-"],
    alias: "Mod+_",
    help: "Split the cell at the cursor",
    run: (view, { onSplit }) => done(() => split(view, onSplit)),
  },
];

/** @param {SourceActions} actions @returns {KeyBinding[]} */
export function keyBindings(actions) {
  const own = EDITOR_COMMANDS.filter(
    ({ cellType = actions.cellType }) => cellType === actions.cellType,
  ).map(({ keys, alias, run }) => ({
    keys: alias ? [...keys, alias] : keys,
    run: (/** @type {EditorView} */ view) => run(view, actions),
  }));
  const cells = actions.commands.map(({ keys, run }) => ({ keys, run: () => done(run) }));
  return [...own, ...cells].flatMap(({ keys, run }) =>
    keys.map((each) => ({ key: each.replaceAll("+", "-"), run })),
  );
}

/** @param {() => unknown} act */
function done(act) {
  act();
  return true;
}

/** Whether a list of completions is open, which then gets these keys. @param {EditorView} view */
function isCompleting({ state }) {
  return completionStatus(state) === "active" && currentCompletions(state).length > 0;
}

/** Whether nothing is selected and the cursor is on the same visual line as a position. @param {EditorView} view @param {number} position */
function isOnLineOf(view, position) {
  const { empty, head } = view.state.selection.main;
  if (!empty || isCompleting(view)) return false;
  const [here, there] = [view.coordsAtPos(head), view.coordsAtPos(position)];
  return here !== null && there !== null && Math.abs(here.top - there.top) < 4;
}

/** @param {EditorView} view @param {SourceActions["onSplit"]} onSplit */
function split(view, onSplit) {
  const { head } = view.state.selection.main;
  const [before, after] = [view.state.sliceDoc(0, head), view.state.sliceDoc(head)];
  view.dispatch({ changes: { from: head, to: view.state.doc.length } });
  onSplit(before.replace(/\n$/, ""), after.replace(/^\n/, ""));
}
