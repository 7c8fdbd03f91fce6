// One cell: its head, its source, its outputs.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { usePage } from "../page.js";
import { markOf, typeName } from "../words.js";
import { CellHead } from "./cell-head.jsx";
import { Editor } from "./editor.jsx";
import { Markdown } from "./markdown.jsx";
import { Outputs } from "./outputs.jsx";

/** @param {{ id: string, number: number, isLast: boolean }} props */
export function Cell({ id, number, isLast }) {
  const page = usePage();
  const { actions, view } = page;
  const cell = view.cell(id);
  const execution = view.executionOf(id);
  const isOver = view.isOver(execution?.sessionId);
  const [isEditing, setEditing] = useState(cell?.source === "");
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useFocus(id, element, () => setEditing(true));
  if (!cell) return null;

  const mark = markOf(execution, isOver);
  const isMarkdown = cell.cellType === "markdown";
  const isSourceShown = cell.sourceVisible && (!isMarkdown || isEditing);

  /** @param {boolean} goOn */
  const run = (goOn) => {
    actions.flushSource(id);
    if (isMarkdown) setEditing(false);
    else actions.run(id);
    if (goOn) page.goOn(id);
    else if (isMarkdown) page.focus.value = { id, part: "cell" };
  };

  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.target !== event.currentTarget) return;
    event.preventDefault();
    page.focus.value = { id, part: "edit" };
  };

  return (
    <section
      ref={element}
      class={isMarkdown && !isEditing ? "cell is-read" : "cell"}
      tabIndex={-1}
      aria-label={`${typeName(cell.cellType)} cell ${number}`}
      data-testid={`cell-${id}`}
      data-cell-id={id}
      data-cell-type={cell.cellType}
      data-execution-state={mark}
      onKeyDown={onKeyDown}
    >
      <CellHead
        {...{ cell, execution, mark, isEditing, number, isLast, run }}
        edit={() => setEditing(true)}
      />
      {isSourceShown && <Editor key={cell.cellType} {...{ cell, number, isEditing, run }} />}
      {isMarkdown && !isEditing && (
        <RenderedSource source={cell.source} edit={() => setEditing(true)} />
      )}
      {!isMarkdown && cell.outputVisible && (
        <Outputs cellId={id} mark={mark} error={execution?.error} />
      )}
    </section>
  );
}

/**
 * Takes the focus when the page gives it to this cell.
 * @param {string} id
 * @param {{ current: HTMLElement | null }} element
 * @param {() => void} edit
 */
function useFocus(id, element, edit) {
  const { focus } = usePage();
  const wanted = focus.value?.id === id ? focus.value : null;
  useLayoutEffect(() => {
    if (!wanted) return;
    focus.value = null;
    if (wanted.part === "edit") edit();
    focusPart(element.current, wanted.part);
    element.current?.scrollIntoView({ block: "nearest" });
  }, [wanted]);
}

/**
 * The editor is a child and there by now, unless this is Markdown that is not edited.
 * @param {HTMLElement | null} cell
 * @param {"cell" | "source" | "edit"} part
 */
function focusPart(cell, part) {
  /** @type {HTMLElement | null | undefined} */
  const editor = part === "cell" ? null : cell?.querySelector(".cm-content");
  (editor ?? cell)?.focus();
}

/** @param {{ source: string, edit: () => void }} props */
function RenderedSource({ source, edit }) {
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.target !== event.currentTarget) return;
    event.preventDefault();
    edit();
  };
  return (
    <div
      class="rendered"
      tabIndex={0}
      role="group"
      aria-label="Text; press Enter to edit"
      onDblClick={edit}
      onKeyDown={onKeyDown}
    >
      {source.trim() ? <Markdown text={source} /> : <p class="empty">Empty text</p>}
    </div>
  );
}
