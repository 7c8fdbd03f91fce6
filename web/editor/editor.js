// A CodeMirror editor for a cell's source.

/** @import { SourceActions } from "./keys.js" */
/** @import { Mark } from "./marks.js" */

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import { SQLite, sql } from "@codemirror/lang-sql";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { Annotation, Compartment, Prec, Transaction } from "@codemirror/state";
import {
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
  tooltips,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

import { sourceChanges } from "../../js/notebook/index.js";
import { HIDDEN_CHARACTERS, markOf, showHidden } from "../render/hidden.js";
import { assistance } from "./assist.js";
import { breakLongRuns } from "./breaks.js";
import { completions } from "./completions.js";
import { keyBindings } from "./keys.js";
import { marks, showMarks } from "./marks.js";
import { mentions } from "./mentions.js";
import { SharedSource } from "./shared-source.js";

/** Marks a change that came from the store, not from the person. */
const fromStore = Annotation.define();

/**
 * How code is laid out; other text always wraps, without numbers.
 * @typedef {{ lineNumbers: boolean, wraps: boolean }} Layout
 *
 * @typedef {object} Editing
 * @property {HTMLElement} parent
 * @property {string} source
 * @property {string} label for screen readers
 * @property {string} hint shown while it is empty
 * @property {(source: string, base: string) => void} onChange a person has typed, or what they typed was merged;
 *   `base` is the source in the store that this was made from
 * @property {(isConflict: boolean) => void} onMerge what others wrote was merged with what is being typed
 * @property {() => void} onBlur
 * @property {Layout} layout
 * @property {() => readonly string[]} files the paths that a prompt can mention
 *
 * @typedef {Editing & SourceActions} EditorOptions
 */

/** @param {EditorOptions} options */
export function createEditor(options) {
  const shared = new SharedSource(options.source);
  const layout = new Compartment();
  const view = new EditorView({
    parent: options.parent,
    doc: shared.text,
    extensions: extensionsOf(options, layout, (text) => {
      shared.text = text;
      options.onChange(shared.text, shared.base);
    }),
  });
  return {
    focus: () => view.focus(),
    destroy: () => view.destroy(),
    /** @param {Layout} wanted */
    setLayout: (wanted) =>
      view.dispatch({ effects: layout.reconfigure(layoutOf(options.cellType, wanted)) }),
    /** Marks what was found. @param {readonly Mark[]} all */
    mark: (all) => showMarks(view, all),
    /** Takes what is in the store now. @param {string} source @param {boolean} isOwn whether this page wrote it */
    take(source, isOwn) {
      if (source === shared.base) return;
      const merged = isOwn ? shared.replace(source) : shared.receive(source);
      show(view, shared.text);
      if (!merged) return;
      options.onChange(shared.text, shared.base);
      options.onMerge(merged.isConflict);
    },
  };
}

/**
 * @param {EditorOptions} options
 * @param {Compartment} layout
 * @param {(text: string) => void} onType
 */
function extensionsOf(options, layout, onType) {
  return [
    // Before the language, whose completion would otherwise use up Escape.
    Prec.highest(keymap.of([...keyBindings(options), ...completionKeymap])),
    languageOf(options),
    history(),
    keymap.of([...defaultKeymap, ...historyKeymap]),
    syntaxHighlighting(classHighlighter),
    layout.of(layoutOf(options.cellType, options.layout)),
    marks,
    // Not inside the cell, which would cut them off.
    tooltips({ parent: document.body }),
    EditorView.cspNonce.of("codemirror"), // as in index.html
    // Enter goes into a source and Escape leaves it. Tab skips sources: the focus would be trapped in one,
    // since there Tab indents.
    EditorView.contentAttributes.of({ "aria-label": showHidden(options.label), tabindex: "-1" }),
    EditorView.domEventHandlers({ blur: () => options.onBlur() }),
    EditorView.updateListener.of((update) => {
      const own = update.transactions.some(
        (change) => change.docChanged && !change.annotation(fromStore),
      );
      if (own) onType(update.state.doc.toString());
    }),
    placeholder(showHidden(options.hint)),
  ];
}

/**
 * Changes no more than it must, so that cursor and selection stay where they are. Undoing in the editor undoes what
 * the person typed, and not this.
 * @param {EditorView} view
 * @param {string} text
 */
function show(view, text) {
  const changes = sourceChanges(view.state.doc.toString(), text);
  if (changes.length === 0) return;
  const annotations = [fromStore.of(true), Transaction.addToHistory.of(false)];
  view.dispatch({ changes, annotations });
}

/** Shows a character that could not be seen. @param {number} code @param {string | null} description */
function markHidden(code, description) {
  const mark = document.createElement("span");
  mark.className = "hidden-character";
  mark.textContent = markOf(String.fromCodePoint(code));
  mark.title = description ?? "";
  return mark;
}

/** @param {string} cellType @param {Layout} layout */
function layoutOf(cellType, { lineNumbers: hasNumbers, wraps }) {
  const isCode = cellType === "code" || cellType === "sql";
  return [
    isCode && hasNumbers ? lineNumbers() : [],
    wraps || !isCode ? [EditorView.lineWrapping, breakLongRuns] : [],
  ];
}

/** The editor's extensions for a type of cell. @param {EditorOptions} options */
function languageOf({ cellType, files, helper }) {
  switch (cellType) {
    case "code":
      return [python(), assistance(helper), codeExtensions()];
    case "sql":
      return [sql({ dialect: SQLite }), completions(), codeExtensions()];
    case "ai":
      return [markdown(), mentions(files), proseExtensions()];
    case "markdown":
      return [markdown(), proseExtensions()];
    default:
      return proseExtensions();
  }
}

function codeExtensions() {
  return [
    indentUnit.of("    "),
    // What a model or a file put into the code must not read otherwise than it runs.
    highlightSpecialChars({ specialChars: HIDDEN_CHARACTERS, render: markHidden }),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    // To leave the editor with Tab, press Escape first, which puts the focus on the cell.
    keymap.of([...closeBracketsKeymap, indentWithTab]),
  ];
}

function proseExtensions() {
  return [
    EditorView.contentAttributes.of({ spellcheck: "true" }),
    highlightSpecialChars({ render: markHidden }),
  ];
}
