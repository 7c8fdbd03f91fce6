// What keys do while a cell has the focus and its source has not: as in Jupyter, and a few more.

/** @import { Page } from "./page.js" */

/**
 * @typedef {object} Command
 * @property {string[]} keys each a key or two in a row; Mod is Ctrl, or Command on a Mac
 * @property {string} words
 * @property {(page: Page, id: string) => unknown} run
 *
 * @typedef {{ title: string, commands: Command[] }} Group
 */

/** @type {Group[]} */
export const GROUPS = [
  {
    title: "Run",
    commands: [
      {
        keys: ["Shift+Enter"],
        words: "Run and go to the next cell",
        run: (page, id) => page.run(id, "next"),
      },
      { keys: ["Mod+Enter"], words: "Run", run: (page, id) => page.run(id, "stay") },
      {
        keys: ["Alt+Enter"],
        words: "Run and add a cell below",
        run: (page, id) => page.run(id, "insert"),
      },
      { keys: ["i i"], words: "Stop all that runs", run: ({ actions }) => actions.stopAll() },
      { keys: ["0 0"], words: "Restart Python", run: ({ session }) => session.restart() },
    ],
  },
  {
    title: "Go",
    commands: [
      { keys: ["ArrowUp", "k"], words: "Cell above", run: (page, id) => page.go(id, -1, "cell") },
      { keys: ["ArrowDown", "j"], words: "Cell below", run: (page, id) => page.go(id, 1, "cell") },
      { keys: ["Enter"], words: "Edit the cell", run: (page, id) => page.edit(id) },
    ],
  },
  {
    title: "Cells",
    commands: [
      { keys: ["a"], words: "Add a cell above", run: (page, id) => page.insert(id, "above") },
      { keys: ["b"], words: "Add a cell below", run: (page, id) => page.insert(id, "below") },
      { keys: ["d d"], words: "Delete the cell", run: (page, id) => page.removeCell(id) },
      { keys: ["z"], words: "Bring back what was deleted last", run: (page) => page.restoreCell() },
      { keys: ["c"], words: "Copy", run: (page, id) => page.copy(id) },
      {
        keys: ["x"],
        words: "Cut",
        run: (page, id) => {
          page.copy(id);
          page.removeCell(id);
        },
      },
      { keys: ["v"], words: "Paste below", run: (page, id) => page.paste(id) },
      {
        keys: ["Mod+Shift+ArrowUp"],
        words: "Move up",
        run: ({ actions }, id) => actions.moveCell(id, -1),
      },
      {
        keys: ["Mod+Shift+ArrowDown"],
        words: "Move down",
        run: ({ actions }, id) => actions.moveCell(id, 1),
      },
    ],
  },
  {
    title: "Type",
    commands: [
      { keys: ["y"], words: "Python", run: (page, id) => page.changeType(id, "code") },
      { keys: ["m"], words: "Markdown", run: (page, id) => page.changeType(id, "markdown") },
      { keys: ["p"], words: "AI (prompt)", run: (page, id) => page.changeType(id, "ai") },
      { keys: ["q"], words: "SQL (query)", run: (page, id) => page.changeType(id, "sql") },
    ],
  },
  {
    title: "Show",
    commands: [
      {
        keys: ["s"],
        words: "Hide or show the source",
        run: ({ actions }, id) => actions.toggle(id, "sourceVisible"),
      },
      {
        keys: ["o"],
        words: "Hide or show the outputs",
        run: ({ actions }, id) => actions.toggle(id, "outputVisible"),
      },
      {
        keys: ["e"],
        words: "Keep from AI cells, or not",
        run: ({ actions }, id) => actions.toggle(id, "aiContextVisible"),
      },
      {
        keys: ["?", "h"],
        words: "This sheet",
        run: (page) => (page.dialog.value = { name: "help" }),
      },
    ],
  },
];

/** What an editor does by itself, for the sheet. */
export const EDITOR_KEYS = [
  { keys: ["Escape"], words: "Leave the source: keys are for the cell" },
  { keys: ["Shift+Enter", "Mod+Enter", "Alt+Enter"], words: "Run, as above" },
  { keys: ["ArrowUp", "ArrowDown"], words: "At the first or last line: the cell above or below" },
  { keys: ["Tab"], words: "Complete the name before the cursor, or indent" },
  { keys: ["Shift+Tab"], words: "What is known of the name at the cursor" },
  { keys: ["Mod+Shift+-"], words: "Part the cell in two at the cursor" },
];

/** @type {Map<string, Command["run"]>} */
const BY_KEYS = new Map(
  GROUPS.flatMap(({ commands }) =>
    commands.flatMap(({ keys, run }) => keys.map((each) => /** @type {const} */ ([each, run]))),
  ),
);

const CHORD_MS = 800;

export class Keyboard {
  #page;
  /** The first key of two, and when it was pressed. */
  #first = { key: "", at: 0 };

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** @param {KeyboardEvent} event from anywhere in the page */
  press(event) {
    if (event.defaultPrevented || event.isComposing || !isForCells(event)) return;
    const key = nameOf(event);
    const run = BY_KEYS.get(this.#chord(key, event.timeStamp)) ?? BY_KEYS.get(key);
    const { order, selected } = this.#page;
    const isThere = selected.value !== null && order.includes(selected.value);
    const id = isThere ? selected.value : (order[0] ?? null);
    if (!run || id === null) return;
    event.preventDefault();
    run(this.#page, id);
  }

  /** The key with the one before it, if that may be the first of two. @param {string} key @param {number} at */
  #chord(key, at) {
    const { key: before, at: then } = this.#first;
    const isSecond = key === before && at - then < CHORD_MS;
    this.#first = isSecond ? { key: "", at: 0 } : { key, at };
    return isSecond ? `${before} ${key}` : key;
  }
}

/** Whether a key is pressed for a cell, and not for a field, a menu, a dialog or a link. @param {KeyboardEvent} event */
function isForCells({ target, key }) {
  const element = /** @type {Element} */ (target);
  if (element.closest("input, textarea, select, summary, a, .cm-editor, dialog, [popover]"))
    return false;
  return !(element.closest("button") && (key === "Enter" || key === " "));
}

/** @param {KeyboardEvent} event */
function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const named = key.length > 1;
  const parts = [
    ...(ctrlKey || metaKey ? ["Mod"] : []),
    ...(altKey ? ["Alt"] : []),
    // A character is what shift has made of it.
    ...(shiftKey && named ? ["Shift"] : []),
    key,
  ];
  return parts.join("+");
}
