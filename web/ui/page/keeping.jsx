// Says whether the notebook is kept: in the bar, below it where something fails, and at the foot of the page.

import { useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { MessageBar } from "../parts/message-bar.jsx";

/** Shown while something that was done is in no storage yet. */
export function KeepingSign() {
  const { keeping } = usePage();
  const text = keeping?.failure.value ? "Not saved" : keeping?.isLate.value ? "Saving…" : "";
  return (
    <span class="saving" role="status" data-testid="saving" data-failed={text === "Not saved"}>
      {text}
    </span>
  );
}

/** Why the notebook is not kept, until it is. */
export function NotKept() {
  const { files, keeping } = usePage();
  const [triedAt, setTriedAt] = useState("");
  const failure = keeping?.failure.value ?? "";
  const tryAgain = async () => {
    await keeping?.retry();
    setTriedAt(keeping?.failure.value ? new Date().toLocaleTimeString() : "");
  };
  return (
    <MessageBar
      text={failure && triedAt ? `${failure} Tried again at ${triedAt}.` : failure}
      testId="not-kept"
      ways={[
        { label: "Try again", testId: "keep-again", isMain: true, run: tryAgain },
        { label: "Export", testId: "export-unkept", run: () => files.exportIpynb() },
      ]}
    />
  );
}

/** What of the notebook the page could not read. */
export function NotRead() {
  const { files, signals } = usePage();
  const { faults } = signals;
  if (faults.length === 0) return null;
  const which = faults.length === 1 ? faults[0] : `${faults[0]}, and ${faults.length - 1} more`;
  return (
    <MessageBar
      text={`Part of this notebook is not shown, because of an error in this page (${which}). Nothing was deleted.`}
      testId="not-read"
      ways={[{ label: "Export what is shown", run: () => files.exportIpynb() }]}
    />
  );
}

export function WhereKept() {
  const { keeping } = usePage();
  if (!keeping) {
    return <p>This notebook is kept only in this tab. Reloading the page discards it.</p>;
  }
  return keeping.failure.value ? (
    <p>This notebook is not stored as it is here. Export it before you leave.</p>
  ) : (
    <p>This notebook is stored in this browser only. Export it to keep a copy elsewhere.</p>
  );
}
