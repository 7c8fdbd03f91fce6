// Runs keyboard shortcuts while a cell has the focus but its source does not.

/** @import { Page } from "../page.js" */
/** @import { Command } from "./command.js" */

import { CELL_COMMANDS } from "./cell.js";
import { isEnabled } from "./command.js";
import { NOTEBOOK_COMMANDS } from "./notebook.js";

/** @type {ReadonlyMap<string, Command>} */
const BY_KEYS = new Map(
  [...CELL_COMMANDS, ...NOTEBOOK_COMMANDS].flatMap((command) =>
    (command.keys ?? []).map((keys) => /** @type {const} */ ([keys, command])),
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
    if (event.defaultPrevented || event.isComposing) return;
    const key = nameOf(event);
    const isOfCells = isForCells(event);
    const chord = isOfCells ? this.#chord(key, event.timeStamp) : key;
    const command = BY_KEYS.get(chord) ?? BY_KEYS.get(key);
    const id = this.#page.cells.current ?? "";
    const isMeant = isOfCells || command?.everywhere?.includes(key);
    if (!isMeant || !command || (!id && CELL_COMMANDS.includes(command))) return;
    event.preventDefault();
    if (isEnabled(command, this.#page, id)) command.run(this.#page, id);
  }

  /** The key, joined with the one before it if the two may be a chord. @param {string} key @param {number} at */
  #chord(key, at) {
    const { key: before, at: then } = this.#first;
    const isSecond = key === before && at - then < CHORD_MS;
    this.#first = isSecond ? { key: "", at: 0 } : { key, at };
    return isSecond ? `${before} ${key}` : key;
  }
}

/** Whether a key is meant for a cell, not for a field, a menu, a dialog or a link. @param {KeyboardEvent} event */
function isForCells({ target, key }) {
  const element = /** @type {Element} */ (target);
  if (
    element.closest(
      "input, textarea, select, summary, a, .cm-editor, .table-grid, .ag-popup, dialog, [popover]",
    )
  )
    return false;
  return !(element.closest("button") && (key === "Enter" || key === " "));
}

/** @param {KeyboardEvent} event */
function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const isLetter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const parts = [
    ...(ctrlKey || metaKey ? ["Mod"] : []),
    ...(altKey ? ["Alt"] : []),
    // In other characters Shift is already included; a letter is a capital by the lock too.
    ...(shiftKey && (isLetter || key.length > 1) ? ["Shift"] : []),
    isLetter ? (shiftKey ? key.toUpperCase() : key.toLowerCase()) : key,
  ];
  return parts.join("+");
}

/**
 * Copies, cuts or pastes cells when the browser is told to, unless text is selected or the focus is in a field.
 * @param {Page} page
 * @param {ClipboardEvent} event at the window
 */
export function useClipboard(page, event) {
  const { cells, clipboard, focus } = page;
  const id = cells.order.find((each) => each === focus.selected.value);
  const data = event.clipboardData;
  if (event.defaultPrevented || !data || !isAtCells()) return;
  if (event.type === "paste") {
    clipboard.take(data, (id && cells.chosen(id).at(-1)) ?? cells.order.at(-1) ?? null);
  } else if (clipboard.isGiving) clipboard.give(data);
  else if (id === undefined || !getSelection()?.isCollapsed) return;
  else {
    const ids = cells.chosen(id);
    clipboard.keep(ids, event.type);
    clipboard.give(data);
    if (event.type === "cut") cells.remove(ids);
  }
  event.preventDefault();
}

/** Whether the focus is on a cell, or nowhere. */
function isAtCells() {
  const element = document.activeElement ?? document.body;
  return !element.closest("input, textarea, select, .cm-editor, dialog, [popover]");
}
