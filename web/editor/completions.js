// The box in which an editor offers how to go on. It closes with the editor's focus, and looks as the page does.

/** @import { Extension } from "@codemirror/state" */

import { autocompletion, closeCompletion, completionStatus } from "@codemirror/autocomplete";
import { EditorView } from "@codemirror/view";

/**
 * @param {Parameters<typeof autocompletion>[0]} [config] without sources, the language's own are used
 * @returns {Extension}
 */
export function completions(config) {
  return [autocompletion({ icons: false, ...config }), closesWithFocus, looks];
}

/** CodeMirror closes a box that is open when the focus goes, and opens one whose answer comes later all the same. */
const closesWithFocus = EditorView.updateListener.of(({ view, state }) => {
  if (completionStatus(state) !== null && !view.hasFocus) closeCompletion(view);
});

const looks = EditorView.theme({
  ".cm-tooltip.cm-tooltip-autocomplete": {
    border: "1px solid var(--line)",
    borderRadius: "6px",
    background: "var(--raised)",
    color: "var(--ink)",
    boxShadow: "var(--shadow)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    maxHeight: "14rem",
    padding: "0.25rem",
    font: "13px/1.5 var(--mono)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "0.1rem 0.5rem",
    borderRadius: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--accent-soft)",
    color: "var(--ink)",
  },
  ".cm-completionMatchedText": {
    color: "var(--accent)",
    fontWeight: "600",
    textDecoration: "none",
  },
  ".cm-completionDetail": {
    color: "var(--ink-soft)",
    fontStyle: "normal",
  },
});
