// A CodeMirror editor for a cell's source.

/** @import { Helper } from "./assist.js" */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
  currentCompletions,
} from "@codemirror/autocomplete";
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
import { Annotation, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder, tooltips } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

import { assistKeys, assistance } from "./assist.js";

/** Marks a change that came from the store: it is not the person's. */
const fromStore = Annotation.define();

/**
 * Where to go after a cell was run: nowhere, to the next one, or to a new one below.
 * @typedef {"stay" | "next" | "insert"} Then
 *
 * @typedef {object} EditorOptions
 * @property {HTMLElement} parent
 * @property {string} source
 * @property {string} cellType
 * @property {string} label for screen readers
 * @property {string} hint shown while it is empty
 * @property {(source: string) => void} onChange
 * @property {() => void} onBlur
 * @property {(then: Then) => void} onRun
 * @property {() => void} onEscape
 * @property {Helper} helper with Python
 * @property {(step: 1 | -1) => void} onLeave the cursor goes beyond the first or the last line
 * @property {(before: string, after: string) => void} onSplit
 */

/** @param {EditorOptions} options */
export function createEditor(options) {
  const view = new EditorView({
    parent: options.parent,
    doc: options.source,
    extensions: [
      // Before the language, whose completion takes Escape for itself.
      Prec.highest(keymap.of([...helpKeys(options), ...cellKeys(options), ...completionKeymap])),
      languageOf(options),
      history(),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      syntaxHighlighting(classHighlighter),
      EditorView.lineWrapping,
      // Beside the cell, which would cut them off.
      tooltips({ parent: document.body }),
      EditorView.cspNonce.of("codemirror"), // as in index.html
      // Enter goes into a source, and Escape out of it: Tab passes it by, or it would end in one that
      // takes Tab for itself.
      EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "-1" }),
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
function cellKeys({ onRun, onEscape, onLeave, onSplit }) {
  const always = (/** @type {() => void} */ act) => () => {
    act();
    return true;
  };
  return [
    { key: "Shift-Enter", run: always(() => onRun("next")) },
    { key: "Mod-Enter", run: always(() => onRun("stay")) },
    { key: "Alt-Enter", run: always(() => onRun("insert")) },
    { key: "Escape", run: (view) => !isCompleting(view) && always(onEscape)() },
    { key: "ArrowUp", run: (view) => leaves(view, 0) && always(() => onLeave(-1))() },
    {
      key: "ArrowDown",
      run: (view) => leaves(view, view.state.doc.length) && always(() => onLeave(1))(),
    },
    { key: "Mod-Shift--", run: (view) => split(view, onSplit) },
    { key: "Mod-_", run: (view) => split(view, onSplit) },
  ];
}

/** Whether a list of completions is open, which has these keys first. @param {EditorView} view */
function isCompleting({ state }) {
  return completionStatus(state) === "active" && currentCompletions(state).length > 0;
}

/** Whether the cursor is alone and stands in the line, as it is seen, of an end. @param {EditorView} view @param {number} end */
function leaves(view, end) {
  const { empty, head } = view.state.selection.main;
  if (!empty || isCompleting(view)) return false;
  const [here, there] = [view.coordsAtPos(head), view.coordsAtPos(end)];
  return here !== null && there !== null && Math.abs(here.top - there.top) < 4;
}

/** @param {EditorView} view @param {EditorOptions["onSplit"]} onSplit */
function split(view, onSplit) {
  const { head } = view.state.selection.main;
  const [before, after] = [view.state.sliceDoc(0, head), view.state.sliceDoc(head)];
  view.dispatch({ changes: { from: head, to: view.state.doc.length } });
  onSplit(before.replace(/\n$/, ""), after.replace(/^\n/, ""));
  return true;
}

/** @param {EditorOptions} options */
function helpKeys({ cellType, helper }) {
  return cellType === "code" ? assistKeys(helper) : [];
}

/** What an editor knows of a type of cell. @param {EditorOptions} options */
function languageOf({ cellType, helper }) {
  switch (cellType) {
    case "code":
      return [python(), assistance(helper), codeExtensions()];
    case "sql":
      return [sql({ dialect: SQLite }), autocompletion(), codeExtensions()];
    case "markdown":
    case "ai":
      return [markdown(), proseExtensions()];
    default:
      return proseExtensions();
  }
}

function codeExtensions() {
  return [
    indentUnit.of("    "),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    // Tab leaves the editor after Escape, which puts the focus on the cell.
    keymap.of([...closeBracketsKeymap, indentWithTab]),
  ];
}

function proseExtensions() {
  return EditorView.contentAttributes.of({ spellcheck: "true" });
}
