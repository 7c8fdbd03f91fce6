// A cell that was stopped and still runs: why, and what a person can do.

/** @import { PendingStop } from "../../../js/types.d.ts" */
/** @import { Session } from "../../app/session.js" */

import { useComputed } from "@preact/signals";

import { usePage } from "../../app/page.js";

/** @param {{ id: string }} props */
export function LateStop({ id }) {
  const { session } = usePage();
  const found = useComputed(() => session.pendingStops.value.find(({ cellId }) => cellId === id));
  const stop = found.value;
  if (!stop) return null;
  return (
    <p class="left-out" data-testid="late-stop">
      {stop.reason}
      {waysToStop(session, stop).map(({ label, testId, run }) => (
        <button key={label} type="button" data-testid={testId} onClick={() => run()}>
          {label}
        </button>
      ))}
    </p>
  );
}

/** The buttons beside a stop that is late. @param {Session} session @param {PendingStop} stop */
export function waysToStop(session, { isTaken }) {
  const again = { label: "Interrupt again", testId: "interrupt-again" };
  const restart = { label: "Restart Python (variables are lost)", testId: "restart-stuck" };
  return [
    ...(isTaken ? [{ ...again, run: () => session.interrupt() }] : []),
    { ...restart, run: () => session.restart() },
  ];
}
