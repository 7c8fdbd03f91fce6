// All commands, to be found by their words.

/** @import { Page } from "../page.js" */
/** @import { Command } from "./command.js" */

import { CELL_COMMANDS } from "./cell.js";
import { isEnabled, labelOf } from "./command.js";
import { NOTEBOOK_COMMANDS } from "./notebook.js";

/** What can be done now. @typedef {{ command: Command, id: string, text: string }} Offer */

/**
 * The commands in which all words of a text occur, in the order of the menus.
 * @param {Page} page
 * @param {string} wanted
 * @returns {readonly Offer[]}
 */
export function findCommands(page, wanted) {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const id = page.cells.current ?? "";
  const ofCell = id ? CELL_COMMANDS.map((command) => ({ command, id })) : [];
  const all = [...ofCell, ...NOTEBOOK_COMMANDS.map((command) => ({ command, id: "" }))];
  return all
    .filter(
      ({ command, id }) => (command.isOffered?.(page, id) ?? true) && isEnabled(command, page, id),
    )
    .map(({ command, id }) => ({
      command,
      id,
      text: `${command.section}: ${labelOf(command, page, id)}`,
    }))
    .filter(({ command, text }) => {
      const searched = `${text} ${command.help ?? ""}`.toLowerCase();
      return words.every((word) => searched.includes(word));
    });
}
