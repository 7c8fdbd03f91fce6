// One cell: its head, its source, its outputs.

/** @import { Cell as CellState } from "../../../js/notebook/state/cells.js" */
/** @import { Execution } from "../../../js/notebook/state/executions.js" */
/** @import { ExecutionMark } from "../../app/format.js" */

import { useComputed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { dropTarget, fileTarget } from "./drag.js";
import { Pictures, pictureTarget } from "./pictures.jsx";
import { selecting } from "./selecting.js";
import { usePage } from "../../app/page.js";
import { markOf, typeName } from "../../app/format.js";
import { CellHead } from "./cell-head.jsx";
import { Editor } from "./editor.jsx";
import { shownSource } from "../../../js/notebook/index.js";
import { ForgottenKey } from "./forgotten-key.jsx";
import { LateStop } from "./late-stop.jsx";
import { LeftOut } from "./left-out.jsx";
import { Markdown } from "../outputs/markdown.jsx";
import { Outputs } from "./outputs.jsx";
import { Questions } from "./questions.jsx";

/** @param {{ id: string, number: number }} props */
export function Cell({ id, number }) {
  const page = usePage();
  const { signals } = page;
  const cell = signals.cell(id);
  const execution = signals.executionOf(id);
  // Computed here, so that cells are not redrawn when a session becomes busy.
  const isOver = useComputed(() => signals.isOver(signals.executionOf(id)?.sessionId)).value;
  const isSelected = useComputed(() => page.cells.selection.value.has(id)).value;
  const isOneOfMany = useComputed(() => page.cells.isOneOfMany(id)).value;
  const isOpened = useComputed(() => page.focus.editing.value.has(id)).value;
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useFocus(id, element);
  if (!cell) return null;
  const mark = markOf(execution, isOver);
  const isMarkdown = cell.cellType === "markdown";
  const isRead = isMarkdown && !isOpened;
  return (
    <section
      ref={element}
      class={isRead ? "cell is-read" : "cell"}
      tabIndex={0}
      aria-label={`${typeName(cell.cellType, signals.foreignLanguage)} cell ${number}`}
      data-testid={`cell-${id}`}
      data-cell-id={id}
      data-cell-type={cell.cellType}
      data-execution-state={mark}
      data-selected={isSelected}
      data-one-of-many={isOneOfMany || undefined}
      onFocusCapture={({ target }) => page.focus.took(id, isInSource(target))}
      {...selecting(page, id)}
      {...dropTarget(page, id)}
      {...(cell.cellType === "ai" && pictureTarget(page, id))}
      {...(cell.cellType === "code" && fileTarget(page, id))}
    >
      <CellHead {...{ cell, execution, mark, isRead, number }} />
      <Source {...{ cell, number, isRead }} />
      {cell.cellType === "ai" && <Pictures cell={cell} />}
      <LeftOut execution={execution} />
      {cell.cellType === "ai" && <ForgottenKey {...{ cell, mark }} />}
      <LateStop id={id} />
      {!isMarkdown && <Shown {...{ cell, execution, mark }} />}
      <Questions cellId={id} />
    </section>
  );
}

/** @param {EventTarget | null} target */
function isInSource(target) {
  return target instanceof Element && target.closest(".cm-editor") !== null;
}

/** @param {{ cell: CellState, execution: Execution | undefined, mark: ExecutionMark }} props */
function Shown({ cell: { id, outputVisible }, execution, mark }) {
  const { actions } = usePage();
  return outputVisible ? (
    <Outputs {...{ cellId: id, execution, mark }} />
  ) : (
    <Hidden what="outputs" show={() => actions.toggle([id], "outputVisible")} />
  );
}

/** @param {{ cell: CellState, number: number, isRead: boolean }} props */
function Source({ cell, number, isRead }) {
  const { actions, cells } = usePage();
  const { id, source } = cell;
  if (!cell.sourceVisible) {
    return <Hidden what="source" show={() => actions.toggle([id], "sourceVisible")} />;
  }
  if (!isRead) return <Editor key={cell.cellType} {...{ cell, number }} />;
  return (
    <div class="rendered" onDblClick={() => cells.edit(id)}>
      {source.trim() ? (
        <Markdown text={shownSource(cell)} />
      ) : (
        <p class="empty">Empty Markdown cell</p>
      )}
    </div>
  );
}

/** @param {{ what: string, show: () => void }} props */
function Hidden({ what, show }) {
  return (
    <button type="button" class="hidden-part" data-testid={`show-${what}`} onClick={show}>
      Show the {what}
    </button>
  );
}

/** Selectors for the parts of a cell that can take the focus. */
const PARTS = {
  cell: "",
  source: ".cm-content",
  approval: ".approval button",
  question: ".question input",
};

/**
 * Takes the focus when the page gives it to this cell; if the wanted part does not exist, the whole cell takes it.
 * @param {string} id
 * @param {{ current: HTMLElement | null }} element
 */
function useFocus(id, element) {
  const { focus } = usePage();
  const isSeen = useComputed(() => focus.seen.value === id).value;
  useLayoutEffect(() => {
    if (!isSeen) return;
    element.current?.scrollIntoView({ block: "nearest" });
    focus.seen.value = null;
  }, [isSeen]);
  const wanted = useComputed(() =>
    focus.wanted.value?.id === id ? focus.wanted.value : null,
  ).value;
  useLayoutEffect(() => {
    if (!wanted) return;
    const place = PARTS[wanted.part];
    /** @type {HTMLElement | null | undefined} */
    const part = place ? element.current?.querySelector(place) : undefined;
    (part ?? element.current)?.focus({ preventScroll: true });
    const shown = wanted.part === "approval" || wanted.part === "question" ? part : undefined;
    (shown ?? element.current)?.scrollIntoView({ block: "nearest" });
    focus.wanted.value = null;
  }, [wanted]);
}
