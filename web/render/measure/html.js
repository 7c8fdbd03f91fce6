// How much HTML there is, and how much of it is drawn at once. All of it is counted in the text, before a browser
// makes elements of it.

import { costOf, lengthWithin } from "./letters.js";

/** What is drawn at first, and what each "Show more" adds: elements, and characters of HTML, by their cost. */
const STEP = { elements: 5_000, characters: 250_000 };
/** What a formula counts as, and one more for each of its characters: KaTeX makes a dozen elements of "x", and up to
 * seven of each further character. None counts as more than a fifth of a step, so that each step shows more. */
const ELEMENTS_OF_FORMULA = { least: 20, most: 1_000 };
const FORMULA = /<(?:div|span) class="math[^">]*">/y;

/**
 * Cuts HTML after so many steps. What is cut is whole to a parser: it ends what is open, and drops half a tag.
 * @param {readonly string[]} blocks
 * @param {number} steps
 * @returns {{ shown: string[], isWhole: boolean }}
 */
export function cutBlocks(blocks, steps) {
  let elements = STEP.elements * steps;
  let characters = STEP.characters * steps;
  const shown = [];
  for (const [place, block] of blocks.entries()) {
    const { end, count } = endWithin(block, elements, characters);
    elements -= count;
    characters -= costOf(block.slice(0, end));
    if (end < block.length) {
      shown.push(block.slice(0, end).replace(/&[#\w]{0,31}$/, ""));
      return { shown, isWhole: false };
    }
    shown.push(block);
    if (elements <= 0 || characters <= 0) return { shown, isWhole: place === blocks.length - 1 };
  }
  return { shown, isWhole: true };
}

/**
 * Where the text ends that has at most so many elements and characters, and how many elements it has.
 * @param {string} html @param {number} elements @param {number} characters
 */
function endWithin(html, elements, characters) {
  const end = lengthWithin(html, characters);
  let count = 0;
  for (let at = html.indexOf("<"); at >= 0 && at < end; at = html.indexOf("<", at + 1)) {
    if (html[at + 1] === "/") continue;
    if (count >= elements) return { end: at, count };
    FORMULA.lastIndex = at;
    count += FORMULA.test(html) ? elementsOfFormula(html, FORMULA.lastIndex) : 1;
  }
  return { end, count };
}

/** @param {string} html @param {number} start where its TeX begins */
function elementsOfFormula(html, start) {
  const { least, most } = ELEMENTS_OF_FORMULA;
  const end = html.indexOf("<", start);
  return end < 0 ? most : Math.min(most, least + end - start);
}

const TAG = /<(\/?)([a-z][^\s/<>]*)(?:[\s/][^<>]*)?>/gi;
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

/** How deep the elements are nested, of those names if any are given. @param {string} html @param {RegExp} [names] */
export function depthOf(html, names) {
  let depth = 0;
  let deepest = 0;
  for (const [tag, slash, name] of html.matchAll(TAG)) {
    if (tag.endsWith("/>") || VOID.test(name) || (names && !names.test(name))) continue;
    depth = Math.max(0, depth + (slash ? -1 : 1));
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
