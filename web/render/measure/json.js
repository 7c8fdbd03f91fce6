// JSON as text: an indented tree of n levels can be n times as long as the text that it was read from.

/** Deeper JSON is not indented. */
const DEEPEST = 30;

/**
 * @param {any} value JSON
 * @returns {string} indented, if that makes it little longer
 */
export function indented(value) {
  return JSON.stringify(value, null, isDeep(value) ? undefined : 2) ?? String(value);
}

/** @param {unknown} value */
function isDeep(value) {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((each) =>
      typeof each === "object" && each !== null ? Object.values(each) : [],
    );
  }
  return false;
}
