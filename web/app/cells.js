// What a person does with the cells on the page, and where the focus goes afterwards.

/** @import { Actions } from "./actions.js" */
/** @import { Focus, Part } from "./focus.js" */
/** @import { Merges } from "./merges.js" */
/** @import { NotebookSignals } from "./signals.js" */
/** @import { ReadonlySignal, Signal } from "@preact/signals" */
/** @import { CellType, OpenNotebook } from "../../js/types-notebook.d.ts" */

import { batch, computed } from "@preact/signals";

import { rangeOf } from "./editing/selection.js";
import { formatCount } from "./format.js";

/** Where the focus goes after a run: to the cell, the next one, or a new one below. @typedef {"stay" | "next" | "insert"} Then */

export class Cells {
  #nb;
  #signals;
  #actions;
  #focus;
  #merges;
  #announcement;
  /** The selected cells. @type {ReadonlySignal<ReadonlySet<string>>} */
  selection;

  /** @param {{ nb: OpenNotebook, signals: NotebookSignals, actions: Actions, focus: Focus, merges: Merges, announcement: Signal<string> }} page */
  constructor({ nb, signals, actions, focus, merges, announcement }) {
    this.#nb = nb;
    this.#signals = signals;
    this.#actions = actions;
    this.#focus = focus;
    this.#merges = merges;
    this.#announcement = announcement;
    this.selection = computed(() => {
      const { anchor, selected } = this.#focus;
      // The order is not looked at while one cell is selected, as it mostly is.
      if (anchor.value === null) return new Set(selected.value === null ? [] : [selected.value]);
      return new Set(rangeOf(this.order, anchor.value, selected.value));
    });
  }

  /** The cells' ids as they are shown, without those that were just removed. */
  get order() {
    const removed = new Set(this.#actions.removals.pending.value);
    return this.#signals.order.filter((id) => !removed.has(id));
  }

  /** The selected cell, or the first one; undefined if there is none. */
  get current() {
    return this.order.find((id) => id === this.#focus.selected.value) ?? this.order[0];
  }

  /** Selects a cell and shows it, without giving it the focus. @param {string} id */
  show(id) {
    batch(() => {
      this.#focus.anchor.value = null;
      this.#focus.selected.value = id;
      this.#focus.seen.value = id;
    });
  }

  /** Whether a cell is selected together with others. @param {string} id */
  isOneOfMany(id) {
    return this.selection.value.size > 1 && this.selection.value.has(id);
  }

  /** What a command at a cell acts on: all selected cells, if it is one of them. @param {string} id @returns {readonly string[]} in order */
  chosen(id) {
    return this.isOneOfMany(id) ? [...this.selection.value] : [id];
  }

  /** Extends the selection to the next cell, or to the end. @param {string} id @param {1 | -1} step @param {boolean} [toEnd] */
  extend(id, step, toEnd = false) {
    const end = step > 0 ? this.order.length - 1 : 0;
    const next = this.order[toEnd ? end : this.order.indexOf(id) + step];
    if (next) this.extendTo(next);
  }

  /** Extends the selection to a cell. @param {string} id */
  extendTo(id) {
    this.#focus.extendTo(id);
    this.#announcement.value = `${formatCount(this.selection.value.size, "cell")} selected`;
  }

  selectAll() {
    this.#focus.anchor.value = this.order[0] ?? null;
    const last = this.order.at(-1);
    if (last) this.extendTo(last);
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

  /** Removes cells; the focus goes to the one after them, or the one before. @param {readonly string[]} ids in order */
  remove(ids) {
    const { order } = this;
    const neighbour =
      order[order.indexOf(ids.at(-1) ?? "") + 1] ?? order[order.indexOf(ids[0]) - 1];
    this.#actions.removeCells(ids);
    if (neighbour) this.focusOn([neighbour]);
  }

  /** Puts the sources of the selected cells, or of a cell and the one below, together. @param {string} id */
  merge(id) {
    const chosen = this.chosen(id);
    const next = this.order[this.order.indexOf(id) + 1];
    const ids = chosen.length > 1 || next === undefined ? chosen : [id, next];
    if (ids.length < 2) return;
    this.#actions.mergeCells(ids);
    this.focusOn([ids[0]]);
  }

  /** Undoes the latest edit of cells, or makes it again. @param {"undo" | "redo"} what */
  goBack(what) {
    this.#actions.settleTyping();
    const place = this.order.indexOf(this.#focus.selected.value ?? "");
    const done = this.#actions.history[what]();
    if (!done) {
      this.#announcement.value = `There is nothing to ${what}.`;
      return;
    }
    const { order } = this;
    const isGone = place >= 0 && !order.includes(this.#focus.selected.value ?? "");
    const instead = isGone && order.length > 0 ? [order[Math.min(place, order.length - 1)]] : [];
    this.focusOn(done.ids.length > 0 ? done.ids : instead);
    this.#announcement.value = `${what === "undo" ? "Undone" : "Done again"}: ${done.label}.`;
  }

  /** Selects cells that stand beside each other, and gives the last of them the focus. @param {readonly string[]} ids */
  focusOn(ids) {
    const wanted = new Set(ids);
    const placed = this.order.filter((id) => wanted.has(id));
    const [first, last] = [placed[0], placed.at(-1)];
    if (last === undefined) return;
    const isRange = rangeOf(this.order, first, last).length === placed.length;
    batch(() => {
      this.#focus.anchor.value = isRange && first !== last ? first : null;
      this.#focus.selected.value = isRange ? last : first;
      this.#focus.moveTo(isRange ? last : first);
    });
  }

  /** Moves cells beside another. @param {readonly string[]} ids in order @param {string} other @param {boolean} isBelow */
  moveBeside(ids, other, isBelow) {
    this.#actions.moveBeside(ids, other, isBelow);
    this.focusOn(ids);
  }

  /** Moves the selected cells, or a cell. @param {string} id @param {1 | -1} step */
  move(id, step) {
    const ids = this.chosen(id);
    this.#actions.moveCells(ids, step);
    this.focusOn(ids);
  }

  /** Changes cells' type; a Markdown cell stays open for editing. @param {readonly string[]} ids @param {CellType} cellType */
  changeType(ids, cellType) {
    const changed = ids.filter((id) => this.#typeOf(id) !== cellType);
    if (changed.length === 0) return;
    this.#actions.changeType(changed, cellType);
    for (const id of changed) this.#focus.setEditing(id, cellType === "markdown");
  }

  /** Shows a cell's source and puts the cursor into it. @param {string} id */
  edit(id) {
    this.#focus.setEditing(id, true);
    this.#focus.moveTo(id, "source");
  }

  /**
   * Runs the selected cells, or a cell; a Markdown cell is rendered.
   * @param {string} id
   * @param {Then} [then] where the focus goes; without it, the focus stays where it is
   */
  run(id, then) {
    const ids = this.chosen(id);
    const last = ids.at(-1) ?? id;
    this.#actions.run(...ids);
    for (const each of ids) {
      this.#merges.dismiss(each);
      this.#focus.setEditing(each, false);
    }
    if (then === "stay") this.#focus.moveTo(id);
    else if (then === "insert") this.add(this.#typeOf(last), last);
    else if (then === "next") this.#goOn(last);
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
