// A CodeMirror editor for a cell's source.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { Annotation, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/** Marks a change that came from the store: it is not the person's. */
const fromStore = Annotation.define();

/**
 * @typedef {object} EditorOptions
 * @property {HTMLElement} parent
 * @property {string} source
 * @property {string} cellType
 * @property {string} label for screen readers
 * @property {string} hint shown while it is empty
 * @property {(source: string) => void} onChange
 * @property {() => void} onBlur
 * @property {(goOn: boolean) => void} onRun
 * @property {() => void} onEscape
 */

/** @param {EditorOptions} options */
export function createEditor(options) {
  const view = new EditorView({
    parent: options.parent,
    doc: options.source,
    extensions: [
      Prec.highest(keymap.of(cellKeys(options))),
      options.cellType === "code" ? codeExtensions() : proseExtensions(options.cellType),
      history(),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      syntaxHighlighting(classHighlighter),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": options.label }),
      EditorView.domEventHandlers({ blur: () => options.onBlur() }),
      EditorView.updateListener.of((update) => {
        const own = update.transactions.some(
          (change) => change.docChanged && !change.annotation(fromStore),
        );
        if (own) options.onChange(update.state.doc.toString());
      }),
      placeholder(options.hint),
    ],
  });
  return {
    focus: () => view.focus(),
    destroy: () => view.destroy(),
    /** @param {string} source */
    setSource(source) {
      const { doc } = view.state;
      if (doc.toString() === source) return;
      view.dispatch({
        changes: { from: 0, to: doc.length, insert: source },
        annotations: fromStore.of(true),
      });
    },
  };
}

/** @param {EditorOptions} options @returns {import("@codemirror/view").KeyBinding[]} */
function cellKeys({ onRun, onEscape }) {
  const run = (/** @type {boolean} */ goOn) => () => {
    onRun(goOn);
    return true;
  };
  return [
    { key: "Shift-Enter", run: run(true) },
    { key: "Mod-Enter", run: run(false) },
    {
      key: "Escape",
      run: () => {
        onEscape();
        return true;
      },
    },
  ];
}

function codeExtensions() {
  return [
    python(),
    indentUnit.of("    "),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    // Tab leaves the editor after Escape, which puts the focus on the cell.
    keymap.of([...closeBracketsKeymap, indentWithTab]),
  ];
}

/** @param {string} cellType */
function proseExtensions(cellType) {
  const language = cellType === "raw" || cellType === "sql" ? [] : [markdown()];
  return [...language, EditorView.contentAttributes.of({ spellcheck: "true" })];
}
