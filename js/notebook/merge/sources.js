// The present sources of a notebook's cells, as far as is known where events are committed: what was delivered by
// the store, and what was committed since.

/** @import { LogEvent } from "../../types.d.ts" */

export class Sources {
  /** By the cells' ids; null for one that was deleted, which stays so. @type {Map<string, string | null>} */
  #present = new Map();

  /** @param {readonly LogEvent[]} events */
  note(events) {
    for (const { name, args } of events) {
      const id = /** @type {string} */ (args?.id);
      if (name === "v1.CellDeleted") this.#present.set(id, null);
      else if (name === "v2.CellCreated" || name === "v1.CellCreated") {
        if (!this.#present.has(id)) this.#present.set(id, "");
      } else if (name === "v1.CellSourceChanged" && typeof this.#present.get(id) === "string") {
        this.#present.set(id, /** @type {string} */ (args.source));
      }
    }
  }

  /** A cell's source; null if there is no such cell. @param {string} id */
  of(id) {
    return this.#present.get(id) ?? null;
  }

  /**
   * @param {{ readonly [id: string]: string }} expected sources of cells
   * @returns {{ [id: string]: string | null } | undefined} the present ones of those that are not as expected, if any
   */
  compare(expected) {
    const changed = Object.entries(expected)
      .map(([id, source]) => ({ id, source, present: this.of(id) }))
      .filter(({ source, present }) => source !== present);
    if (changed.length === 0) return undefined;
    return Object.fromEntries(changed.map(({ id, present }) => [id, present]));
  }
}
