// Fractional indices: strings over 0-9a-z, compared as bytes, that give cells their order.
//
// A string is read as the digits of a base 36 fraction ("i" = 18/36, "ai" = 10/36 + 18/1296).
// runt_pyodide/ordering.py holds the same algorithm; tests/data/ordering.json binds the two.

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
    // The middle of a gap of two or more is above `from`, so never 0: no index ends in "0", and
    // below each there is room for another.
    if (to - from >= 2) return index + DIGITS[(from + to) >> 1];
    if (to - from === 1) high = null; // below `upper` from here on, whatever follows
    index += DIGITS[from];
  }
  throw new RangeError(`there is no index between ${quote(lower)} and ${quote(upper)}`);
}

/**
 * @param {string} index
 * @returns {number[]}
 */
function digitsOf(index) {
  return Array.from(index, (character) => {
    const digit = DIGITS.indexOf(character);
    if (digit < 0)
      throw new RangeError(`${quote(index)} is no index: it may hold only 0-9 and a-z`);
    return digit;
  });
}

/** @param {string | null} bound */
function quote(bound) {
  return bound === null ? "the open end" : JSON.stringify(bound);
}
