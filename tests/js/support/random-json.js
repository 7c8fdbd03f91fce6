// JSON that nobody would write: any value, with names that mean something to JavaScript among its keys.

const NAMES = ["__proto__", "toString", "valueOf", "constructor", "length", "toJSON", "then"];
const VALUES = [null, true, false, 0, -1, 1.5, 2 ** 53 - 1, 1e15, "", "x", "__proto__", "toString"];

/**
 * @param {number} seed the same gives the same
 * @param {readonly string[]} names that mean something to the reader
 * @returns {() => any}
 */
export function randomJson(seed, names) {
  const words = [...NAMES, ...names];
  let state = seed;
  // A linear congruential generator: Numerical Recipes, 2nd edition, 7.1.
  const below = (/** @type {number} */ count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
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
