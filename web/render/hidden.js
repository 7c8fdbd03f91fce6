// Makes visible what a reader would not see in a text that something will run: a name, an argument, code. Characters
// that have no shape of their own, or change the order in which others are shown, let it read otherwise than it runs.
//
// The rule is that of runt_pyodide/notebook/hidden.py, by Unicode's properties, not by a list of known tricks: controls,
// formats (among them all that change the direction), surrogates, private and unassigned characters, separators of
// lines, every blank but the space, and whatever fonts are told to ignore. Line ends and tabs stay, and so do the parts
// of an emoji.

// A variation selector after an emoji, and a joiner between two.
const OF_EMOJI = String.raw`(?<=\p{Emoji_Presentation}|(?![#*0-9])\p{Emoji})\uFE0F|(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=\p{Extended_Pictographic})`;
const CONTROL = String.raw`[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]`;

/** Matches each such character. */
export const HIDDEN_CHARACTERS = new RegExp(`(?![\n\t ]|${OF_EMOJI})${CONTROL}`, "gu");

const IS_PLAIN = /^[\n\t\x20-\x7e]*$/;

/** Returns the text with a mark for each such character. @param {string} text */
export function showHidden(text) {
  if (IS_PLAIN.test(text)) return text;
  return text.replace(HIDDEN_CHARACTERS, markOf);
}

/** Shows which character it is. @param {string} character */
export function markOf(character) {
  const code = /** @type {number} */ (character.codePointAt(0));
  return `⟦U+${code.toString(16).toUpperCase().padStart(4, "0")}⟧`;
}
