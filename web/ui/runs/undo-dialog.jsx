// Before a run is undone, shows what it changed; afterwards, what was restored and what was left unchanged.

/** @import { UndoReport } from "../../../js/types.d.ts" */
/** @import { Change } from "../../../js/types-ai-record.d.ts" */

import { useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { changesOf } from "../../../js/notebook/ai-run.js";
import { formatCount } from "../../app/format.js";
import { formatChange, formatCell } from "./tool-format.js";
import { Dialog } from "../parts/dialog.jsx";
import { Diff } from "./diff.jsx";

/** @param {{ cellId: string, runId: string }} props */
export function UndoDialog({ cellId, runId }) {
  const page = usePage();
  const [report, setReport] = useState(/** @type {UndoReport | null} */ (null));
  const { close } = page.dialogs;
  const undo = async () => {
    const said = await page.session.undo(runId);
    if (said) setReport(said);
    else close(); // the page says why
  };
  return (
    <Dialog title="Undo this run" testId="undo-dialog" isWide onClose={close}>
      {report ? <Report report={report} /> : <Changes cellId={cellId} runId={runId} />}
      <div class="buttons">
        <button type="button" onClick={close}>
          {report ? "Close" : "Cancel"}
        </button>
        {!report && (
          <button type="button" class="primary" data-testid="confirm-undo" onClick={undo}>
            Undo
          </button>
        )}
      </div>
    </Dialog>
  );
}

/** What will happen to each cell, the last change first. @param {{ cellId: string, runId: string }} props */
function Changes({ cellId, runId }) {
  const { signals } = usePage();
  const changes = changesOf(signals.outputsOf(cellId), runId).reverse();
  return (
    <div class="scroll" tabIndex={0}>
      {changes.map((change, place) => (
        <OneChange key={place} change={change} />
      ))}
    </div>
  );
}

/** @param {{ change: Change }} props */
function OneChange({ change }) {
  const { signals } = usePage();
  const before = change.before?.source ?? "";
  const after = change.after?.source ?? "";
  return (
    <section class="change">
      <p>{formatChange(change, signals.order)}</p>
      {before !== after && <Diff before={after} after={before} />}
    </section>
  );
}

/** @param {{ report: UndoReport }} props */
function Report({ report: { undone, kept, merged } }) {
  const { signals } = usePage();
  return (
    <div role="status" data-testid="undo-report">
      <p>
        {undone.length > 0
          ? `The changes to ${formatCount(undone.length, "cell")} were undone.`
          : "Nothing was undone."}
      </p>
      {merged.length > 0 && (
        <>
          <p>What was written since has stayed:</p>
          <ul data-testid="undo-merged">
            {merged.map(({ cellId, isConflict }) => (
              <li key={cellId}>
                {formatCell(cellId, signals.order)}
                {isConflict && ": both versions of the lines that were changed twice are there"}
              </li>
            ))}
          </ul>
        </>
      )}
      {kept.length > 0 && (
        <>
          <p>Left unchanged:</p>
          <ul>
            {kept.map(({ cellId, reason }) => (
              <li key={cellId}>
                {formatCell(cellId, signals.order)}: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
