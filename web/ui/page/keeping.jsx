// Says whether the notebook is kept: in the bar, below it where something fails, and at the foot of the page.

/** @import { Remedy } from "../../storage/failures.js" */
/** @import { WayOn } from "../parts/message-bar.jsx" */

import { useState } from "preact/hooks";

import { exportRawLog } from "../../app/files.js";
import { usePage } from "../../app/page.js";
import { MessageBar } from "../parts/message-bar.jsx";
import { useAttempt } from "../parts/problem.jsx";

/** @type {WayOn} */
const RELOAD = { label: "Reload the page", isMain: true, run: () => location.reload() };

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

const NOTEBOOKS = /** @type {const} */ ({ name: "notebooks" });

/** What a remedy is called that the store can apply itself. @type {Partial<Record<Remedy, string>>} */
const RETRY = {
  again: "Try again",
  room: "Try again",
  back: "Put it back",
  anew: "Store it again",
};

/** Why the notebook is not kept, until it is. */
export function NotKept() {
  const { cells, dialogs, files, keeping } = usePage();
  const [exportRaw, problem] = useRawExport();
  const [triedAt, setTriedAt] = useState("");
  const failure = keeping?.failure.value ?? "";
  if (!keeping || !failure) return null;
  const tryAgain = async () => {
    await keeping.retry();
    setTriedAt(keeping.failure.value ? new Date().toLocaleTimeString() : "");
  };
  const { isRead, remedy } = keeping;
  const label = RETRY[remedy];
  const showNotebooks = { label: "Show the notebooks", run: () => dialogs.open(NOTEBOOKS) };
  const exportShown = { label: "Export", testId: "export-unkept", run: () => files.exportIpynb() };
  const isAnything = isRead || cells.order.length > 0;
  return (
    <MessageBar
      text={`${failure}${triedAt && ` Tried again at ${triedAt}.`}${problem}`}
      testId="not-kept"
      ways={[
        label ? { label, testId: "keep-again", isMain: true, run: tryAgain } : RELOAD,
        ...(remedy === "room" ? [showNotebooks] : []),
        ...(isAnything
          ? [isRead ? exportShown : { ...exportShown, label: "Export what is shown" }]
          : []),
        ...(isRead && label ? [] : [exportRaw]),
      ]}
    />
  );
}

/** What of the notebook is missing in the storage, until the person has seen it. */
export function NotWhole() {
  const { keeping } = usePage();
  const [exportRaw, problem] = useRawExport();
  const damage = keeping?.damage.value ?? "";
  if (!keeping || damage === keeping.seen.text.value) return null;
  const dismiss = () => keeping.seen.put(damage);
  const ways = [{ ...exportRaw, isMain: true }];
  return (
    <MessageBar
      text={damage && damage + problem}
      testId="not-whole"
      ways={ways}
      onDismiss={dismiss}
    />
  );
}

/** What a newer version of the page has written. */
export function NewerEvents() {
  const { notebookId, signals } = usePage();
  const [exportRaw, problem] = useRawExport();
  const [dismissed, setDismissed] = useState("");
  const [name, ...others] = signals.unknownNames;
  if (name === undefined) return null;
  const which = others.length === 0 ? name : `${name}, and ${others.length} more`;
  if (dismissed === which) return null;
  return (
    <MessageBar
      text={`This notebook holds what this version of the page does not know (${which}): a newer one has written it. It stays stored, and is not shown here. Reload the page to get the newer version.${problem}`}
      testId="newer-events"
      ways={notebookId === null ? [] : [RELOAD, exportRaw]}
      onDismiss={() => setDismissed(which)}
    />
  );
}

/** What of the notebook the page could not read. */
export function NotRead() {
  const { files, notebookId, signals } = usePage();
  const [exportRaw, problem] = useRawExport();
  const { faults } = signals;
  if (faults.length === 0) return null;
  const which = faults.length === 1 ? faults[0] : `${faults[0]}, and ${faults.length - 1} more`;
  return (
    <MessageBar
      text={`Part of this notebook is not shown, because of an error in this page (${which}). Nothing was deleted.${problem}`}
      testId="not-read"
      ways={[
        { label: "Export what is shown", run: () => files.exportIpynb() },
        ...(notebookId === null ? [] : [exportRaw]),
      ]}
    />
  );
}

/** A way on: saves all that the browser holds of the notebook; and why that failed, to be added to a sentence. @returns {[WayOn, string]} */
function useRawExport() {
  const { notebookId } = usePage();
  const { problem, attempt } = useAttempt();
  const run = () => notebookId !== null && attempt(() => exportRawLog(notebookId));
  return [{ label: "Export the raw log", testId: "export-raw", run }, problem && ` ${problem}`];
}

/** Said in place of cells, if there are none. */
export function NoCells() {
  const { keeping, signals } = usePage();
  const isAll = signals.faults.length === 0 && signals.unknownNames.length === 0;
  if (keeping?.failure.value && !keeping.isRead) {
    return <p class="empty">This notebook could not be opened, so its cells are not shown.</p>;
  }
  if (!isAll || keeping?.damage.value) {
    return <p class="empty">What could be read of this notebook has no cells.</p>;
  }
  return <p class="empty">This notebook is empty. Add a cell to begin.</p>;
}

export function WhereKept() {
  const { keeping } = usePage();
  if (!keeping) {
    return <p>This notebook is kept only in this tab. Reloading the page discards it.</p>;
  }
  if (keeping.failure.value) {
    return <p>This notebook is not stored as it is here. Export it before you leave.</p>;
  }
  const { damage, seen } = keeping;
  const isHidden = damage.value !== "" && damage.value === seen.text.value;
  return (
    <p>
      This notebook is stored in this browser only{isHidden && ", and not whole"}. Export it to keep
      a copy elsewhere.{" "}
      {isHidden && (
        <button type="button" data-testid="show-damage" onClick={() => seen.put("")}>
          What is missing?
        </button>
      )}
    </p>
  );
}
