// Puts files into cells: a file that is dropped on a Python cell becomes the lines that read it.

/** @import { Actions } from "../actions.js" */
/** @import { Cells } from "../cells.js" */
/** @import { Focus } from "../focus.js" */
/** @import { OpenNotebook } from "../../../js/types-notebook.d.ts" */
/** @import { Folder } from "./folder.js" */

import { filesOf } from "../kept/dropped.js";
import { readingLine } from "./reading-line.js";

const NEEDS_PANDAS = /^[ \t]*(?:import|from) pandas\b/m;

export class FolderCells {
  #page;
  /** Whether the site itself has pandas. @type {Promise<boolean> | undefined} */
  #onSite;

  /** @param {{ nb: OpenNotebook, actions: Actions, cells: Cells, focus: Focus, folder: Folder }} page */
  constructor(page) {
    this.#page = page;
  }

  /** Adds a Python cell that reads a file, below the one that is selected. @param {string} path */
  async addCell(path) {
    const { actions, cells, focus, nb } = this.#page;
    const selected = focus.selected.peek();
    const after = selected && nb.cell(selected) ? selected : (nb.order.at(-1) ?? null);
    const source = readingLine(path, await this.#hasPandas());
    cells.edit(actions.addCell("code", after, source));
  }

  /**
   * Stores what is dropped on a Python cell, and adds the lines that read it.
   * @param {string} id @param {DataTransfer} dropped
   */
  async drop(id, dropped) {
    const files = await filesOf(dropped); // at once: afterwards the browser does not know what was dropped
    const paths = await this.#page.folder.add(files);
    if (paths.length > 0) await this.insert(id, paths);
  }

  /** Adds the lines that read files at the end of a cell. @param {string} id @param {readonly string[]} paths */
  async insert(id, paths) {
    const { actions, cells, nb } = this.#page;
    const hasPandas = await this.#hasPandas();
    actions.flushSource(id);
    const source = nb.cell(id)?.source ?? "";
    const lines = paths.map((path) => readingLine(path, hasPandas)).join("\n\n");
    nb.setSource(id, source.trim() === "" ? lines : `${source.trimEnd()}\n\n${lines}`);
    cells.edit(id);
  }

  /** Whether pandas can be had: a cell has it already, or the site has it. */
  async #hasPandas() {
    const { nb } = this.#page;
    const isUsed = nb.cells.some(
      (cell) =>
        cell.cellType === "code" &&
        NEEDS_PANDAS.test(cell.source) &&
        nb.execution(cell)?.state === "completed",
    );
    return isUsed || (this.#onSite ??= isOnSite("pandas"));
  }
}

/** @param {string} name of a package @returns {Promise<boolean>} */
async function isOnSite(name) {
  try {
    const lock = await (await fetch("pyodide/pyodide-lock.json")).json();
    const file = lock.packages[name]?.file_name ?? "https://";
    return !/^https?:/.test(file);
  } catch {
    return false;
  }
}
