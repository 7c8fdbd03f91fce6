// Text that a browser would lay out in a time that grows with the square of its length: 100,000 accents on one letter
// hold a page for ten seconds, and so do as many letters of some scripts without a blank between them.

const MARKS = /\p{M}+/gu;
/** No language has a letter with so many. */
const MOST_MARKS = 100;
const WORDS = /\S+/g;
const IS_SIMPLE = /^[\u0000-\u024f]*$/; // eslint-disable-line no-control-regex
const MOST_LETTERS = 1_000;
const LETTERS = new RegExp(`.{${MOST_LETTERS}}`, "gsu");

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
