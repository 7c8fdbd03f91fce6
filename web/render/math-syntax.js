// Formulas in Markdown, as models and people write them: $a$ and \(a\) inline; $$a$$, \[a\] and \begin{align}...\end{align} as
// blocks.
//
// A text may begin a formula at each of its characters and end none, so the ends are looked for once: what is known
// of the next one holds for every formula that begins before it.

/** @import { MarkdownIt, StateBlock, StateInline } from "markdown-it" */

const DISPLAYS = [
  ["$$", "$$"],
  ["\\[", "\\]"],
];

/** What is a formula by itself, in Jupyter too, as far as KaTeX knows it. */
const ENVIRONMENT = /^\\begin\{((?:equation|align|alignat|gather)\*?)\}/;

/** @param {MarkdownIt} markdown */
export function mathSyntax(markdown) {
  const { escapeHtml } = markdown.utils;
  markdown.inline.ruler.before("escape", "math", inlineRule);
  markdown.block.ruler.before("fence", "math", blockRule, {
    alt: ["paragraph", "blockquote", "list", "reference"],
  });
  markdown.renderer.rules.math = (tokens, i) =>
    `<span class="math">${escapeHtml(tokens[i].content)}</span>`;
  markdown.renderer.rules.math_block = (tokens, i) =>
    `<div class="math display${tokens[i].info}">${escapeHtml(tokens[i].content)}</div>\n`;
}

/** @param {StateInline} state @param {boolean} silent */
function inlineRule(state, silent) {
  const { pos } = state;
  const found = inlineAt(state, pos);
  if (!found) return false;
  if (!silent) state.push("math", "math", 0).content = found.tex;
  state.pos = pos + found.length;
  return true;
}

/** @param {StateInline} state @param {number} pos */
function inlineAt(state, pos) {
  const { src } = state;
  const [open, close] = src.startsWith("\\(", pos)
    ? ["\\(", "\\)"]
    : src.startsWith("$$", pos)
      ? ["$$", "$$"]
      : ["$", "$"];
  if (!src.startsWith(open, pos)) return undefined;
  const start = pos + open.length;
  const end = nextFor(state, close).from(start, (/** @type {number} */ from) =>
    src.indexOf(close, from),
  );
  const tex = src.slice(start, end);
  if (end < 0 || tex.trim() === "" || tex.includes("\n\n")) return undefined;
  // A price is not a formula: in "$5 and $6" a space comes before the closing $, or a digit right after it.
  const isPrice = open === "$" && (/^\s|[\s\\]$/.test(tex) || /\d/.test(src[end + 1] ?? ""));
  return isPrice ? undefined : { tex, length: end + close.length - pos };
}

/** What a block begins with, if it is a formula, and ends with, and whether both are parts of it. @param {string} line */
function displayMarks(line) {
  const environment = ENVIRONMENT.exec(line);
  if (environment) return { open: environment[0], close: `\\end{${environment[1]}}`, isPart: true };
  const [open, close] = DISPLAYS.find(([mark]) => line.startsWith(mark)) ?? [];
  return { open, close, isPart: false };
}

/** @param {StateBlock} state @param {number} startLine @param {number} endLine @param {boolean} silent */
function blockRule(state, startLine, endLine, silent) {
  const lineOf = (/** @type {number} */ line) =>
    state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]).trimEnd();
  const first = lineOf(startLine);
  const { open, close, isPart } = displayMarks(first);
  if (!open || !close) return false;
  const last = first.includes(close, open.length)
    ? startLine
    : nextFor(state, close).from(startLine + 1, (/** @type {number} */ from) => {
        // Beyond the quotation or list that is read too, for what begins after it.
        const lines = state.bMarks.length - 1;
        for (let line = from; line < lines; line++) if (lineOf(line).includes(close)) return line;
        return -1;
      });
  const isClosed = last >= 0 && last < endLine;
  const closing = isClosed ? lineOf(last) : "";
  const end = closing.indexOf(close, last === startLine ? open.length : 0);
  // Text follows the end, so this is an inline formula.
  if (isClosed && closing.slice(end + close.length).trim() !== "") return false;
  if (silent) return true;
  const next = isClosed ? last + 1 : endLine;
  const lines = Array.from({ length: next - startLine }, (_, i) => lineOf(startLine + i));
  if (isClosed) lines[lines.length - 1] = closing.slice(0, end + (isPart ? close.length : 0));
  if (!isPart) lines[0] = lines[0].slice(open.length);
  const token = state.push("math_block", "math", 0);
  token.content = lines.join("\n").trim();
  // The answer is still streaming: a formula that is not closed yet is not drawn.
  token.info = isClosed ? "" : " pending";
  token.map = [startLine, next];
  state.line = next;
  return true;
}

/** Where a mark comes next. */
class Next {
  #from = Infinity;
  #found = -1;

  /**
   * @param {number} start
   * @param {(from: number) => number} find returns the first place at or after `from`, or -1
   */
  from(start, find) {
    const isKnown = start >= this.#from && (this.#found < 0 || start <= this.#found);
    if (!isKnown) [this.#from, this.#found] = [start, find(start)];
    return this.#found;
  }
}

/** By the text that is being read, and the mark. @type {WeakMap<object, Map<string, Next>>} */
const nexts = new WeakMap();

/** @param {StateBlock | StateInline} state @param {string} mark */
function nextFor(state, mark) {
  const ofState = nexts.get(state) ?? new Map();
  nexts.set(state, ofState);
  const next = ofState.get(mark) ?? new Next();
  ofState.set(mark, next);
  return next;
}
