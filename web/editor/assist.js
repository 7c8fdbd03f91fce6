// Help for writing Python: completions at the cursor, and documentation of the name there. The runtime knows the
// variables; while it cannot be asked, names come from the source itself and from Python's builtins.

/** @import { CompletionContext, CompletionResult, Completion } from "@codemirror/autocomplete" */
/** @import { EditorState, Extension } from "@codemirror/state" */
/** @import { CompleteReply, InspectReply } from "../../js/types.d.ts" */

import { acceptCompletion, startCompletion } from "@codemirror/autocomplete";
import { globalCompletion, localCompletionSource } from "@codemirror/lang-python";
import { StateEffect, StateField } from "@codemirror/state";
import { EditorView, showTooltip } from "@codemirror/view";

import { showHidden } from "../render/hidden.js";
import { plain } from "../render/terminal.js";
import { completions } from "./completions.js";

/**
 * Asks Python about code. Its promises resolve to undefined while Python is busy or not running.
 * @typedef {object} Helper
 * @property {() => boolean} isWarm whether Python cells have run; if not, the first answer takes a while
 * @property {(code: string, cursor: number) => Promise<CompleteReply | undefined>} complete
 * @property {(code: string, cursor: number) => Promise<InspectReply | undefined>} inspect
 */

/** @param {Helper} helper @returns {Extension} */
export function assistance(helper) {
  return [completions({ override: [completionSource(helper)] }), documentation];
}

/** Completes the word before the cursor, or accepts what is offered. @param {EditorView} view */
export function completeWord(view) {
  return acceptCompletion(view) || (isAt(view.state, /[\w.%]$/) && startCompletion(view));
}

/** Whether nothing is selected, and the line up to the cursor matches a pattern. @param {EditorState} state @param {RegExp} before */
function isAt({ selection, doc }, before) {
  const { empty, head } = selection.main;
  const { from, text } = doc.lineAt(head);
  return empty && before.test(text.slice(0, head - from));
}

// ---- Completions ----

/** @param {Helper} helper */
function completionSource({ isWarm, complete }) {
  /** Settles once Python has answered what it was asked. @type {Promise<unknown>} */
  let answered = Promise.resolve();
  /** @param {CompletionContext} context */
  const ask = async (context) => {
    await answered.catch(() => {});
    return context.aborted ? undefined : complete(context.state.doc.toString(), context.pos);
  };
  /** @param {CompletionContext} context @returns {Promise<CompletionResult | null>} */
  return async (context) => {
    const word = context.matchBefore(/[\p{L}_%][\w.%]*|\./u);
    if (!word && !context.explicit) return null;
    // While a person types, it is not worth loading IPython for. One request at a time is enough, and of those that
    // wait for its answer only the last is sent: the others were aborted by what was typed since.
    if (context.explicit || isWarm()) {
      const asked = ask(context);
      answered = asked;
      const reply = await asked;
      if (context.aborted) return null;
      if (reply && reply.matches.length > 0) return resultOf(reply);
    }
    return (await localCompletionSource(context)) ?? globalCompletion(context);
  };
}

/** @param {CompleteReply} reply @returns {CompletionResult} */
function resultOf({ matches, cursorStart: from, metadata }) {
  const types = metadata._jupyter_types_experimental;
  /** @type {Completion[]} */
  const options = matches.map((label, place) => {
    const { signature = "" } = types[place] ?? {};
    // Private names come last.
    return {
      label,
      displayLabel: showHidden(label),
      detail: showHidden(signature),
      boost: label.startsWith("_") ? -50 : 0,
    };
  });
  return { from, options, validFor: /^\w*$/ };
}

// ---- Documentation ----

/** @type {import("@codemirror/state").StateEffectType<{ pos: number, text: string } | null>} */
const setDocumentation = StateEffect.define();

const documentation = StateField.define({
  /** @returns {{ pos: number, text: string } | null} */
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setDocumentation)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : shown;
  },
  provide: (field) => [
    showTooltip.from(
      field,
      (shown) => shown && { pos: shown.pos, create: () => tooltipOf(shown.text) },
    ),
    EditorView.domEventHandlers({ blur: (_event, view) => void hideDocumentation(view) }),
  ],
});

/** @param {string} text */
function tooltipOf(text) {
  const dom = document.createElement("pre");
  dom.className = "documentation";
  dom.dataset.testid = "documentation";
  dom.setAttribute("role", "status");
  dom.textContent = text;
  return { dom };
}

/** @param {EditorView} view @param {Helper} helper */
export function showDocumentation(view, { inspect }) {
  if (!isAt(view.state, /\S/)) return false;
  const { doc, selection } = view.state;
  const pos = selection.main.head;
  void inspect(doc.toString(), pos).then((reply) => {
    const isStill = view.state.doc.eq(doc) && view.state.selection.main.head === pos;
    if (!reply || !isStill) return;
    const text = plain(reply.data["text/plain"] ?? "").trim() || "No documentation found.";
    view.dispatch({ effects: setDocumentation.of({ pos, text }) });
  });
  return true;
}

/** @param {EditorView} view */
export function hideDocumentation(view) {
  if (!view.state.field(documentation, false)) return false;
  view.dispatch({ effects: setDocumentation.of(null) });
  return true;
}
