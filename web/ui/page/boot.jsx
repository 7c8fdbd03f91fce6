// Shows the progress while Python loads. It does not cover the notebook, which can already be used.

/** @import { BootStage } from "../../../js/types.d.ts" */

import { usePage } from "../../app/page.js";
import { formatMegabytes } from "../../app/format.js";

/** @type {[stage: BootStage, name: string][]} */
const STAGES = [
  ["pyodide", "Python"],
  ["packages", "Packages"],
  ["start", "Runtime"],
];

export function Boot() {
  const { session, signals } = usePage();
  if (session.status.value !== "loading") return null;
  const { stage, fraction, bytes } = session.progress.value;
  const place = STAGES.findIndex(([name]) => name === stage);
  const waiting = signals.openExecutions.length;
  const cells = waiting === 1 ? "1 cell is waiting" : `${waiting} cells are waiting`;
  return (
    <aside class="boot" aria-label="Starting Python" data-testid="boot" data-stage={stage}>
      <ol>
        {STAGES.map(([name, words], i) => (
          <li key={name} data-state={i < place ? "done" : i === place ? "now" : "later"}>
            {words}
          </li>
        ))}
      </ol>
      <progress max={1} value={fraction} aria-label="Progress" />
      {bytes && <p class="loaded">{formatMegabytes(bytes)} loaded</p>}
      <p>
        {waiting > 0
          ? `${cells} for Python.`
          : "You can already write and run cells: they start once Python is ready."}
      </p>
    </aside>
  );
}
