// The commands of a notebook in the list of those that the browser keeps. What they are called with is its id.

/** @import { Command } from "./command.js" */

/** In the order of its menu. @type {readonly Command[]} */
export const KEPT_COMMANDS = [
  {
    name: "rename-notebook",
    section: "Notebook",
    label: "Rename",
    keys: ["F2"],
    inMenu: true,
    run: ({ kept }, id) => (kept.renaming.value = id),
  },
  {
    name: "duplicate-notebook",
    section: "Notebook",
    label: "Duplicate",
    inMenu: true,
    run: ({ kept }, id) => kept.attempt(() => kept.duplicate(id)),
  },
  {
    name: "export-notebook",
    section: "Notebook",
    label: "Export as .ipynb",
    inMenu: true,
    run: ({ files, kept, notebookId }, id) =>
      id === notebookId ? files.exportIpynb() : kept.attempt(() => kept.export(id)),
  },
  {
    name: "delete-notebook",
    section: "Notebook",
    label: "Delete",
    keys: ["Delete"],
    inMenu: true,
    isEnabled: ({ notebookId }, id) => id !== notebookId,
    run: ({ kept }, id) => kept.delete(id),
  },
];
