// After a cell was deleted: the way back.

import { usePage } from "../page.js";

export function Toast() {
  const { actions } = usePage();
  if (actions.removed.value === null) return null;
  return (
    <div class="toast" role="status">
      Cell deleted.
      <button type="button" data-testid="undo" onClick={() => actions.undoRemoval()}>
        Undo
      </button>
    </div>
  );
}
