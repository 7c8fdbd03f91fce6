// Reads what a notebook's database holds, whatever wrote it.

/** @import { LogEvent } from "../../js/types.d.ts" */

import { memoryStore } from "../../js/index.js";

/**
 * Returns the events of a row. What is not an event is reported and left out.
 * @param {string} text JSON
 * @returns {readonly LogEvent[]}
 */
export function readStored(text) {
  /** @type {LogEvent[]} */
  const events = attempt(() => JSON.parse(text)) ?? [];
  try {
    return checked(events);
  } catch {
    return events.flatMap((event) => attempt(() => checked([event])) ?? []);
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
