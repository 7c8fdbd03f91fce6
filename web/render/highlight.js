// Highlights code, with the parsers that the editor uses.

import { cssLanguage } from "@codemirror/lang-css";
import { htmlLanguage } from "@codemirror/lang-html";
import { javascriptLanguage, tsxLanguage, typescriptLanguage } from "@codemirror/lang-javascript";
import { pythonLanguage } from "@codemirror/lang-python";
import { StandardSQL } from "@codemirror/lang-sql";
import { classHighlighter, highlightCode } from "@lezer/highlight";

/** @import { Language } from "@codemirror/language" */
/** @import { Tree } from "@lezer/common" */

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** By the names that fences use. @type {Map<string, Language>} */
const LANGUAGES = new Map(
  /** @type {[string, Language][]} */ ([
    ["py python python3 pycon", pythonLanguage],
    ["js javascript mjs jsx json json5", javascriptLanguage],
    ["ts typescript", typescriptLanguage],
    ["tsx", tsxLanguage],
    ["sql sqlite postgresql mysql duckdb", StandardSQL.language],
    ["html xml svg", htmlLanguage],
    ["css", cssLanguage],
  ]).flatMap(([names, language]) =>
    names.split(" ").map((name) => /** @type {[string, Language]} */ ([name, language])),
  ),
);

/** Longer code is shown without colours: it would be more elements than a page draws at once. */
const LONGEST = 50_000;
/** So is code that takes longer to parse, unless it is so short that it cannot take long. */
const LIMIT_MS = 250;
const SHORT = 2_000;
/** So is code that is nested deeper. */
const DEEPEST = 200;

/** @param {string} code @returns {string} HTML with a span for each token that has a class */
export function highlightPython(code) {
  return highlight(code, "python");
}

/** A cache, since growing text is rendered again and again. @type {Map<string, string>} */
const recent = new Map();
const MOST_RECENT = 100;

/**
 * @param {string} code
 * @param {string} name of the language; code in an unknown one is escaped
 * @returns {string} HTML
 */
export function highlight(code, name) {
  const language = LANGUAGES.get(name.toLowerCase());
  if (!language || code.length > LONGEST) return escape(code);
  const key = `${name}\n${code}`;
  const html = recent.get(key) ?? colour(code, language);
  recent.delete(key);
  recent.set(key, html);
  if (recent.size > MOST_RECENT) recent.delete(/** @type {string} */ (recent.keys().next().value));
  return html;
}

/** @param {string} code @param {Language} language */
function colour(code, language) {
  const tree = parse(code, language);
  if (!tree || isDeep(tree)) return escape(code);
  let html = "";
  const put = (/** @type {string} */ text, /** @type {string} */ classes) => {
    html += classes ? `<span class="${classes}">${escape(text)}</span>` : escape(text);
  };
  highlightCode(code, tree, classHighlighter, put, () => (html += "\n"));
  return html;
}

/**
 * Parses step by step: code with very many mistakes takes a time that grows faster than its length.
 * @param {string} code @param {Language} language
 * @returns undefined if it took too long
 */
function parse(code, language) {
  const parsing = language.parser.startParse(code);
  const end = code.length > SHORT ? performance.now() + LIMIT_MS : Infinity;
  let tree = parsing.advance();
  while (!tree && performance.now() < end) tree = parsing.advance();
  return tree;
}

/** @param {Tree} tree */
function isDeep(tree) {
  let depth = 0;
  let deepest = 0;
  tree.iterate({
    enter: () => {
      depth++;
      deepest = Math.max(deepest, depth);
      return depth <= DEEPEST;
    },
    leave: () => void depth--,
  });
  return deepest > DEEPEST;
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[/** @type {"&"} */ (character)]);
}
