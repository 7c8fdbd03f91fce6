// Whether what was read of a notebook is all that was written to it.
//
// The database numbers its rows one after the other, so a number that is missing is a row that is missing. That its end
// is missing shows only from outside: the page notes how far it has come in the browser's small storage.

/** @import { Extent } from "./database.js" */

import { signal } from "@preact/signals";

const PREFIX = "runt-pyodide.written/";
const SEEN = "runt-pyodide.damage-seen/";

export class Wholeness {
  /** How many parts were not events that this version of the page can read. */
  refused = 0;
  #missing = 0;
  #isEndMissing = false;
  #isAllMissing = false;
  #key;

  /** @param {string} id of the notebook */
  constructor(id) {
    this.#key = PREFIX + id;
  }

  /** Notes that the database is new, which it should not be if something was written to it. */
  expectNothing() {
    this.#isAllMissing = this.#noted !== undefined && this.#noted.last > 0;
  }

  /** @param {string} stamp of the log @param {Extent} extent */
  compare(stamp, extent) {
    this.refused = 0;
    this.#missing = missingRows(extent);
    const [noted, { last, compacted }] = [this.#noted, extent];
    this.#isEndMissing =
      noted?.stamp === stamp && noted.last > Math.max(last, compacted?.upTo ?? 0);
  }

  /** Notes how far the log goes. @param {string} stamp @param {number} last */
  remember(stamp, last) {
    if (stamp === "") return; // it was not read
    const noted = this.#noted;
    if (noted?.stamp === stamp && noted.last >= last) return;
    try {
      localStorage.setItem(this.#key, JSON.stringify({ stamp, last }));
    } catch {
      // Full or forbidden: then it is not noticed if the end is lost.
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // Forbidden: then nothing is noted.
    }
  }

  /** What is not there or could not be read, for the person; empty if the notebook is whole. */
  get damage() {
    if (this.#isAllMissing) {
      return "This browser has lost what this notebook held: its storage has no trace of it. What is here is new.";
    }
    const parts = [
      this.#missing > 0 && `${pieces(this.#missing)} of it ${areOrIs(this.#missing)} missing`,
      this.#isEndMissing && "its last changes are missing",
      this.refused > 0 && `${pieces(this.refused)} of it cannot be read`,
    ].filter(Boolean);
    if (parts.length === 0) return "";
    return `This notebook is not whole in the browser’s storage: ${parts.join(", and ")}. The rest is shown, and stays as it is.`;
  }

  /** @returns {{ stamp: string, last: number } | undefined} */
  get #noted() {
    try {
      const noted = JSON.parse(localStorage.getItem(this.#key) ?? "null");
      return typeof noted?.stamp === "string" && Number.isInteger(noted.last) ? noted : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Which damage a person has put aside: it is not told again, until there is more. */
export class SeenDamage {
  #key;

  /** @param {string} id of the notebook */
  constructor(id) {
    this.#key = SEEN + id;
    this.text = signal(this.#stored);
  }

  /** @param {string} damage empty for none */
  put(damage) {
    this.text.value = damage;
    try {
      if (damage) localStorage.setItem(this.#key, damage);
      else localStorage.removeItem(this.#key);
    } catch {
      // Full or forbidden: then it is told again when the notebook is opened.
    }
  }

  get #stored() {
    try {
      return localStorage.getItem(this.#key) ?? "";
    } catch {
      return "";
    }
  }
}

/** How many rows there should be beside those that there are. @param {Extent} extent */
export function missingRows({ count, last, compacted }) {
  const { rows, upTo } = compacted ?? { rows: 0, upTo: 0 };
  return Math.max(0, rows + Math.max(0, last - upTo) - count);
}

/** @param {number} count */
function pieces(count) {
  return count === 1 ? "1 part" : `${count.toLocaleString("en")} parts`;
}

/** @param {number} count */
function areOrIs(count) {
  return count === 1 ? "is" : "are";
}
