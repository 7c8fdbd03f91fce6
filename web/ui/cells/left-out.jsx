// Why a cell was not run, and the way to go on.

/** @import { Execution } from "../../../js/notebook/state/executions.js" */

import { usePage } from "../../app/page.js";

/** @param {{ execution: Execution | undefined }} props */
export function LeftOut({ execution }) {
  const { actions, nb } = usePage();
  const rest = execution?.state === "cancelled" ? nb.rest(execution.cellId) : [];
  if (!execution || rest.length === 0) return null;
  return (
    <p class="left-out" data-testid="left-out">
      {execution.reason}
      <button
        type="button"
        data-testid="run-rest"
        title={rest.length === 1 ? undefined : "Run the cells that were left out, and nothing else"}
        onClick={() => actions.runRest(execution.cellId)}
      >
        {rest.length === 1 ? "Run" : "Run the rest"}
      </button>
    </p>
  );
}
