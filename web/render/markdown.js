// Renders Markdown to safe HTML, block by block, so that growing text changes only its last blocks.
//
// The text may come from a model or a stranger. HTML in it is escaped, it cannot make the page fetch anything
// (images are shown only from data: URLs), and the result is sanitised.

/** @import { StateCore, Token } from "markdown-it" */

import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";

import { showHidden } from "./hidden.js";
import { highlight } from "./highlight.js";
import { mathSyntax } from "./math-syntax.js";

const TAGS =
  "a blockquote br button code del div em h1 h2 h3 h4 h5 h6 hr img li ol p pre s span strong " +
  "table tbody td th thead tr ul";
const ATTRIBUTES = "alt class href rel src start tabindex target title type";

const markdown = new MarkdownIt({ html: false, linkify: true });
// Text such as "main.py" or "README.md" is far more often a file name than a host name.
markdown.linkify.set({ fuzzyLink: false });
mathSyntax(markdown);

markdown.core.ruler.after("inline", "tasks", markTasks);

const { escapeHtml } = markdown.utils;

// Wide content scrolls, also by keyboard.
markdown.renderer.rules.fence = (tokens, i) => codeBlock(tokens[i].content, tokens[i].info);
markdown.renderer.rules.code_block = (tokens, i) => codeBlock(tokens[i].content, "");
markdown.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>';
markdown.renderer.rules.table_close = () => "</table></div>";
markdown.renderer.rules.image = (tokens, i) => image(tokens[i]);
for (const rule of ["th_open", "td_open"]) {
  markdown.renderer.rules[rule] = (tokens, i) => tableCell(tokens[i]);
}

const BOXES = /** @type {const} */ ({ " ": "☐", x: "☑", X: "☑" });

/** Shows "[ ]" and "[x]" at the start of a list's item as boxes. @param {StateCore} state */
function markTasks({ tokens }) {
  for (let i = 2; i < tokens.length; i++) {
    const [item, paragraph, inline] = tokens.slice(i - 2, i + 1);
    const isFirst = item.type === "list_item_open" && paragraph.type === "paragraph_open";
    const text = isFirst ? inline.children?.[0] : undefined;
    const [mark, box] = /^\[([ xX])\] /.exec(text?.type === "text" ? text.content : "") ?? [];
    if (!text || !mark) continue;
    text.content = `${BOXES[/** @type {keyof typeof BOXES} */ (box)]} ${text.content.slice(mark.length)}`;
    item.attrJoin("class", "task");
  }
}

/** @param {string} code @param {string} info */
function codeBlock(code, info) {
  const body = highlight(code, info.trim().split(/\s+/)[0]);
  return (
    '<div class="code-block"><button type="button" class="copy">Copy</button>' +
    `<pre tabindex="0"><code>${body}</code></pre></div>`
  );
}

/** @param {Token} token */
function image(token) {
  const source = String(token.attrGet("src") ?? "");
  const alt = escapeHtml(token.content);
  if (source.startsWith("data:image/")) return `<img src="${escapeHtml(source)}" alt="${alt}">`;
  const title = `Image not loaded: ${source}`;
  return `<span class="image" title="${escapeHtml(title)}">${alt || "image"}</span>`;
}

/** Aligns by class: markdown-it uses style attributes, which are removed. @param {Token} token */
function tableCell(token) {
  const align = /text-align:(left|center|right)/.exec(String(token.attrGet("style")))?.[1];
  return align ? `<${token.tag} class="${align}">` : `<${token.tag}>`;
}

/**
 * @param {string} text
 * @returns {string[]} HTML, one string for each top-level block; not yet sanitised
 */
export function renderBlocks(text) {
  return new GrowingText().render(text);
}

/** Link definitions, which also affect links before them, and line ends that are counted differently here. */
const READ_WHOLE = /\]:|\r(?!\n)/;

/** So much is rendered within a tenth of a second, whatever it is. */
const QUICK_CHARACTERS = 20_000;

/** Renders text again and again as it grows, and keeps all blocks but the last ones. */
export class GrowingText {
  #text = "";
  /** Where the part that may still change begins; the blocks before it are in #settled. */
  #from = 0;
  /** @type {string[]} */
  #settled = [];

  /** Whether little of a text is new, so that it is rendered in no time. @param {string} text */
  isQuick(text) {
    return text.length - this.#unchanged(text) <= QUICK_CHARACTERS;
  }

  /** How much of a text is rendered already. @param {string} text */
  #unchanged(text) {
    return text.startsWith(this.#text) && !READ_WHOLE.test(text) ? this.#from : 0;
  }

  /** @param {string} text @returns {string[]} as renderBlocks gives it */
  render(text) {
    this.#from = this.#unchanged(text);
    if (this.#from === 0) this.#settled = [];
    this.#text = text;
    const rest = text.slice(this.#from);
    const lines = rest.split("\n");
    const starts = startsOf(lines);
    const env = {};
    const before = this.#settled.length;
    const blocks = [...this.#settled];
    let settled = before;
    /** @type {Token[]} */
    let block = [];
    for (const token of markdown.parse(rest, env)) {
      block.push(token);
      if (token.level > 0 || token.nesting > 0) continue;
      const line = block[0].map?.[0] ?? 0;
      if (blocks.length > before && isSettled(lines, line)) {
        this.#from = text.length - rest.length + starts[line];
        settled = blocks.length;
      }
      blocks.push(markdown.renderer.render(block, markdown.options, env));
      block = [];
    }
    this.#settled = blocks.slice(0, settled);
    return blocks;
  }
}

/**
 * Whether a block will begin at this line whatever follows: the line is complete, and a blank line comes
 * before it.
 * @param {string[]} lines @param {number} line
 */
function isSettled(lines, line) {
  return line > 0 && line < lines.length - 1 && lines[line - 1].trim() === "";
}

/** Where each line starts. @param {string[]} lines */
function startsOf(lines) {
  let start = 0;
  return lines.map((line) => {
    const here = start;
    start += line.length + 1;
    return here;
  });
}

/** @type {ReturnType<typeof DOMPurify> | undefined} */
let purify;

/** @param {string} html @returns {string} */
export function sanitise(html) {
  purify ??= makePurify();
  return purify.sanitize(html, {
    ALLOWED_TAGS: TAGS.split(" "),
    ALLOWED_ATTR: ATTRIBUTES.split(" "),
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
}

function makePurify() {
  const instance = DOMPurify(window);
  instance.addHook("afterSanitizeAttributes", (node) => {
    if (node.nodeName === "A") {
      node.setAttribute("target", "_blank");
      node.setAttribute("rel", "noopener noreferrer");
    }
    for (const name of ["alt", "title"]) {
      const said = node.getAttribute(name);
      if (said !== null) node.setAttribute(name, showHidden(said));
    }
    if (node.nodeName === "IMG" && !node.getAttribute("src")?.startsWith("data:image/")) {
      node.removeAttribute("src");
    }
  });
  return instance;
}
