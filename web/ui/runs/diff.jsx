// Shows the differences between two texts, line by line.

import { diffLines } from "diff";
import { useMemo, useState } from "preact/hooks";

import { showHidden } from "../../render/hidden.js";
import { Head } from "../outputs/long-text.jsx";

const MARKS = { added: "+", removed: "−", same: " ", left: "⋯" };

/** Lines of what stays that are shown beside what changes. */
const CONTEXT = 3;
/** Lines that are shown at first, and with each further step. */
const STEP = 2_000;
/** Texts that differ in more lines are shown as one removed and one added: finding how they differ takes long. */
const MOST_CHANGES = 1_000;
/** Characters of a line that are shown at first. */
const FIRST_OF_LINE = 10_000;

/** @param {{ before: string, after: string }} props */
export function Diff({ before, after }) {
  const [steps, setSteps] = useState(1);
  const lines = useMemo(() => linesOf(before, after), [before, after]);
  const left = lines.length - steps * STEP;
  return (
    <pre class="diff" data-testid="diff" tabIndex={0} aria-label="Changes">
      {lines.slice(0, steps * STEP).map(({ kind, text }, place) => (
        <Line key={place} kind={kind} text={text} />
      ))}
      {left > 0 && (
        <button type="button" class="fold-button" onClick={() => setSteps(steps + 1)}>
          {`Show more of ${left.toLocaleString("en")} lines`}
        </button>
      )}
    </pre>
  );
}

/** @typedef {{ kind: keyof typeof MARKS, text: string }} LineOfDiff */

/** @param {string} before @param {string} after @returns {LineOfDiff[]} */
function linesOf(before, after) {
  const changes = diffLines(before, after, { maxEditLength: MOST_CHANGES }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  return changes.flatMap(({ value, added, removed }, place) => {
    const lines = value.replace(/\n$/, "").split("\n");
    const kind = added ? "added" : "removed";
    if (added || removed) return lines.map((text) => ({ kind, text }));
    return nearChanges(lines, place > 0, place < changes.length - 1);
  });
}

/**
 * Returns those of the lines that stay that are near to what changes, and says how many there are besides.
 * @param {string[]} lines @param {boolean} isBelow whether they stand below a change @param {boolean} isAbove
 * @returns {LineOfDiff[]}
 */
function nearChanges(lines, isBelow, isAbove) {
  const first = isBelow ? CONTEXT : 0;
  const last = isAbove ? lines.length - CONTEXT : lines.length;
  const left = last - first;
  const same = lines.map((text) => /** @type {LineOfDiff} */ ({ kind: "same", text }));
  // A single line takes no more room than what would be said of it.
  if (left < 2) return same;
  const note = /** @type {LineOfDiff} */ ({
    kind: "left",
    text: `${left.toLocaleString("en")} lines stay as they are`,
  });
  return [...same.slice(0, first), note, ...same.slice(last)];
}

/** @param {LineOfDiff} props */
function Line({ kind, text }) {
  const line = <Head text={`${MARKS[kind]} ${showHidden(text)}\n`} first={FIRST_OF_LINE} />;
  if (kind === "added") return <ins>{line}</ins>;
  if (kind === "removed") return <del>{line}</del>;
  return <span class={kind === "left" ? "left" : undefined}>{line}</span>;
}
