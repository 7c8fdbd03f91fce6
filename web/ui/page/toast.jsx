// Offers to undo, after a cell was deleted.

import { usePage } from "../../app/page.js";

export function Toast() {
  const page = usePage();
  const count = page.actions.removals.pending.value.length;
  if (count === 0) return null;
  return (
    <div class="toast" role="status">
      {count === 1 ? "Cell deleted." : `${count} cells deleted.`}
      <button type="button" data-testid="undo" onClick={() => page.cells.restore()}>
        Undo
      </button>
    </div>
  );
}
