// Says what was just done; offers to undo, after a cell was deleted or outputs were cleared.

import { usePage } from "../../app/page.js";

export function Toast() {
  const { actions, cells, notice } = usePage();
  const { history, removals } = actions;
  const count = history.justRemoved.length;
  if (count > 0) {
    const text = count === 1 ? "Cell deleted." : `${count} cells deleted.`;
    return <Undo text={text} testId="undo" onUndo={() => cells.goBack("undo")} />;
  }
  if (removals.isJustCleared.value) {
    return (
      <Undo text="Outputs cleared." testId="undo-clear" onUndo={() => removals.restoreOutputs()} />
    );
  }
  // The page's announcement says it too.
  return notice.text.value ? (
    <div class="toast" data-testid="notice-toast" aria-hidden="true">
      {notice.text.value}
    </div>
  ) : null;
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
