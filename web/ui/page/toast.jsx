// Offers to undo, after a cell was deleted or outputs were cleared.

import { usePage } from "../../app/page.js";

export function Toast() {
  const { actions, cells } = usePage();
  const { removals } = actions;
  const count = removals.pending.value.length;
  if (count > 0) {
    const text = count === 1 ? "Cell deleted." : `${count} cells deleted.`;
    return <Undo text={text} testId="undo" onUndo={() => cells.restore()} />;
  }
  if (!removals.isJustCleared.value) return null;
  return (
    <Undo text="Outputs cleared." testId="undo-clear" onUndo={() => removals.restoreOutputs()} />
  );
}

/** @param {{ text: string, testId: string, onUndo: () => void }} props */
function Undo({ text, testId, onUndo }) {
  return (
    <div class="toast" role="status">
      {text}
      <button type="button" data-testid={testId} onClick={onUndo}>
        Undo
      </button>
    </div>
  );
}
