// What the list of notebooks calls them, finds them by, and calls their copies.

import { LONGEST_TITLE } from "../../storage/notebooks.js";

/** @param {string} title as it is stored */
export function shownTitle(title) {
  return title.trim() || "Untitled";
}

/** Whether a title has all the words that somebody looks for, whatever their case and accents. @param {string} title @param {string} wanted */
export function isFound(title, wanted) {
  const text = plain(shownTitle(title));
  return plain(wanted)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A title for a copy that no other notebook has. @param {string} title @param {readonly string[]} taken */
export function copyTitle(title, taken) {
  const base = shownTitle(title).slice(0, LONGEST_TITLE - 20);
  for (let number = 1; ; number++) {
    const copy = number === 1 ? `${base} (copy)` : `${base} (copy ${number})`;
    if (!taken.includes(copy)) return copy;
  }
}

/** @param {string} text */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
