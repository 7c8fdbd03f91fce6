// Why a cell was not run, and the way to go on.

/** @import { Execution } from "../../../js/notebook/state/executions.js" */

import { usePage } from "../../app/page.js";

/** @param {{ execution: Execution | undefined }} props */
export function LeftOut({ execution }) {
  const { actions, nb } = usePage();
  if (execution?.state !== "cancelled" || nb.rest(execution.cellId).length === 0) return null;
  return (
    <p class="left-out" data-testid="left-out">
      {execution.reason}
      <button
        type="button"
        data-testid="run-rest"
        title="Run the cells that were left out, and nothing else"
        onClick={() => actions.runRest(execution.cellId)}
      >
        Run the rest
      </button>
    </p>
  );
}
