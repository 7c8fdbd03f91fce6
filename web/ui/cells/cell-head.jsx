// The line above a cell: run or stop, its type, how its last run went, and its tools.

/** @import { Cell } from "../../../js/notebook/state/cells.js" */
/** @import { CellType } from "../../../js/types-notebook.d.ts" */
/** @import { Execution } from "../../../js/notebook/state/executions.js" */
/** @import { ExecutionMark } from "../../app/format.js" */

import { useEffect, useRef } from "preact/hooks";

import { useNow } from "../parts/clock.js";
import { startDrag } from "./drag.js";
import { CELL_COMMANDS } from "../../app/commands/cell.js";
import { usePage } from "../../app/page.js";
import { CELL_TYPES, formatExecution, typeName } from "../../app/format.js";
import { Icon } from "../parts/icons.jsx";
import { Menu } from "../parts/menu.jsx";
import { OwnSettings } from "./cell-settings.jsx";
import { formatChoice } from "../providers/model-options.js";
import { ModelPicker } from "../providers/model-picker.jsx";

/** A raw cell is rarely wanted: nothing offers to add one, but a cell can become one. @type {readonly CellType[]} */
const ALL_TYPES = [...CELL_TYPES, "raw"];

/**
 * @typedef {object} CellHeadProps
 * @property {Cell} cell
 * @property {Execution | undefined} execution
 * @property {ExecutionMark} mark
 * @property {number} number
 * @property {boolean} isRead whether it is rendered Markdown
 */

/** @param {CellHeadProps} props */
export function CellHead(props) {
  const { cell } = props;
  const { cells } = usePage();
  /** The cells that are dragged: pressing the grip ends the selection. @type {{ current: readonly string[] }} */
  const dragged = useRef([]);
  return (
    <header class="cell-head">
      <span
        class="grip"
        draggable
        title="Drag to move"
        data-testid="grip"
        onPointerDown={() => (dragged.current = cells.chosen(cell.id))}
        onDragStart={(event) => startDrag(event, dragged.current)}
      >
        <Icon name="grip" />
      </span>
      <MainButton {...props} />
      <TypeSelect cell={cell} />
      {cell.cellType === "ai" && (
        <CellModel id={cell.id} provider={cell.ai?.provider} model={cell.ai?.model} />
      )}
      {cell.cellType === "ai" && <OwnSettings cell={cell} />}
      <ExecutionState {...props} />
      {!cell.aiContextVisible && (
        <span class="badge" data-testid="excluded" title="AI cells do not see this cell">
          Hidden from AI
        </span>
      )}
      <Tools cell={cell} />
    </header>
  );
}

/** @param {CellHeadProps} props */
function MainButton({ cell, mark, isRead }) {
  const page = usePage();
  const { id, cellType } = cell;
  const isForeign = page.signals.foreignLanguage !== undefined;
  if (cellType === "raw" || (cellType === "code" && isForeign)) return null;
  if (cellType === "markdown") {
    return isRead ? (
      <Tool name="edit" label="Edit" isNamed testId="edit" onClick={() => page.cells.edit(id)} />
    ) : (
      <Tool
        name="done"
        label="Done"
        isNamed
        testId="run"
        onClick={() => page.cells.run(id, "stay")}
      />
    );
  }
  const isOpen = mark === "queued" || mark === "running";
  return isOpen ? (
    <Tool name="stop" label="Stop" isNamed testId="stop" onClick={() => page.nb.stop(id)} />
  ) : (
    <Tool name="run" label="Run" isNamed testId="run" onClick={() => page.cells.run(id)} />
  );
}

/** @param {{ cell: Cell }} props */
function TypeSelect({ cell }) {
  const page = usePage();
  return (
    <select
      class="type"
      data-testid="type"
      aria-label="Cell type"
      value={cell.cellType}
      onChange={({ currentTarget: { value } }) =>
        page.cells.changeType([cell.id], /** @type {CellType} */ (value))
      }
    >
      {ALL_TYPES.map((type) => (
        <option key={type} value={type}>
          {typeName(type, page.signals.foreignLanguage)}
        </option>
      ))}
    </select>
  );
}

/** Chooses the model for this cell. @param {{ id: string, provider?: string, model?: string }} props */
function CellModel({ id, provider = "", model = "" }) {
  const page = usePage();
  return (
    <ModelPicker
      label="Model for this cell"
      testId="cell-model"
      class={provider ? "cell-model is-own" : "cell-model"}
      chosen={{ provider, model }}
      inherited={formatChoice(page, page.choice)}
      onChoose={(choice) =>
        page.actions.edit("choice of model", () => page.nb.setModel(id, choice))
      }
    />
  );
}

/** @param {CellHeadProps} props */
function ExecutionState({ mark, execution, cell, number }) {
  const page = usePage();
  const now = useNow(mark === "running");
  // Before that it is only what the request wished for.
  const count = execution?.startedAt === undefined ? undefined : execution.executionCount;
  const ahead =
    mark === "queued" ? page.signals.openExecutions.findIndex((it) => it === execution) : 0;
  const pythonReady = page.session.isRun;
  const told = formatExecution(mark, execution, { pythonReady, now, ahead });
  // Others have ended it, but its code still runs.
  const isStopping = page.session.pendingStops.value.some(({ cellId }) => cellId === cell.id);
  const words = isStopping ? "stopping" : told;
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
      {count !== undefined && (
        <span class="count" data-testid="count" title={`Number ${count} in this session`}>
          [{count}]
        </span>
      )}
      {count === undefined && mark === "queued" && <span class="count">[*]</span>}
      {words}
    </span>
  );
}

/** @param {{ cell: Cell }} props */
function Tools({ cell }) {
  const page = usePage();
  return (
    <span class="tools">
      {cell.cellType === "ai" && (
        <Tool
          name="picture"
          label="Add pictures"
          testId="add-pictures"
          onClick={() => page.pictures.choose(cell.id)}
        />
      )}
      <Tool
        name="delete"
        label="Delete"
        testId="delete"
        onClick={() => page.cells.remove([cell.id])}
      />
      <Menu label="More" testId="cell-menu" class="tool" commands={CELL_COMMANDS} id={cell.id} />
    </span>
  );
}

/**
 * @param {object} props
 * @param {Parameters<typeof Icon>[0]["name"]} props.name
 * @param {string} props.label
 * @param {string} props.testId
 * @param {boolean} [props.isNamed] show the label beside the icon
 * @param {() => void} props.onClick
 */
function Tool({ name, label, testId, isNamed = false, onClick }) {
  return (
    <button
      type="button"
      class={`tool tool-${name}`}
      data-testid={testId}
      aria-label={label}
      title={isNamed ? undefined : label}
      onClick={onClick}
    >
      <Icon name={name} />
      {isNamed && label}
    </button>
  );
}
