// The order of cells. Fractional indices are strings over 0-9a-z that leave room for others between them:
// they are read as the digits of a base 36 fraction ("i" = 18/36, "ai" = 10/36 + 18/1296), and compared as
// strings. runt_pyodide/notebook/ordering.py has the same rules; tests/data/ordering.json tests both.

/** @import { indexBetween as IndexBetween } from "../types.d.ts" */

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
const BASE = DIGITS.length;

/** @type {typeof IndexBetween} */
export function indexBetween(lower, upper) {
  const low = digitsOf(lower ?? "");
  let high = upper === null ? null : digitsOf(upper);
  let index = "";
  for (let place = 0; high === null || place < Math.max(low.length, high.length); place++) {
    const from = low[place] ?? 0;
    const to = high === null ? BASE : (high[place] ?? 0);
    if (to < from) break;
    // The middle of a gap of two or more is above `from`, so it is never 0. So no index ends in "0", and
    // there is always room below it.
    if (to - from >= 2) return index + DIGITS[(from + to) >> 1];
    if (to - from === 1) high = null; // below `upper` from here on, whatever follows
    index += DIGITS[from];
  }
  throw new RangeError(`there is no index between ${quote(lower)} and ${quote(upper)}`);
}

/** The fractional index for the numeric position that old logs give a cell. @param {number} position */
export function indexOfPosition(position) {
  return `a${Math.floor(position).toString(36)}`;
}

/**
 * Compares strings by code points, as Python does. `<` compares UTF-16 code units, by which characters
 * beyond the BMP come before U+E000.
 * @param {string} a
 * @param {string} b
 */
export function compareText(a, b) {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at++) {
    const difference = rankOf(a.charCodeAt(at)) - rankOf(b.charCodeAt(at));
    if (difference) return difference;
  }
  return a.length - b.length;
}

/** @param {number} unit a UTF-16 code unit: surrogates, for characters beyond the BMP, rank last */
function rankOf(unit) {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/**
 * @param {string} index
 * @returns {number[]}
 */
function digitsOf(index) {
  return Array.from(index, (character) => {
    const digit = DIGITS.indexOf(character);
    if (digit < 0)
      throw new RangeError(`${quote(index)} is not an index: it may hold only 0-9 and a-z`);
    return digit;
  });
}

/** @param {string | null} bound */
function quote(bound) {
  return bound === null ? "the open end" : JSON.stringify(bound);
}
