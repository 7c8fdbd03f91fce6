// Marks what was found in a source.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";

/** A match: the one that is shown stands out. @typedef {{ from: number, to: number, isShown: boolean }} Mark */

/** @type {import("@codemirror/state").StateEffectType<readonly Mark[]>} */
const setMarks = StateEffect.define();

const found = Decoration.mark({ class: "found" });
const shown = Decoration.mark({ class: "found is-shown" });

export const marks = StateField.define({
  create: () => Decoration.none,
  update(before, transaction) {
    let now = before.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      const { length } = transaction.state.doc;
      const fitting = effect.value.filter(({ from, to }) => from < to && to <= length);
      now = Decoration.set(
        fitting.map(({ from, to, isShown }) => (isShown ? shown : found).range(from, to)),
      );
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** @param {EditorView} view @param {readonly Mark[]} all in order */
export function showMarks(view, all) {
  const first = all.find(({ isShown }) => isShown);
  const isThere = first && first.to <= view.state.doc.length;
  view.dispatch({
    effects: [
      setMarks.of(all),
      ...(isThere ? [EditorView.scrollIntoView(first.from, { y: "nearest" })] : []),
    ],
  });
}
