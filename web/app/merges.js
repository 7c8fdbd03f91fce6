// What the page says at a cell in which others wrote while a person typed.

/** @import { OpenNotebook } from "../../js/types-notebook.d.ts" */

import { signal } from "@preact/signals";

import { MERGED } from "../../js/notebook/merge/sources.js";

/** By the cells' ids. @typedef {ReadonlyMap<string, { text: string, isConflict: boolean }>} Notices */

export class Merges {
  notices = signal(/** @type {Notices} */ (new Map()));
  #nb;

  /** @param {OpenNotebook} nb */
  constructor(nb) {
    this.#nb = nb;
  }

  /** Says that what others wrote into a cell was merged. @param {string} id @param {boolean} isConflict in the same lines */
  tell(id, isConflict) {
    const who = formatWriter(this.#nb.cell(id)?.modifiedBy ?? "");
    // What was in conflict before still stands there.
    const both = isConflict || this.notices.peek().get(id)?.isConflict === true;
    const text = both
      ? `${who} changed the same lines as you. Both versions are here, yours first: keep what you need.`
      : `${who} changed this cell while you were typing. Both changes are here.`;
    this.notices.value = new Map([...this.notices.peek(), [id, { text, isConflict: both }]]);
  }

  /** @param {string} id */
  dismiss(id) {
    if (!this.notices.peek().has(id)) return; // a new map would redraw all cells
    this.notices.value = new Map([...this.notices.peek()].filter(([each]) => each !== id));
  }
}

/** Who wrote a source, at the start of a sentence. @param {string} modifiedBy */
function formatWriter(modifiedBy) {
  if (modifiedBy.startsWith("ai:")) return "The model";
  if (modifiedBy === MERGED) return "Another tab or the model";
  return modifiedBy === "undo" ? "An undo" : "Somebody else";
}
