// What every component reads: the notebook's view, what can be done to it, Python, and the focus.

/** @import { Signal } from "@preact/signals" */
/** @import { EventStore } from "../js/types.d.ts" */
/** @import { Notes } from "./welcome.js" */

import { signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import { Actions } from "./actions.js";
import { Session } from "./session.js";
import { View } from "./view.js";

/**
 * @typedef {{ name: "settings" }
 *   | { name: "explanation", cellId: string }
 *   | { name: "undo", cellId: string, runId: string }} Opened
 */

export class Page {
  /**
   * What is to take the focus: a cell, its source if that is shown, or its source in any case.
   * @type {Signal<{ id: string, part: "cell" | "source" | "edit" } | null>}
   */
  focus = signal(null);
  /** Said to screen readers when a cell has ended. */
  announcement = signal("");
  /** The dialog that is open. @type {Signal<Opened | null>} */
  dialog = signal(null);

  /** @param {EventStore} store @param {Notes["testConfig"]} testConfig */
  constructor(store, testConfig) {
    this.view = new View(store);
    this.actions = new Actions(store, this.view);
    this.session = new Session(store, testConfig);
  }

  /** The cells as they are shown: one that was just removed is there no more. */
  get order() {
    const removed = this.actions.removed.value;
    return this.view.order.filter((id) => id !== removed);
  }

  /** @param {string} cellType @param {string | null} after */
  addCell(cellType, after) {
    const id = this.actions.addCell(cellType, after);
    this.focus.value = { id, part: "edit" };
  }

  /** The focus goes to the next cell, or the one before. @param {string} id */
  removeCell(id) {
    const place = this.order.indexOf(id);
    const neighbour = this.order[place + 1] ?? this.order[place - 1];
    this.actions.removeCell(id);
    if (neighbour) this.focus.value = { id: neighbour, part: "cell" };
  }

  /** Goes to the cell below; there is always one to go to. @param {string} id */
  goOn(id) {
    const next = this.order[this.order.indexOf(id) + 1];
    if (next) this.focus.value = { id: next, part: "source" };
    else this.addCell(this.view.notebook.cells.get(id)?.cellType ?? "ai", id);
  }
}

const PageContext = createContext(/** @type {Page} */ (/** @type {unknown} */ (null)));

export const PageProvider = PageContext.Provider;

export function usePage() {
  return useContext(PageContext);
}
