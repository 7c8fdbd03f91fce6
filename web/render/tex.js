// A formula as HTML, or nothing if it would be too much for a page.
//
// KaTeX takes a time that grows with the formula's length, about 0.02 ms a character, unless the formula defines
// macros: 200 times a macro of 1,000 characters is a million. What it makes of a formula can be nested deeper than
// a browser lays out.

import { depthOf } from "./measure/html.js";

/** @typedef {typeof import("katex").default} Katex */

const LONGEST = 20_000;
const LONGEST_HTML = 1_000_000;
const DEEPEST = 160;
/** Up to this length the page draws a formula itself. */
const SHORT = 1_000;
/** The names of all that defines a macro. */
const DEFINES = /def|let|command|long|global/;

/** Whether a formula is drawn in no time. @param {string} tex */
export function isQuick(tex) {
  return tex.length <= SHORT && !DEFINES.test(tex);
}

/**
 * @param {Katex} katex
 * @param {string} tex
 * @param {boolean} isDisplay
 * @returns {string} HTML whose styles are in `data-style`, since the page allows none in HTML; or an empty string
 */
export function drawTex(katex, tex, isDisplay) {
  if (tex.length > LONGEST) return "";
  let html;
  try {
    // The TeX is not trusted: it can neither link nor fetch anything, and its macros expand only so far.
    html = katex.renderToString(tex, {
      displayMode: isDisplay,
      throwOnError: false,
      trust: false,
      strict: "ignore",
      maxSize: 20,
      maxExpand: 200,
    });
  } catch (error) {
    if (error instanceof RangeError) return ""; // it is nested too deep
    throw error;
  }
  if (html.length > LONGEST_HTML || depthOf(html) > DEEPEST) return "";
  // KaTeX escapes the quotation marks of a text, so that this is found in tags alone.
  return html.replaceAll(' style="', ' data-style="');
}
