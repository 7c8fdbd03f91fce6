// What a person does with the cells on the page, and where the focus goes afterwards.

/** @import { Actions } from "./actions.js" */
/** @import { Focus, Part } from "./focus.js" */
/** @import { Merges } from "./merges.js" */
/** @import { NotebookSignals } from "./signals.js" */
/** @import { Cell, CellType, OpenNotebook } from "../../js/types-notebook.d.ts" */

/** Where the focus goes after a run: to the cell, the next one, or a new one below. @typedef {"stay" | "next" | "insert"} Then */

export class Cells {
  #nb;
  #signals;
  #actions;
  #focus;
  #merges;
  /** What `paste` inserts. @type {Cell | null} */
  #copied = null;

  /** @param {{ nb: OpenNotebook, signals: NotebookSignals, actions: Actions, focus: Focus, merges: Merges }} page */
  constructor({ nb, signals, actions, focus, merges }) {
    this.#nb = nb;
    this.#signals = signals;
    this.#actions = actions;
    this.#focus = focus;
    this.#merges = merges;
  }

  /** The cells' ids as they are shown, without those that were just removed. */
  get order() {
    const removed = this.#actions.removals.pending.value;
    return this.#signals.order.filter((id) => !removed.includes(id));
  }

  /** Adds a cell and puts the cursor into it. @param {CellType} cellType @param {string | null} after */
  add(cellType, after) {
    this.edit(this.#actions.addCell(cellType, after));
  }

  /** Inserts a cell of the same type beside another. @param {string} id @param {"above" | "below"} side */
  insert(id, side) {
    const after = side === "below" ? id : (this.order[this.order.indexOf(id) - 1] ?? null);
    this.#focus.moveTo(this.#actions.addCell(this.#typeOf(id), after));
  }

  /** Splits a cell in two; the cursor goes to the second. @param {string} id @param {string} before @param {string} after */
  split(id, before, after) {
    this.edit(this.#actions.splitCell(id, before, after));
  }

  /** Removes a cell; the focus goes to the next one, or the one before. @param {string} id */
  remove(id) {
    const place = this.order.indexOf(id);
    const neighbour = this.order[place + 1] ?? this.order[place - 1];
    this.#actions.removeCell(id);
    if (neighbour) this.#focus.moveTo(neighbour);
  }

  /** Restores the cell that was removed last. */
  restore() {
    const id = this.#actions.removals.undo();
    if (id) this.#focus.moveTo(id);
  }

  /** @param {string} id */
  copy(id) {
    const cell = this.#nb.cell(id);
    if (cell) this.#copied = { ...cell, metadata: new Map(cell.metadata) };
  }

  /** Inserts what was copied below a cell. @param {string} id */
  paste(id) {
    if (!this.#copied) return;
    this.#focus.moveTo(this.#actions.addLike(this.#copied, id));
  }

  /** Moves a cell beside another. @param {string} id @param {string} other @param {boolean} isBelow */
  moveBeside(id, other, isBelow) {
    const others = this.#nb.order.filter((each) => each !== id);
    if (id !== other) this.#nb.move(id, others.indexOf(other) + Number(isBelow));
    this.#focus.moveTo(id);
  }

  /** Changes a cell's type; a Markdown cell stays open for editing. @param {string} id @param {CellType} cellType */
  changeType(id, cellType) {
    if (cellType === this.#typeOf(id)) return;
    this.#actions.changeType(id, cellType);
    this.#focus.setEditing(id, cellType === "markdown");
  }

  /** Shows a cell's source and puts the cursor into it. @param {string} id */
  edit(id) {
    this.#focus.setEditing(id, true);
    this.#focus.moveTo(id, "source");
  }

  /**
   * Runs a cell, or renders a Markdown cell.
   * @param {string} id
   * @param {Then} [then] where the focus goes; without it, the focus stays where it is
   */
  run(id, then) {
    this.#merges.dismiss(id);
    this.#actions.run(id);
    this.#focus.setEditing(id, false);
    if (then === "stay") this.#focus.moveTo(id);
    else if (then === "insert") this.add(this.#typeOf(id), id);
    else if (then === "next") this.#goOn(id);
  }

  /** @param {string} id @param {1 | -1} step @param {Part} [part] */
  go(id, step, part) {
    const next = this.order[this.order.indexOf(id) + step];
    if (next) this.#focus.moveTo(next, part);
  }

  /** Goes to the cell below, and adds one if there is none. @param {string} id */
  #goOn(id) {
    if (id === this.order.at(-1)) this.add(this.#typeOf(id), id);
    else this.go(id, 1);
  }

  /** @param {string} id */
  #typeOf(id) {
    return this.#nb.cell(id)?.cellType ?? "code";
  }
}
