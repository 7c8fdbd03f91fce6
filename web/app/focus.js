// Which cells are selected, which one has the focus or should take it, and which Markdown cells are open for editing.

/** @import { Signal } from "@preact/signals" */

import { batch, signal } from "@preact/signals";

/**
 * The whole cell, its source, the call in it that waits for approval, or the question that it asks.
 * @typedef {"cell" | "source" | "approval" | "question"} Part
 */

export class Focus {
  /** What should take the focus; null once it has. @type {Signal<{ id: string, part: Part } | null>} */
  wanted = signal(null);
  /** What should be scrolled into view, without the focus; null once it is. @type {Signal<string | null>} */
  seen = signal(null);
  /** The cell that has the focus, or had it last: keyboard shortcuts act on it. @type {Signal<string | null>} */
  selected = signal(null);
  /** Where a selection of several cells began, which ends at the selected one; null if one cell is selected. @type {Signal<string | null>} */
  anchor = signal(null);
  /** The Markdown cells whose source is shown. @type {Signal<ReadonlySet<string>>} */
  editing = signal(new Set());

  /** @param {string} id @param {Part} [part] */
  moveTo(id, part = "cell") {
    this.wanted.value = { id, part };
  }

  /** Extends the selection to a cell. @param {string} id */
  extendTo(id) {
    batch(() => {
      this.anchor.value ??= this.selected.value;
      this.selected.value = id;
      this.moveTo(id);
    });
  }

  /** A cell got the focus, or its source. @param {string} id @param {boolean} isSource */
  took(id, isSource) {
    batch(() => {
      if (isSource || id !== this.selected.value) this.anchor.value = null;
      this.selected.value = id;
    });
  }

  /** @param {string} id @param {boolean} isEditing */
  setEditing(id, isEditing) {
    if (this.editing.peek().has(id) === isEditing) return;
    const editing = new Set(this.editing.peek());
    if (isEditing) editing.add(id);
    else editing.delete(id);
    this.editing.value = editing;
  }
}
