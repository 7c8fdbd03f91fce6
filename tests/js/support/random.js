// Numbers by chance, the same each time for the same seed.

/**
 * @param {number} seed
 * @returns {(count: number) => number} returns a whole number below `count`
 */
export function random(seed) {
  let state = seed >>> 0;
  // A linear congruential generator: Numerical Recipes, 2nd edition, 7.1.
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

/**
 * A source of few lines that are often the same, with breaks of both kinds, and some with letters of two units.
 * @param {(count: number) => number} below
 */
export function randomSource(below) {
  const lines = ["", "", "x = 1", "y = 2", "    return", "😀", "😁", "x = 1\r"];
  return Array.from({ length: below(8) }, () => lines[below(lines.length)]).join("\n");
}

/**
 * The source after a few edits of its lines.
 * @param {string} source
 * @param {(count: number) => number} below
 * @param {string} name that the new lines begin with
 */
export function editedSource(source, below, name) {
  const lines = source.split("\n");
  for (let left = below(4); left >= 0; left--) {
    const kind = below(3);
    const at = below(lines.length + 1);
    if (kind === 0) lines.splice(at, 0, `${name}${below(1000)}`);
    else if (kind === 1) lines.splice(at, 1);
    else lines.splice(at, 1, `${name}${below(1000)}`);
  }
  return lines.join("\n");
}
