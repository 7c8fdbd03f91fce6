// Reads what a notebook's database holds, whatever wrote it.

/** @import { LogEvent } from "../../js/types.d.ts" */

import { memoryStore } from "../../js/index.js";

/**
 * Returns the events of a row, and how many of its parts are none: they are reported, and left where they are.
 * @param {string} text JSON
 * @returns {{ read: readonly LogEvent[], refused: number }}
 */
export function readStored(text) {
  const parts = attempt(() => JSON.parse(text));
  if (!Array.isArray(parts)) return { read: [], refused: 1 };
  try {
    return { read: checked(parts), refused: 0 };
  } catch {
    const read = parts.flatMap((part) => attempt(() => checked([part])) ?? []);
    return { read, refused: parts.length - read.length };
  }
}

/** @param {readonly LogEvent[]} events @throws {TypeError} if one of them is none */
export function checked(events) {
  return memoryStore(events).events();
}

/** @template T @param {() => T} work @returns {T | undefined} */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    console.error("A part of this notebook cannot be read.", error);
    return undefined;
  }
}
