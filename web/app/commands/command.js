// A command: something that a person can do from a menu, with a button or with a keyboard shortcut.

/** @import { Page } from "../page.js" */

/**
 * @typedef {object} Command
 * @property {string} name tests find the menu's item by it
 * @property {Section} section groups it in its menu and in the sheet of keyboard shortcuts
 * @property {string | ((page: Page, id: string) => string)} label in menus and on buttons
 * @property {string} [help] for the sheet, if it must say more than the label
 * @property {readonly string[]} [keys] each a key, or two in a row; Mod is Ctrl, or Command on a Mac
 * @property {readonly string[]} [browserKeys] those by which the browser itself begins it, for the sheet
 * @property {readonly string[]} [everywhere] those of the keys that work wherever the focus is
 * @property {boolean} [inSource] the keys also work while the cell's source is edited
 * @property {boolean} [inMenu]
 * @property {(page: Page, id: string) => boolean} [isOffered] whether the menu shows it
 * @property {(page: Page, id: string) => boolean} [isEnabled]
 * @property {(page: Page, id: string) => unknown} run
 */

/** In the order of the sheet. */
export const SECTIONS = /** @type {const} */ ([
  "Cells",
  "AI",
  "Run",
  "Show and hide",
  "Change the type",
  "Select",
  "Notebook",
  "Help",
]);

/** @typedef {typeof SECTIONS[number]} Section */

/** @param {Command} command @param {Page} page @param {string} id */
export function labelOf({ label }, page, id) {
  return typeof label === "string" ? label : label(page, id);
}

/** @param {Command} command @param {Page} page @param {string} id */
export function isInMenu({ inMenu = false, isOffered }, page, id) {
  return inMenu && (isOffered?.(page, id) ?? true);
}

/** @param {Command} command @param {Page} page @param {string} id of the cell; empty for the notebook's commands */
export function isEnabled(command, page, id) {
  return command.isEnabled?.(page, id) ?? true;
}
