// Shows what the check of a provider has found.

/** @import { Diagnosis } from "../../../js/types.d.ts" */

const MARKS = { ok: "✓", failed: "✗", skipped: "–" };

/** @param {{ diagnosis: Diagnosis | "asked" }} props */
export function Findings({ diagnosis }) {
  if (diagnosis === "asked") return <p role="status">Checking…</p>;
  const failed = diagnosis.steps.find(({ outcome }) => outcome === "failed");
  return (
    <div class="findings" role="status" data-testid="findings" data-ok={diagnosis.ok}>
      {failed ? (
        <>
          <p class="problem">{failed.found}</p>
          {failed.fix && <p>{failed.fix}</p>}
        </>
      ) : (
        <p>It works: {diagnosis.steps.at(-1)?.found}</p>
      )}
      <details>
        <summary>All checks</summary>
        <ul>
          {diagnosis.steps.map(({ name, outcome, found }) => (
            <li key={name} data-outcome={outcome}>
              <span aria-hidden="true">{MARKS[outcome]}</span>
              <span class="visually-hidden">{outcome}: </span> {name}: {found}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
