// The edits of cells that were made on this page, to be undone and redone. Both write new events: what another tab or a
// model did in between stays, also in the same cell.

/** @import { Cell, OpenNotebook, Visibility } from "../../../js/types-notebook.d.ts" */
/** @import { Removals } from "../removals.js" */
/** @import { Change, Difference, Snapshot } from "./changes.js" */

import { signal } from "@preact/signals";

import {
  changedKeys,
  differenceOf,
  isSame,
  neighbourAbove,
  neighbourBelow,
  reversed,
  snapshotOf,
} from "./changes.js";

/** What was done, in words, and what it changed. @typedef {{ label: string, difference: Difference }} Edit */

/** What an undo did: with which cells, so that they can be shown. @typedef {{ label: string, ids: readonly string[] }} Done */

const MOST = 200;
const VISIBILITIES = /** @type {readonly Visibility[]} */ ([
  ...["sourceVisible", "outputVisible", "aiContextVisible"],
]);

export class History {
  /** The latest last. */
  past = signal(/** @type {readonly Edit[]} */ ([]));
  future = signal(/** @type {readonly Edit[]} */ ([]));
  #nb;
  #removals;
  #isRecording = false;
  /** The ids under which cells came back that had been deleted, by the earlier ones. @type {Map<string, string>} */
  #ids = new Map();
  /** The first ids of the cells that came back under new ones. @type {Map<string, string>} */
  #roots = new Map();
  /** The index that each cell got here last, by its first id: with another one, somebody else has moved it. @type {Map<string, string>} */
  #indices = new Map();

  /** @param {OpenNotebook} nb @param {Removals} removals */
  constructor(nb, removals) {
    this.#nb = nb;
    this.#removals = removals;
  }

  /**
   * Makes an edit that can be undone; edits within it are parts of it.
   * @template T
   * @param {string} label what it is, after "Undone:"
   * @param {() => T} act
   * @returns {T}
   */
  record(label, act) {
    if (this.#isRecording) return act();
    this.#isRecording = true;
    const before = this.#snapshot();
    try {
      return this.#noting(() => this.#nb.together(act));
    } finally {
      this.#isRecording = false;
      const difference = differenceOf(before, this.#snapshot());
      if (difference) this.#add({ label, difference });
    }
  }

  /** Takes a cell that others deleted, so that an undo brings it back. @param {Cell} cell @param {readonly string[]} order with the cell */
  lose(cell, order) {
    const change = { id: cell.id, before: cell, after: undefined };
    const difference = { changes: [change], moved: [], before: order, after: this.#nb.order };
    this.#add({ label: "delete", difference });
  }

  /** @param {Edit} edit */
  #add(edit) {
    this.past.value = [...this.past.peek().slice(1 - MOST), edit];
    this.future.value = [];
  }

  /** Undoes the latest edit. @returns {Done | undefined} undefined if there is none */
  undo() {
    const edit = this.past.peek().at(-1);
    if (!edit) return undefined;
    this.past.value = this.past.peek().slice(0, -1);
    this.future.value = [...this.future.peek(), edit];
    return { label: edit.label, ids: this.#make(reversed(edit.difference)) };
  }

  /** Makes an edit again that was undone. @returns {Done | undefined} */
  redo() {
    const edit = this.future.peek().at(-1);
    if (!edit) return undefined;
    this.future.value = this.future.peek().slice(0, -1);
    this.past.value = [...this.past.peek(), edit];
    return { label: edit.label, ids: this.#make(edit.difference) };
  }

  /** The cells that the latest edit removed and that are not deleted yet. */
  get justRemoved() {
    const changes = this.past.value.at(-1)?.difference.changes ?? [];
    const pending = new Set(this.#removals.pending.value);
    return changes.filter(({ after, id }) => !after && pending.has(this.#now(id)));
  }

  /** @param {Difference} difference @returns {readonly string[]} the cells that were changed */
  #make(difference) {
    return this.#noting(() => this.#nb.together(() => this.#makeOf(difference)));
  }

  /** @param {Difference} difference @returns {readonly string[]} */
  #makeOf(difference) {
    // Looked at before anything moves, which may give all cells new indices.
    const moved = difference.moved.filter((id) => this.#isThere(id) && this.#isWhereItWas(id));
    const gone = difference.changes.filter(({ after }) => !after).map(({ id }) => this.#now(id));
    this.#removals.add(...gone.filter((id) => this.#nb.cell(id)));
    const back = difference.changes.flatMap((change) => this.#bring(change));
    this.#placeBrought(difference);
    for (const id of moved) this.#place(id, difference);
    const changed = difference.changes.flatMap((change) => this.#change(change));
    return [...new Set([...back, ...moved.map((id) => this.#now(id)), ...changed])];
  }

  /** Brings back a cell that was removed. @param {Change} change */
  #bring({ id, before, after }) {
    if (before || !after) return [];
    const now = this.#removals.restore(this.#now(id), after);
    this.#ids.set(id, now);
    if (now !== id) this.#roots.set(now, this.#rootOf(id));
    return [now];
  }

  /** Whether nobody else has moved a cell since. @param {string} id */
  #isWhereItWas(id) {
    const cell = this.#nb.cell(this.#now(id));
    return cell?.fractionalIndex === this.#indices.get(this.#rootOf(id));
  }

  /** Puts those that were brought back to their places, from the top. @param {Difference} difference */
  #placeBrought(difference) {
    const { changes, after: order } = difference;
    const brought = new Set(changes.flatMap((it) => (!it.before && it.after ? [it.id] : [])));
    for (const id of order.filter((each) => brought.has(each))) {
      if (!this.#isInPlace(id, difference, brought)) this.#place(id, difference);
    }
  }

  /** Puts a cell below the one that it stood below. @param {string} id @param {Difference} difference */
  #place(id, { after }) {
    const neighbour = this.#now(neighbourAbove(after, id, this.#isThere) ?? "");
    const above = this.#nb.order.indexOf(neighbour);
    const cell = this.#now(id);
    const place = this.#nb.order.indexOf(cell);
    this.#nb.move(cell, place <= above ? above : above + 1);
  }

  /**
   * Remembers where cells stand whose index changes meanwhile, also those that only made room.
   * @template T
   * @param {() => T} act
   * @returns {T}
   */
  #noting(act) {
    const before = new Map(this.#nb.cells.map((cell) => [cell.id, cell.fractionalIndex]));
    const result = act();
    for (const { id, fractionalIndex } of this.#nb.cells) {
      if (before.get(id) !== fractionalIndex) this.#indices.set(this.#rootOf(id), fractionalIndex);
    }
    return result;
  }

  /**
   * Whether a cell stands between those that it stood between.
   * @param {string} id
   * @param {Difference} difference
   * @param {ReadonlySet<string>} unplaced those below it that were brought back too
   */
  #isInPlace(id, { after }, unplaced) {
    const isPlaced = (/** @type {string} */ other) => !unplaced.has(other) && this.#isThere(other);
    const [above, place, below] = [
      neighbourAbove(after, id, this.#isThere) ?? "",
      id,
      neighbourBelow(after, id, isPlaced) ?? "",
    ].map((each) => this.#nb.order.indexOf(this.#now(each)));
    return above < place && (below < 0 || place < below);
  }

  #isThere = (/** @type {string} */ id) => this.#nb.cell(this.#now(id)) !== undefined;

  /** Gives a cell what it held, save what somebody has changed since. @param {Change} change */
  #change({ id, before, after }) {
    const cell = this.#nb.cell(this.#now(id));
    if (!cell || !before || !after) return [];
    const nb = this.#nb;
    if (before.cellType !== after.cellType && cell.cellType === before.cellType)
      nb.setType(cell, after.cellType);
    if (before.source !== after.source) nb.setSource(cell, after.source, { base: before.source });
    for (const field of VISIBILITIES) {
      const isOurs = before[field] !== after[field] && cell[field] === before[field];
      if (isOurs) nb.setVisible(cell, field, after[field]);
    }
    const { provider = "", model = "", settings = {} } = after.ai ?? {};
    if (!isSame(before.ai, after.ai) && isSame(cell.ai, before.ai))
      nb.setModel(cell, { provider, model, settings });
    for (const key of changedKeys(before, after)) {
      const isOurs = isSame(cell.metadata.get(key), before.metadata.get(key));
      if (isOurs) nb.setCellMetadata(cell, key, after.metadata.get(key) ?? null);
    }
    return [cell.id];
  }

  /** The id of a cell now, which may have been deleted and brought back more than once. @param {string} id */
  #now(id) {
    let now = id;
    for (let next; (next = this.#ids.get(now)) !== undefined && next !== now;) now = next;
    return now;
  }

  /** @param {string} id */
  #rootOf(id) {
    return this.#roots.get(id) ?? id;
  }

  /** The cells that are shown. @returns {Snapshot} */
  #snapshot() {
    const hidden = new Set(this.#removals.pending.peek());
    return snapshotOf(this.#nb.cells.filter(({ id }) => !hidden.has(id)));
  }
}
