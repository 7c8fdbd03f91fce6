// The source of a cell, in CodeMirror.

/** @import { Cell } from "../notebook.js" */

import { useLayoutEffect, useRef } from "preact/hooks";

import { createEditor } from "../editor.js";
import { usePage } from "../page.js";
import { typeName } from "../words.js";

const HINTS = {
  ai: "Ask about the cells above. Shift+Enter runs.",
  markdown: "Text in Markdown. Shift+Enter shows it.",
  code: "Python. Shift+Enter runs.",
};

/**
 * @param {object} props
 * @param {Cell} props.cell
 * @param {number} props.number
 * @param {boolean} props.isEditing take the focus at once
 * @param {(goOn: boolean) => void} props.run
 */
export function Editor({ cell, number, isEditing, run }) {
  const { actions } = usePage();
  const { id, cellType, source } = cell;
  const parent = useRef(/** @type {HTMLDivElement | null} */ (null));
  const editor = useRef(/** @type {ReturnType<typeof createEditor> | null} */ (null));
  // The editor is made once; what it calls is of the latest drawing.
  const latest = useRef(run);
  latest.current = run;

  useLayoutEffect(() => {
    editor.current = createEditor({
      parent: /** @type {HTMLElement} */ (parent.current),
      source,
      cellType,
      label: `Source of ${typeName(cellType)} cell ${number}`,
      hint: HINTS[/** @type {keyof typeof HINTS} */ (cellType)] ?? "",
      onChange: (text) => actions.typeSource(id, text),
      onBlur: () => actions.flushSource(id),
      onRun: (goOn) => latest.current(goOn),
      onEscape: () => parent.current?.closest("section")?.focus(),
    });
    if (isEditing && cellType === "markdown") editor.current.focus();
    return () => editor.current?.destroy();
  }, []);

  useLayoutEffect(() => {
    // An edit of another tab or of the model. One's own comes back late: what was typed since wins.
    if (cell.modifiedBy !== actions.author && !actions.isTyping(id)) {
      editor.current?.setSource(source);
    }
  }, [source]);

  return <div ref={parent} class="editor" data-testid="source" />;
}
