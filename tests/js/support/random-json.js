// JSON that nobody would write: any value, with names that mean something to JavaScript among its keys.

import { random } from "./random.js";

const NAMES = ["__proto__", "toString", "valueOf", "constructor", "length", "toJSON", "then"];
const VALUES = [null, true, false, 0, -1, 1.5, 2 ** 53 - 1, 1e15, "", "x", "__proto__", "toString"];

/**
 * @param {number} seed the same gives the same
 * @param {readonly string[]} names that mean something to the reader
 * @returns {() => any}
 */
export function randomJson(seed, names) {
  const words = [...NAMES, ...names];
  const below = random(seed);
  const one = (/** @type {readonly any[]} */ values) => values[below(values.length)];
  /** @param {number} depth @returns {any} */
  const value = (depth) => {
    const kind = below(depth > 0 ? 4 : 2);
    if (kind === 0) return one(VALUES);
    if (kind === 1) return one(words);
    const inner = Array.from({ length: below(4) }, () => value(depth - 1));
    return kind === 2 ? inner : Object.fromEntries(inner.map((each) => [one(words), each]));
  };
  return () => value(3);
}
