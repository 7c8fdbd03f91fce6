// Cells on the clipboard: in this page as they are, with their outputs; for other pages as the cells of a Jupyter
// notebook, under Jupyter's own type; and as plain text for everything else.

/** @import { OpenNotebook } from "../../../js/types-notebook.d.ts" */
/** @import { Actions, Copy } from "../actions.js" */
/** @import { Cells } from "../cells.js" */
/** @import { Notice } from "./notice.js" */

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { messageOf } from "../../render/error.js";
import { formatCount } from "../format.js";

/** As in JupyterLab. */
export const CELLS = "application/vnd.jupyter.cells";
/** The most characters of text that become a cell. */
const LONGEST_TEXT = 2_000_000;
const LARGEST_FILE = 64 << 20;

export class Clipboard {
  /** What was copied here last. @type {readonly Copy[]} */
  #copies = [];
  /** The same, as other pages get it. */
  #text = "";
  #page;

  /**
   * @param {object} page
   * @param {OpenNotebook} page.nb
   * @param {Actions} page.actions
   * @param {Cells} page.cells
   * @param {Notice} page.notice
   */
  constructor(page) {
    this.#page = page;
  }

  /** Whether the browser is asked to copy, so that what is kept is given to other pages. */
  isGiving = false;

  /** Keeps cells, and gives them to other pages. @param {readonly string[]} ids in order @param {"copy" | "cut"} how */
  copy(ids, how) {
    this.keep(ids, how);
    this.isGiving = true;
    // The only way to the clipboard with a type of one's own; a copy event follows at once.
    document.execCommand("copy");
    this.isGiving = false;
  }

  /** Keeps cells for a paste in this page. @param {readonly string[]} ids in order @param {string} how "copy" or "cut" */
  keep(ids, how) {
    const { actions, nb, notice } = this.#page;
    actions.settleTyping();
    this.#copies = ids.flatMap((id) => {
      const cell = nb.cell(id);
      if (!cell) return [];
      return [{ cell: { ...cell, metadata: new Map(cell.metadata) }, outputs: nb.outputs(id) }];
    });
    this.#text = writeCells(this.#copies);
    notice.say(`${formatCount(this.#copies.length, "cell")} ${how === "cut" ? "cut" : "copied"}.`);
  }

  /** Puts what was copied on the clipboard of the system. @param {DataTransfer} data of a copy event */
  give(data) {
    data.setData(CELLS, this.#text);
    data.setData("text/plain", this.#copies.map(({ cell }) => cell.source).join("\n\n"));
  }

  /** Inserts what was copied here. @param {string | null} after a cell's id; null for the top */
  paste(after) {
    const { actions, cells, notice } = this.#page;
    if (this.#copies.length > 0) cells.focusOn(actions.addCopies(this.#copies, after));
    else
      notice.say("No cell was copied here yet. To paste what was copied elsewhere, press Ctrl+V.");
  }

  /** Inserts what the clipboard of the system holds: cells, or text as a cell. @param {DataTransfer} data of a paste event @param {string | null} after */
  take(data, after) {
    const { actions, cells, notice } = this.#page;
    const [own, text] = [data.getData(CELLS), data.getData("text/plain")];
    if (own && own === this.#text) return this.paste(after);
    const file = fileOf(own) ?? fileOf(text);
    try {
      if (file) cells.focusOn(actions.addFromFile(file, after));
      else if (text.length > LONGEST_TEXT) throw new Error(describeLength(text.length));
      else if (text.trim()) cells.focusOn([this.#addText(text, after)]);
    } catch (error) {
      notice.say(messageOf(error));
    }
  }

  /** Adds a cell of the same type as the one above it. @param {string} text @param {string | null} after */
  #addText(text, after) {
    const type = this.#page.nb.cell(after ?? "")?.cellType ?? "code";
    return this.#page.actions.addCell(type, after, text);
  }
}

/** @param {readonly Copy[]} copies @returns {string} the cells of a Jupyter notebook, as JSON */
export function writeCells(copies) {
  const notebook = openNotebook(memoryStore());
  notebook.together(() => {
    for (const { cell, outputs } of copies) notebook.addCopy(cell, outputs);
  });
  return JSON.stringify(notebook.toIpynb().cells);
}

/**
 * The file of a notebook with cells that were copied, or a whole notebook that was.
 * @param {string} text
 * @returns {string | undefined} undefined if it is anything else
 */
export function fileOf(text) {
  if (text.length > LARGEST_FILE || !/^\s*[[{]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text);
    const cells = Array.isArray(value) ? value : value.cells;
    if (!Array.isArray(cells) || cells.length === 0 || !cells.every(isCell)) return undefined;
    const { metadata = {}, nbformat = 4, nbformat_minor: minor = 5 } = value;
    return JSON.stringify({ metadata, nbformat, nbformat_minor: minor, cells });
  } catch {
    return undefined;
  }
}

/** @param {any} value */
function isCell(value) {
  return typeof value?.cell_type === "string" && "source" in value;
}

/** @param {number} length */
function describeLength(length) {
  const [has, most] = [length, LONGEST_TEXT].map((size) => (size / 1e6).toFixed(1));
  return `The clipboard holds ${has} million characters of text, and a cell takes up to ${most} million. Save it as a file, and read that in a cell.`;
}
