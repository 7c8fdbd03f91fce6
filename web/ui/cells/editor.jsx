// The source of a cell, in CodeMirror.

/** @import { Cell } from "../../../js/notebook/state/cells.js" */
/** @import { Page } from "../../app/page.js" */

import { effect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { createEditor } from "../../editor/editor.js";
import { CELL_COMMANDS } from "../../app/commands/cell.js";
import { usePage } from "../../app/page.js";
import { typeName } from "../../app/format.js";
import { watchNearness } from "../parts/nearness.js";
import { Merged } from "./merged.jsx";

const SOURCE_COMMANDS = CELL_COMMANDS.filter(({ inSource }) => inSource);

const HINTS = {
  ai: "Ask about the cells above, or a file with @; paste or drop pictures. Press Shift+Enter to run.",
  markdown: "Markdown. Press Shift+Enter to render it.",
  code: "Python. Press Shift+Enter to run.",
  sql: "SQL. Press Shift+Enter to run.",
};

/** @param {{ cell: Cell, number: number }} props */
export function Editor({ cell, number }) {
  const page = usePage();
  const { actions, merges, nb } = page;
  const { id, cellType, source } = cell;
  const parent = useRef(/** @type {HTMLDivElement | null} */ (null));
  const editor = useRef(/** @type {ReturnType<typeof createEditor> | null} */ (null));

  useLayoutEffect(() => {
    editor.current = createEditor({
      parent: /** @type {HTMLElement} */ (parent.current),
      source,
      cellType,
      label: `Source of ${typeName(cellType, nb.foreignLanguage)} cell ${number}`,
      hint: HINTS[/** @type {keyof typeof HINTS} */ (cellType)] ?? "",
      onChange: (text, base) => actions.typeSource(id, text, base),
      onMerge: (isConflict) => merges.tell(id, isConflict),
      onBlur: () => actions.flushSource(id),
      commands: SOURCE_COMMANDS.map(({ keys = [], run }) => ({ keys, run: () => run(page, id) })),
      onEscape: () => parent.current?.closest("section")?.focus(),
      files: () => page.folder.paths.peek(),
      helper: page.helper,
      layout: page.view.settings.peek(),
      onLeave: (step) => page.cells.go(id, step, "source"),
      onSplit: (before, after) => page.cells.split(id, before, after),
    });
    return follow(page, id, editor.current, /** @type {HTMLElement} */ (parent.current));
  }, []);

  return (
    <>
      <div ref={parent} class="editor" data-testid="source" />
      <Merged id={id} />
    </>
  );
}

/**
 * Shows in an editor what its cell, the settings of the view, and find and replace say.
 * @param {Page} page
 * @param {string} id
 * @param {ReturnType<typeof createEditor>} editor
 * @param {Element} place where it stands
 * @returns {() => void} what ends it, and the editor
 */
function follow({ nb, view, find }, id, editor, place) {
  // At once, not when the cell is drawn again: what is typed until then would be made from an older text.
  const take = () => {
    const now = nb.cell(id);
    if (now) editor.take(now.source, now.modifiedBy === nb.author);
  };
  take();
  let layout = view.settings.peek();
  let hadAny = false;
  const { isNear, stop } = watchNearness(place);
  const stops = [
    stop,
    nb.subscribe((changed) => changed.has(`cell/${id}`) && take()),
    effect(() => {
      if (view.settings.value !== layout) editor.setLayout((layout = view.settings.value));
    }),
    effect(() => {
      if (!isNear.value) return; // it is marked when it comes into sight
      const found = find.byCell.value.get(id) ?? [];
      const shown = found.length > 0 ? find.shown.value : undefined;
      if (found.length > 0 || hadAny)
        editor.mark(found.map((it) => ({ from: it.from, to: it.to, isShown: it === shown })));
      hadAny = found.length > 0;
    }),
    () => editor.destroy(),
  ];
  return () => stops.forEach((stop) => stop());
}
