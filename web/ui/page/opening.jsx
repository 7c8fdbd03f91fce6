// Shown until the notebook is open: how far that is, and if it takes long, what can be done.

/** @import { Opening } from "../../storage/opening.js" */

import { useEffect, useState } from "preact/hooks";

import { exportRawLog } from "../../app/files.js";
import { Problem, useAttempt } from "../parts/problem.jsx";

/** After so long it is said that it takes long; each time that a person waits on, twice as long. */
const SLOW_MS = 8000;

const NAMES = {
  reading: "Opening the notebook…",
  compacting:
    "This notebook has grown: it is compacted before it opens. Nothing that you wrote is left out.",
  waiting: "Another tab is compacting this notebook. It opens here after that.",
};

/** @param {{ opening: Opening }} props */
export function OpeningNotebook({ opening }) {
  const stage = opening.stage.value;
  return (
    <div class="opening" data-testid="opening" data-stage={stage}>
      <p role="status">{NAMES[stage]}</p>
      <progress
        max={1}
        value={stage === "waiting" ? undefined : opening.fraction.value}
        aria-label="Progress"
      />
      <Slow opening={opening} />
    </div>
  );
}

/** @param {{ opening: Opening }} props */
function Slow({ opening }) {
  const [patience, setPatience] = useState(SLOW_MS);
  const [isSlow, setSlow] = useState(false);
  const { problem, attempt } = useAttempt();
  useEffect(() => {
    const timer = setTimeout(setSlow, patience, true);
    return () => clearTimeout(timer);
  }, [patience]);
  if (!isSlow) return null;
  const wait = () => {
    setSlow(false);
    setPatience(patience * 2);
  };
  return (
    <div role="alert" data-testid="slow-opening">
      <p>
        This takes longer than it should. Nothing is lost by waiting. The raw log holds everything
        that this browser has stored of the notebook.
      </p>
      <span class="ways">
        <button type="button" class="primary" data-testid="wait" onClick={wait}>
          Keep waiting
        </button>
        {opening.stage.value === "compacting" && (
          <button type="button" data-testid="open-as-it-is" onClick={() => opening.skip?.()}>
            Open it as it is
          </button>
        )}
        <button
          type="button"
          data-testid="export-raw"
          onClick={() => attempt(() => exportRawLog(opening.id))}
        >
          Export the raw log
        </button>
      </span>
      <Problem text={problem} />
    </div>
  );
}
