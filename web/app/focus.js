// Which cell has the focus or should take it, and which Markdown cells are open for editing.

/** @import { Signal } from "@preact/signals" */

import { signal } from "@preact/signals";

/**
 * The whole cell, its source, the call in it that waits for approval, or the question that it asks.
 * @typedef {"cell" | "source" | "approval" | "question"} Part
 */

export class Focus {
  /** What should take the focus; null once it has. @type {Signal<{ id: string, part: Part } | null>} */
  wanted = signal(null);
  /** The cell that has the focus, or had it last: keyboard shortcuts act on it. @type {Signal<string | null>} */
  selected = signal(null);
  /** The Markdown cells whose source is shown. @type {Signal<ReadonlySet<string>>} */
  editing = signal(new Set());

  /** @param {string} id @param {Part} [part] */
  moveTo(id, part = "cell") {
    this.wanted.value = { id, part };
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
