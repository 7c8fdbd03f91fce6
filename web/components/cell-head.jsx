// The line above a cell: run or stop, its type, how its last run went, and its tools.

/** @import { Cell } from "../notebook.js" */
/** @import { Execution } from "../executions.js" */
/** @import { ExecutionMark } from "../words.js" */

import { useEffect, useRef, useState } from "preact/hooks";

import { usePage } from "../page.js";
import { executionWords, typeName } from "../words.js";
import { Icon } from "./icons.jsx";

/**
 * @typedef {object} CellHeadProps
 * @property {Cell} cell
 * @property {Execution | undefined} execution
 * @property {ExecutionMark} mark
 * @property {number} number
 * @property {boolean} isEditing
 * @property {boolean} isLast
 * @property {(goOn: boolean) => void} run
 * @property {() => void} edit
 */

/** @param {CellHeadProps} props */
export function CellHead(props) {
  return (
    <header class="cell-head">
      <MainButton {...props} />
      <TypeSelect cell={props.cell} />
      <ExecutionState {...props} />
      <Tools {...props} />
    </header>
  );
}

/** @param {CellHeadProps} props */
function MainButton({ cell, mark, isEditing, run, edit }) {
  const { actions } = usePage();
  if (cell.cellType === "raw") return null;
  if (cell.cellType === "markdown") {
    return isEditing ? (
      <Tool name="done" label="Done" isNamed testId="run" onClick={() => run(false)} />
    ) : (
      <Tool name="edit" label="Edit" isNamed testId="edit" onClick={edit} />
    );
  }
  const isOpen = mark === "queued" || mark === "running";
  return isOpen ? (
    <Tool name="stop" label="Stop" isNamed testId="stop" onClick={() => actions.stop(cell.id)} />
  ) : (
    <Tool name="run" label="Run" isNamed testId="run" onClick={() => run(false)} />
  );
}

/** @param {{ cell: Cell }} props */
function TypeSelect({ cell }) {
  const { actions } = usePage();
  const types = ["ai", "markdown", "code"];
  if (!types.includes(cell.cellType)) types.push(cell.cellType);
  return (
    <select
      class="type"
      data-testid="type"
      aria-label="Type of the cell"
      value={cell.cellType}
      onChange={({ currentTarget }) => actions.changeType(cell.id, currentTarget.value)}
    >
      {types.map((type) => (
        <option key={type} value={type}>
          {typeName(type)}
        </option>
      ))}
    </select>
  );
}

/** @param {CellHeadProps} props */
function ExecutionState({ mark, execution, cell, number }) {
  const page = usePage();
  const now = useNow(mark === "running");
  const status = page.session.status.value;
  const pythonReady = status === "ready" || status === "busy";
  const words = executionWords(mark, execution, { pythonReady, now });
  const before = useRef(mark);
  useEffect(() => {
    const wasOpen = before.current === "running" || before.current === "queued";
    before.current = mark;
    const isOpen = mark === "running" || mark === "queued";
    if (wasOpen && !isOpen) {
      page.announcement.value = `${typeName(cell.cellType)} cell ${number}: ${words}`;
    }
  }, [mark]);
  return (
    <span class="execution" data-testid="execution" data-mark={mark}>
      {words}
    </span>
  );
}

/** The time, second by second while it matters. @param {boolean} isTicking */
function useNow(isTicking) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}

/** @param {CellHeadProps} props */
function Tools({ cell, number, isLast }) {
  const page = usePage();
  const move = (/** @type {1 | -1} */ step) => () => page.actions.moveCell(cell.id, step);
  return (
    <span class="tools">
      <Tool name="up" label="Move up" testId="move-up" disabled={number === 1} onClick={move(-1)} />
      <Tool name="down" label="Move down" testId="move-down" disabled={isLast} onClick={move(1)} />
      <Tool name="delete" label="Delete" testId="delete" onClick={() => page.removeCell(cell.id)} />
    </span>
  );
}

/**
 * @param {object} props
 * @param {Parameters<typeof Icon>[0]["name"]} props.name
 * @param {string} props.label
 * @param {string} props.testId
 * @param {boolean} [props.isNamed] show the label beside the icon
 * @param {boolean} [props.disabled]
 * @param {() => void} props.onClick
 */
function Tool({ name, label, testId, isNamed = false, disabled = false, onClick }) {
  return (
    <button
      type="button"
      class={`tool tool-${name}`}
      data-testid={testId}
      aria-label={label}
      title={isNamed ? undefined : label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={name} />
      {isNamed && label}
    </button>
  );
}
