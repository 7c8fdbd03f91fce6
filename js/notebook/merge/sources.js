// The present sources of a notebook's cells, as far as is known where events are committed: what was delivered by
// the store, and what was committed since.
//
// Two who write at once do not see each other's source, and the later one would take the earlier one's lines. So the
// event of a source says what it was made from (`base`). Where a store tells its log, in order, a source that replaces
// another than its base is followed by what becomes of both. All who read the log come to the same, again after a
// reload, and nothing needs to be written for it.

/** @import { LogEvent, WireEvent } from "../../types.d.ts" */

import { readBase } from "./base.js";
import { mergeSource } from "./merge.js";

/** Who is said to have written a source that was merged. */
export const MERGED = "merge";

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

  /**
   * Takes the next events of a log.
   * @template {LogEvent} T
   * @param {readonly T[]} events
   * @returns {(T | WireEvent)[]} the same, each source that replaces another than its base followed by the merged one
   */
  merge(events) {
    return events.flatMap((event) => {
      const before = this.of(/** @type {string} */ (event.args?.id));
      this.note([event]);
      if (event.name !== "v1.CellSourceChanged" || before === null) return [event];
      const { id, source, base } = /** @type {any} */ (event.args);
      if (!base || source === before) return [event];
      return [
        event,
        ...this.#become(id, mergeSource(readBase(source, base), source, before).source),
      ];
    });
  }

  /**
   * Takes over from sources that are known to be right.
   * @param {Sources} others
   * @returns {WireEvent[]} what has changed by that
   */
  follow(others) {
    return [...others.#present].flatMap(([id, source]) =>
      source === null || this.of(id) === null ? [] : this.#become(id, source),
    );
  }

  /** @param {string} id @param {string} source @returns {WireEvent[]} empty if it is so already */
  #become(id, source) {
    if (source === this.of(id)) return [];
    this.#present.set(id, source);
    return [{ name: "v1.CellSourceChanged", args: { id, source, modifiedBy: MERGED } }];
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
