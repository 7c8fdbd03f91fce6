// Formulas in Markdown, as models write them: $a$ and \(a\) inline, $$a$$ and \[a\] as blocks.

/** @import { MarkdownIt, StateBlock, StateInline } from "markdown-it" */

const DISPLAYS = [
  ["$$", "$$"],
  ["\\[", "\\]"],
];

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
  const { src, pos } = state;
  const found = inlineAt(src, pos);
  if (!found) return false;
  if (!silent) state.push("math", "math", 0).content = found.tex;
  state.pos = pos + found.length;
  return true;
}

/** @param {string} src @param {number} pos */
function inlineAt(src, pos) {
  const [open, close] = src.startsWith("\\(", pos)
    ? ["\\(", "\\)"]
    : src.startsWith("$$", pos)
      ? ["$$", "$$"]
      : ["$", "$"];
  if (!src.startsWith(open, pos)) return undefined;
  const start = pos + open.length;
  const end = src.indexOf(close, start);
  const tex = src.slice(start, end);
  if (end < 0 || tex.trim() === "" || tex.includes("\n\n")) return undefined;
  // A price is not a formula: in "$5 and $6" a space comes before the closing $, or a digit right after it.
  const isPrice = open === "$" && (/^\s|[\s\\]$/.test(tex) || /\d/.test(src[end + 1] ?? ""));
  return isPrice ? undefined : { tex, length: end + close.length - pos };
}

/** @param {StateBlock} state @param {number} startLine @param {number} endLine @param {boolean} silent */
function blockRule(state, startLine, endLine, silent) {
  const lineOf = (/** @type {number} */ line) =>
    state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]).trimEnd();
  const first = lineOf(startLine);
  const [open, close] = DISPLAYS.find(([mark]) => first.startsWith(mark)) ?? [];
  if (!open || !close) return false;
  const lines = [];
  let isClosed = false;
  let line = startLine;
  for (; line < endLine && !isClosed; line++) {
    const text = line === startLine ? first.slice(open.length) : lineOf(line);
    const end = text.indexOf(close);
    isClosed = end >= 0;
    // Text follows the end, so this is an inline formula.
    if (isClosed && text.slice(end + close.length).trim() !== "") return false;
    lines.push(isClosed ? text.slice(0, end) : text);
  }
  if (silent) return true;
  const token = state.push("math_block", "math", 0);
  token.content = lines.join("\n").trim();
  // The answer is still streaming: a formula that is not closed yet is not drawn.
  token.info = isClosed ? "" : " pending";
  token.map = [startLine, line];
  state.line = line;
  return true;
}
