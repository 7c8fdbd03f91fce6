// Finds text in texts. Plain text is found in a time that grows with the texts; a regular expression may take for ever, so
// that it is looked for in a worker (apart.js), which can be ended.

/**
 * @typedef {object} Query
 * @property {string} wanted
 * @property {boolean} isExact capitals count
 * @property {boolean} isWhole only whole words
 * @property {boolean} isPattern it is a regular expression
 * @property {string} replacement in which $1, $<name> and $& stand for what a regular expression found
 *
 * @typedef {object} Match
 * @property {number} place of the text among the texts
 * @property {number} from in UTF-16 units, as `to`
 * @property {number} to
 * @property {string} insert what replaces it
 */

/** More are not looked for. */
export const MOST_MATCHES = 10_000;
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;
const TEMPLATE = /\$(?:([$&])|(\d{1,2})|<([^>]*)>)/g;

/**
 * @param {readonly string[]} texts
 * @param {Query} query
 * @returns {Match[]} in order, at most MOST_MATCHES; none of no length
 * @throws {SyntaxError} if the regular expression is not one
 */
export function findIn(texts, query) {
  if (query.wanted === "") return [];
  const pattern = patternOf(query);
  /** @type {Match[]} */
  const matches = [];
  for (let place = 0; place < texts.length; place++) {
    for (const found of texts[place].matchAll(pattern)) {
      if (found[0] === "") continue;
      const [from, to] = [found.index, found.index + found[0].length];
      const insert = query.isPattern ? expand(query.replacement, found) : query.replacement;
      matches.push({ place, from, to, insert });
      if (matches.length === MOST_MATCHES) return matches;
    }
  }
  return matches;
}

/** @param {Query} query */
function patternOf({ wanted, isExact, isWhole, isPattern }) {
  const source = isPattern ? wanted : wanted.replace(SPECIAL, "\\$&");
  const whole = isWhole ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source;
  return new RegExp(whole, `gmu${isExact ? "" : "i"}`);
}

/** @param {string} template @param {RegExpMatchArray} found */
function expand(template, found) {
  return template.replace(TEMPLATE, (all, sign, number, name) => {
    if (sign === "$") return "$";
    if (sign === "&") return found[0];
    if (number !== undefined)
      return Number(number) < found.length ? (found[Number(number)] ?? "") : all;
    return found.groups?.[name] ?? "";
  });
}

/**
 * A text with matches replaced.
 * @param {string} text
 * @param {readonly Pick<Match, "from" | "to" | "insert">[]} matches in order
 */
export function replaceIn(text, matches) {
  const pieces = [];
  let at = 0;
  for (const { from, to, insert } of matches) {
    pieces.push(text.slice(at, from), insert);
    at = to;
  }
  return pieces.join("") + text.slice(at);
}
