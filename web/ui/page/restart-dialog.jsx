// Asks before Python is restarted.

import { usePage } from "../../app/page.js";
import { Dialog } from "../parts/dialog.jsx";

/** @param {{ runsAll: boolean }} props whether all cells are run afterwards */
export function RestartDialog({ runsAll }) {
  const { actions, dialogs, session } = usePage();
  const restart = () => {
    dialogs.close();
    void actions.restart(session, runsAll);
  };
  return (
    <Dialog title="Restart Python?" testId="restart-dialog" onClose={dialogs.close}>
      <p>
        All variables and imports are lost, and whatever is running ends. Cells and outputs stay.
        {runsAll && " Then all cells are run, AI cells too."}
      </p>
      <div class="buttons">
        <button type="button" onClick={dialogs.close}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          data-testid="confirm-restart"
          autofocus
          onClick={restart}
        >
          {runsAll ? "Restart and run all" : "Restart"}
        </button>
      </div>
    </Dialog>
  );
}
