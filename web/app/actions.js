// Edits that take more than one method of the notebook: text that is being typed is committed first, and
// cells that are removed can be restored.

/** @import { Session } from "./session.js" */
/** @import { Cell, CellType, OpenNotebook, Visibility } from "../../js/types-notebook.d.ts" */

import { Drafts } from "./drafts.js";
import { Removals } from "./removals.js";

export class Actions {
  #nb;
  #whenAgreed;
  #drafts = new Drafts((id, source, base) => this.#writeSource(id, source, base));

  /**
   * @param {OpenNotebook} nb
   * @param {(ids: readonly string[], go: () => void) => void} whenAgreed calls back once cells may be run
   */
  constructor(nb, whenAgreed) {
    this.#nb = nb;
    this.#whenAgreed = whenAgreed;
    this.removals = new Removals(nb);
  }

  /**
   * @param {CellType} cellType
   * @param {string | null} after a cell's id; null for the top
   * @param {string} [source]
   * @returns {string} the new cell's id
   */
  addCell(cellType, after, source) {
    return this.#nb.addCell(cellType, source, { after }).id;
  }

  /** Adds a cell with the source and the settings of another. @param {Cell} cell @param {string} after */
  addLike({ cellType, source, ai, metadata }, after) {
    const id = this.addCell(cellType, after, source);
    if (ai) this.#nb.setModel(id, ai);
    for (const [key, value] of metadata) this.#nb.setCellMetadata(id, key, value);
    return id;
  }

  /**
   * Splits a cell in two.
   * @param {string} id
   * @param {string} before what stays
   * @param {string} after what goes to the new cell, below
   * @returns {string} the new cell's id
   */
  splitCell(id, before, after) {
    this.#drafts.set(id, before);
    this.#drafts.flush(id);
    return this.addCell(this.#nb.cell(id)?.cellType ?? "code", id, after);
  }

  /**
   * Keeps what was typed, to be committed in a moment.
   * @param {string} id
   * @param {string} source
   * @param {string} [base] the source in the store that it was made from
   */
  typeSource(id, source, base) {
    this.#drafts.set(id, source, base);
  }

  /** Commits what was typed at once. @param {string} id */
  flushSource(id) {
    this.#drafts.flush(id);
  }

  /** Whether there is typed text that is not committed yet. @param {string} id */
  isTyping(id) {
    return this.#drafts.has(id);
  }

  /** @param {string} id @param {CellType} cellType */
  changeType(id, cellType) {
    this.#drafts.flush(id);
    this.#nb.setType(id, cellType);
  }

  /** Makes a cell the Python cell again that its first line changed. @param {string} id @param {string} magic */
  restoreMagic(id, magic) {
    this.#drafts.flush(id);
    const source = this.#nb.cell(id)?.source ?? "";
    this.#nb.setSettings(id, {});
    this.#nb.setModel(id, { provider: "", model: "" });
    this.#nb.setImages(id, []);
    this.#nb.setCellMetadata(id, "magic", null);
    this.#nb.setType(id, "code");
    this.#nb.setSource(id, `${magic}\n${source}`);
  }

  /** Moves a cell, unless it is at the end already. @param {string} id @param {1 | -1} step down or up */
  moveCell(id, step) {
    this.#nb.move(id, this.#nb.order.indexOf(id) + step);
  }

  /** @param {string} id @param {Visibility} field */
  toggle(id, field) {
    const cell = this.#nb.cell(id);
    if (cell) this.#nb.setVisible(id, field, !cell[field]);
  }

  /** Removes a cell; `removals` can restore it. @param {string} id */
  removeCell(id) {
    this.#nb.stop(id);
    this.#drafts.flush(id);
    this.removals.add(id);
  }

  /** Runs cells, as one request; those that are running or waiting already are left out. @param {readonly string[]} ids */
  run(...ids) {
    this.settle();
    this.#whenAgreed(ids, () => this.#nb.requestRuns(...ids));
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

  /** Runs what was left out together with a cell. @param {string} id */
  runRest(id) {
    this.run(...this.#nb.rest(id));
  }

  /** Commits and deletes whatever is pending, so that a run or an export uses what the person sees. */
  settle() {
    this.#drafts.flushAll();
    this.removals.finish();
  }

  /** A draft may outlive its cell. @param {string} id @param {string} source @param {string} [base] */
  #writeSource(id, source, base) {
    if (this.#nb.cell(id)) this.#nb.setSource(id, source, { base });
  }
}
