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
    if (event.defaultPrevented || event.isComposing || !isForCells(event)) return;
    const key = nameOf(event);
    const command = BY_KEYS.get(this.#chord(key, event.timeStamp)) ?? BY_KEYS.get(key);
    const id = this.#cell ?? "";
    if (!command || (!id && CELL_COMMANDS.includes(command))) return;
    event.preventDefault();
    if (isEnabled(command, this.#page, id)) command.run(this.#page, id);
  }

  /** The selected cell, or the first one. */
  get #cell() {
    const { cells, focus } = this.#page;
    return cells.order.find((id) => id === focus.selected.value) ?? cells.order[0];
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
    // In a character, Shift is already included.
    ...(shiftKey && named ? ["Shift"] : []),
    key,
  ];
  return parts.join("+");
}
