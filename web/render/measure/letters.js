// How much of a text is drawn at once, measured by what its letters cost: most take a browser no time, but those of
// scripts whose letters join, stack or move (Arabic, Hindi, Burmese) take 15 to 80 times as long.

const LAST_SIMPLE = 0x24f;
const IS_SIMPLE = /^[\u0000-\u024f]*$/; // eslint-disable-line no-control-regex
/** What any other letter counts as: enough that no script holds the page, and no reader has to ask for more too soon. */
const COMPLEX = 5;

/**
 * How long a part of a text may be that costs no more than so many simple letters.
 * @param {string} text @param {number} cost at least 1 @param {boolean} [isEnd] whether the part is the text's end
 */
export function lengthWithin(text, cost, isEnd = false) {
  const part = isEnd ? text.slice(-cost) : text.slice(0, cost);
  if (IS_SIMPLE.test(part)) return part.length;
  let length = 0;
  for (let left = cost; length < part.length; length++) {
    left -= costAt(part, isEnd ? part.length - 1 - length : length);
    if (left < 0) break;
  }
  return length;
}

/** @param {string} text */
export function costOf(text) {
  if (IS_SIMPLE.test(text)) return text.length;
  let cost = 0;
  for (let place = 0; place < text.length; place++) cost += costAt(text, place);
  return cost;
}

/** @param {string} text @param {number} place */
function costAt(text, place) {
  return text.charCodeAt(place) <= LAST_SIMPLE ? 1 : COMPLEX;
}
