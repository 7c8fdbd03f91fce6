// The commands of a file in the notebook's folder. What they are called with is its path.

/** @import { Command } from "./command.js" */

import { download } from "../files.js";

/** In the order of its menu. @type {readonly Command[]} */
export const FILE_COMMANDS = [
  {
    name: "read-file",
    section: "Notebook",
    label: "Read it in a cell",
    inMenu: true,
    run: ({ folderCells }, path) => folderCells.addCell(path),
  },
  {
    name: "download-file",
    section: "Notebook",
    label: "Download",
    inMenu: true,
    run: ({ folder }, path) => {
      const file = folder.files.peek().get(path);
      if (file) download(path.slice(path.lastIndexOf("/") + 1), file.content, "");
    },
  },
  {
    name: "rename-file",
    section: "Notebook",
    label: "Rename",
    keys: ["F2"],
    inMenu: true,
    run: ({ folder }, path) => (folder.renaming.value = path),
  },
  {
    name: "delete-file",
    section: "Notebook",
    label: "Delete",
    keys: ["Delete"],
    inMenu: true,
    run: ({ folder }, path) => folder.remove(path),
  },
];
