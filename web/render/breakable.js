// Text that a browser would lay out in a time that grows with the square of its length: 100,000 accents on one letter
// hold a page for ten seconds, and so do as many letters of some scripts without a blank between them.

const MARKS = /\p{M}+/gu;
/** No language has a letter with so many. */
const MOST_MARKS = 100;
const WORDS = /\S+/g;
const IS_SIMPLE = /^[\u0000-\u024f]*$/; // eslint-disable-line no-control-regex
const MOST_LETTERS = 1_000;
const LETTERS = new RegExp(`.{${MOST_LETTERS}}`, "gsu");
/** The scripts of the line breaking class SA (UAX #14): a browser finds the ends of their words in a dictionary. */
const SA = "Thai Lao Khmer Myanmar Tai_Le New_Tai_Lue Tai_Tham Tai_Viet Ahom".split(" ");
const LOOKED_UP = new RegExp(`[${SA.map((script) => `\\p{Script=${script}}`).join("")}]+`, "gu");
/** So many letters take half a second. */
const MOST_LOOKED_UP = 20_000;

/**
 * The class of an element that shows the text: its lines may end anywhere if it would take too long to find where words
 * end.
 * @param {string} text
 */
export function breakClass(text) {
  if (text.length <= MOST_LOOKED_UP || IS_SIMPLE.test(text)) return "";
  let letters = 0;
  for (const [run] of text.matchAll(LOOKED_UP)) letters += run.length;
  return letters > MOST_LOOKED_UP ? "breaks-anywhere" : "";
}

/**
 * Begins a new letter, the dotted circle, after so many marks, and allows a line to end within what would be one
 * endless word. Other text stays as it is.
 * @param {string} text
 */
export function breakable(text) {
  if (IS_SIMPLE.test(text)) return text;
  return text.replace(MARKS, partMarks).replace(WORDS, partWord);
}

/** @param {string} marks */
function partMarks(marks) {
  if (marks.length <= MOST_MARKS) return marks;
  let parted = "";
  for (let at = 0; at < marks.length; at += MOST_MARKS) {
    parted += `${marks.slice(at, at + MOST_MARKS)}\u25cc`;
  }
  return parted;
}

/** @param {string} word */
function partWord(word) {
  if (word.length <= MOST_LETTERS || IS_SIMPLE.test(word)) return word;
  return word.replace(LETTERS, "$&\u200c");
}
