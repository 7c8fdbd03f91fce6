// Below the answer of an AI cell: who wrote it and what it took, and what can be done about it.

/** @import { Output } from "../../../js/notebook/state/output.js" */
/** @import { ExecutionMark } from "../../app/format.js" */

import { usePage } from "../../app/page.js";
import { changesOf, lastRunOf } from "../../../js/notebook/ai-run.js";
import { formatRun } from "../../app/format.js";

/** @param {{ cellId: string, outputs: Output[], mark: ExecutionMark }} props */
export function RunFoot({ cellId, outputs, mark }) {
  const page = usePage();
  const { session, signals } = page;
  for (const { id } of outputs) signals.output(id); // what they say may change
  const { runId, source, account, hasManifest } = lastRunOf(outputs);
  if (runId === undefined || !source) return null;
  const isOpen = mark === "queued" || mark === "running";
  const canGoOn = account?.limit !== undefined || mark === "cancelled" || mark === "error";
  const isUndone = session.undone.value.has(runId);
  const hasChanges = changesOf(outputs, runId).length > 0;
  return (
    <div class="run-foot" data-testid="run-foot">
      <p class="origin" data-testid="origin">
        {formatRun(source, account)}
      </p>
      {!isOpen && session.isUp && (
        <p class="run-tools">
          {canGoOn && (
            <button
              type="button"
              data-testid="continue"
              onClick={() => session.continueRun(cellId)}
            >
              Continue
            </button>
          )}
          {hasChanges && (
            <button
              type="button"
              data-testid="undo-run"
              disabled={isUndone}
              onClick={() => page.dialogs.open({ name: "undo", cellId, runId })}
            >
              {isUndone ? "Undone" : "Undo changes"}
            </button>
          )}
          {hasManifest && (
            <button
              type="button"
              data-testid="explain"
              onClick={() => page.dialogs.open({ name: "explanation", cellId })}
            >
              What the model saw
            </button>
          )}
          <button
            type="button"
            data-testid="export-cassette"
            title="All that was asked and answered, for the Test provider to play again"
            onClick={() => page.files.exportCassette(runId)}
          >
            Export as cassette
          </button>
        </p>
      )}
    </div>
  );
}
