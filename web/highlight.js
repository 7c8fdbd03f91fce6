// Python in colour, with the parser that the editor has anyway.

import { pythonLanguage } from "@codemirror/lang-python";
import { classHighlighter, highlightCode } from "@lezer/highlight";

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} code @returns {string} HTML with a span for each token that has a class */
export function highlightPython(code) {
  let html = "";
  const put = (/** @type {string} */ text, /** @type {string} */ classes) => {
    html += classes ? `<span class="${classes}">${escape(text)}</span>` : escape(text);
  };
  const tree = pythonLanguage.parser.parse(code);
  highlightCode(code, tree, classHighlighter, put, () => (html += "\n"));
  return html;
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[/** @type {"&"} */ (character)]);
}
