// The line below the answer of an AI cell: the model, its tokens, time and price, and the actions for the run.

/** @import { Cell } from "../../../js/notebook/state/cells.js" */
/** @import { Execution } from "../../../js/notebook/state/executions.js" */
/** @import { Output } from "../../../js/notebook/state/output.js" */
/** @import { ExecutionMark } from "../../app/format.js" */

import { usePage } from "../../app/page.js";
import { changesOf, lastRunOf } from "../../../js/notebook/ai-run.js";
import { formatRun } from "../../app/format.js";

const EDITED =
  "The answer is to the prompt as it was when the run began. Run the cell to ask what it says now.";

/** @param {Cell | undefined} cell @param {Execution | undefined} execution */
function isEdited(cell, execution) {
  return execution?.source !== undefined && execution.source !== cell?.source;
}

/** @param {{ cellId: string, outputs: Output[], mark: ExecutionMark }} props */
export function RunFoot({ cellId, outputs, mark }) {
  const { session, signals } = usePage();
  for (const { id } of outputs) signals.output(id); // redraw when an output changes
  const { runId, source, account, hasManifest } = lastRunOf(outputs);
  if (runId === undefined || !source) return null;
  const isOpen = mark === "queued" || mark === "running";
  const canGoOn = account?.limit !== undefined || mark === "cancelled" || mark === "error";
  const hasChanges = changesOf(outputs, runId).length > 0;
  return (
    <div class="run-foot" data-testid="run-foot">
      <p class="origin" data-testid="origin">
        {formatRun(source, account)}
        {isEdited(signals.cell(cellId), signals.executionOf(cellId)) && (
          <span title={EDITED} data-testid="edited">
            {" · the prompt was edited since"}
          </span>
        )}
      </p>
      {!isOpen && session.isUp && (
        <RunTools {...{ cellId, runId, canGoOn, hasChanges, hasManifest }} />
      )}
    </div>
  );
}

/**
 * The actions for a run that has ended.
 * @param {{ cellId: string, runId: string, canGoOn: boolean, hasChanges: boolean, hasManifest: boolean }} props
 */
function RunTools({ cellId, runId, canGoOn, hasChanges, hasManifest }) {
  const page = usePage();
  const { dialogs, files, session } = page;
  const isUndone = session.undone.value.has(runId);
  return (
    <p class="run-tools">
      {canGoOn && (
        <button
          type="button"
          data-testid="continue"
          onClick={() => page.whenAgreed([cellId], () => void session.continueRun(cellId))}
        >
          Continue
        </button>
      )}
      {hasChanges && (
        <button
          type="button"
          data-testid="undo-run"
          disabled={isUndone}
          onClick={() => dialogs.open({ name: "undo", cellId, runId })}
        >
          {isUndone ? "Undone" : "Undo changes"}
        </button>
      )}
      {hasManifest && (
        <button
          type="button"
          data-testid="explain"
          onClick={() => dialogs.open({ name: "explanation", cellId })}
        >
          What the model saw
        </button>
      )}
      <button
        type="button"
        data-testid="export-cassette"
        title="Save all requests and answers of this run, for the Test provider to play back"
        onClick={() => files.exportCassette(runId)}
      >
        Export as cassette
      </button>
    </p>
  );
}
