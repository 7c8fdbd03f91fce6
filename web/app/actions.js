// Edits that take more than one method of the notebook: text that is being typed is committed first, and
// cells that are removed can be restored.

/** @import { Session } from "./session.js" */
/** @import { Cell, CellType, OpenNotebook, Output, Visibility } from "../../js/types-notebook.d.ts" */

import { Drafts } from "./drafts.js";
import { History } from "./editing/history.js";
import { stepped } from "./editing/selection.js";
import { Removals } from "./removals.js";

/** A cell as it was copied. @typedef {{ cell: Cell, outputs: readonly Output[] }} Copy */

/** The types of cells that have no outputs. @type {readonly CellType[]} */
const UNRUN = ["markdown", "raw"];

const LOST =
  "The cell in which you were typing was deleted elsewhere. To bring it back with your text, press Esc, then z.";

export class Actions {
  #nb;
  #whenAgreed;
  #say;
  /** The cells in which is being typed, as they were, and the order then. @type {Map<string, { cell: Cell, order: readonly string[] }>} */
  #typed = new Map();
  #drafts = new Drafts((id, source, base) => this.#writeSource(id, source, base));

  /**
   * @param {OpenNotebook} nb
   * @param {(ids: readonly string[], go: () => void) => void} whenAgreed calls back once cells may be run
   * @param {(text: string) => void} [say] tells the person what happened
   */
  constructor(nb, whenAgreed, say = () => {}) {
    this.#nb = nb;
    this.#whenAgreed = whenAgreed;
    this.#say = say;
    this.removals = new Removals(nb);
    this.history = new History(nb, this.removals);
  }

  /**
   * Makes an edit of cells that can be undone, after what was typed before it.
   * @template T
   * @param {string} label
   * @param {() => T} act
   * @returns {T}
   */
  edit(label, act) {
    this.settleTyping();
    return this.history.record(label, act);
  }

  /**
   * @param {CellType} cellType
   * @param {string | null} after a cell's id; null for the top
   * @param {string} [source]
   * @returns {string} the new cell's id
   */
  addCell(cellType, after, source) {
    return this.edit("new cell", () => this.#nb.addCell(cellType, source, { after }).id);
  }

  /**
   * Adds cells with what others hold, and with their outputs.
   * @param {readonly Copy[]} copies
   * @param {string | null} after
   * @returns {readonly string[]} the new cells' ids
   */
  addCopies(copies, after) {
    return this.edit("paste", () => {
      const ids = copies.map(({ cell, outputs }) => this.#nb.addCopy(cell, outputs).id);
      this.#place(ids, after);
      return ids;
    });
  }

  /** Adds the cells of a notebook's file. @param {string} text @param {string | null} after @returns {readonly string[]} their ids */
  addFromFile(text, after) {
    return this.edit("paste", () => {
      const count = this.#nb.importIpynb(text);
      const ids = count > 0 ? this.#nb.order.slice(-count) : [];
      this.#place(ids, after);
      return ids;
    });
  }

  /**
   * Splits a cell in two.
   * @param {string} id
   * @param {string} before what stays
   * @param {string} after what goes to the new cell, below
   * @returns {string} the new cell's id
   */
  splitCell(id, before, after) {
    return this.edit("split", () => {
      this.#nb.setSource(id, before);
      return this.addCell(this.#nb.cell(id)?.cellType ?? "code", id, after);
    });
  }

  /** Puts the sources of cells together in the first of them. @param {readonly string[]} ids in order */
  mergeCells(ids) {
    this.edit("merge", () => {
      const [first, ...others] = ids;
      const cells = ids.flatMap((id) => this.#nb.cell(id) ?? []);
      this.#nb.setSource(first, cells.map(({ source }) => source).join("\n\n"));
      this.removeCells(others);
    });
  }

  /**
   * Keeps what was typed, to be committed in a moment.
   * @param {string} id
   * @param {string} source
   * @param {string} [base] the source in the store that it was made from
   */
  typeSource(id, source, base) {
    const cell = this.#nb.cell(id);
    if (cell) this.#typed.set(id, { cell: { ...cell }, order: this.#nb.order });
    this.#drafts.set(id, source, base);
  }

  /** Commits what was typed at once. @param {string} id */
  flushSource(id) {
    this.#drafts.flush(id);
  }

  /** Commits at once all that was typed. */
  settleTyping() {
    this.#drafts.flushAll();
  }

  /** Whether there is typed text that is not committed yet. @param {string} id */
  isTyping(id) {
    return this.#drafts.has(id);
  }

  /** @param {readonly string[]} ids @param {CellType} cellType */
  changeType(ids, cellType) {
    this.edit("change of type", () => {
      for (const id of ids) this.#nb.setType(id, cellType);
    });
  }

  /** Makes a cell the Python cell again that its first line changed. @param {string} id @param {string} magic */
  restoreMagic(id, magic) {
    this.edit("change of type", () => {
      const source = this.#nb.cell(id)?.source ?? "";
      this.#nb.setSettings(id, {});
      this.#nb.setModel(id, { provider: "", model: "" });
      this.#nb.setImages(id, []);
      this.#nb.setCellMetadata(id, "magic", null);
      this.#nb.setType(id, "code");
      this.#nb.setSource(id, `${magic}\n${source}`);
    });
  }

  /** Moves cells, unless they are at the end already. @param {readonly string[]} ids in order @param {1 | -1} step down or up */
  moveCells(ids, step) {
    this.edit("move", () => this.#follow(stepped(this.#shown, ids, step), ids));
  }

  /** Moves cells beside another. @param {readonly string[]} ids in order @param {string} other @param {boolean} isBelow */
  moveBeside(ids, other, isBelow) {
    if (ids.includes(other)) return;
    const others = this.#shown.filter((each) => !ids.includes(each));
    const order = others.toSpliced(others.indexOf(other) + Number(isBelow), 0, ...ids);
    this.edit("move", () => this.#follow(order, ids));
  }

  /** Shows or hides a part of cells, as of the first of them. @param {readonly string[]} ids @param {Visibility} field */
  toggle(ids, field) {
    const first = this.#nb.cell(ids[0]);
    if (first) this.show(ids, field, !first[field]);
  }

  /** @param {readonly string[]} ids @param {Visibility} field @param {boolean} isVisible */
  show(ids, field, isVisible) {
    const cells = ids.flatMap((id) => this.#nb.cell(id) ?? []);
    this.edit(isVisible ? "show" : "hide", () => {
      for (const cell of cells)
        if (cell[field] !== isVisible) this.#nb.setVisible(cell, field, isVisible);
    });
  }

  /** Removes cells; an undo brings them back. @param {readonly string[]} ids */
  removeCells(ids) {
    this.edit("delete", () => {
      if (ids.length > 0) this.#nb.stop(...ids);
      this.removals.add(...ids);
    });
  }

  /** Runs cells, as one request; those that are running or waiting already are left out. @param {readonly string[]} ids */
  run(...ids) {
    this.settle();
    this.#whenAgreed(ids, () =>
      this.#nb.together(() => {
        this.#showOutputs(ids);
        this.#nb.requestRuns(...ids);
      }),
    );
  }

  /** Restarts Python, or starts it again. @param {Session} session @param {boolean} runsAll whether all cells are run afterwards */
  async restart(session, runsAll) {
    await session.restart();
    if (runsAll && session.isUp) this.runAll();
  }

  runAll() {
    this.run(...this.#nb.order);
  }

  /** Runs a cell and all below it. @param {string} id */
  runFrom(id) {
    this.run(...this.#nb.order.slice(this.#nb.order.indexOf(id)));
  }

  /** Runs all cells above one. @param {string} id */
  runBefore(id) {
    this.run(...this.#nb.order.slice(0, this.#nb.order.indexOf(id)));
  }

  /** Runs what was left out together with a cell. @param {string} id */
  runRest(id) {
    this.run(...this.#nb.rest(id));
  }

  /** Commits and deletes whatever is pending, so that a run or an export uses what the person sees. */
  settle() {
    this.#drafts.flushAll();
    this.removals.finish();
  }

  /** What runs is to be seen. @param {readonly string[]} ids */
  #showOutputs(ids) {
    for (const id of ids) {
      const cell = this.#nb.cell(id);
      const isHidden = cell && !cell.outputVisible && !UNRUN.includes(cell.cellType);
      if (isHidden) this.#nb.setVisible(id, "outputVisible", true);
    }
  }

  /** Moves cells to a place. @param {readonly string[]} ids @param {string | null} after */
  #place(ids, after) {
    const others = this.#shown.filter((id) => !ids.includes(id));
    const place = after === null ? 0 : others.indexOf(after) + 1;
    this.#follow(others.toSpliced(place, 0, ...ids), ids);
  }

  /** Moves cells to where they stand in an order. @param {readonly string[]} order @param {readonly string[]} ids in that order */
  #follow(order, ids) {
    for (const id of ids) {
      const above = order[order.indexOf(id) - 1];
      const others = this.#nb.order.filter((other) => other !== id);
      this.#nb.move(id, above === undefined ? 0 : others.indexOf(above) + 1);
    }
  }

  /** The cells' ids without those that were just removed. */
  get #shown() {
    const removed = new Set(this.removals.pending.peek());
    return this.#nb.order.filter((id) => !removed.has(id));
  }

  /** A draft may outlive its cell, which an undo then brings back with it. @param {string} id @param {string} source @param {string} [base] */
  #writeSource(id, source, base) {
    const typed = this.#typed.get(id);
    this.#typed.delete(id);
    if (this.#nb.cell(id)) this.#nb.setSource(id, source, { base });
    else if (typed) {
      this.history.lose({ ...typed.cell, source }, typed.order);
      this.#say(LOST);
    }
  }
}
