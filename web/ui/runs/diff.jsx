// Shows the differences between two texts, line by line.

import { diffLines } from "diff";

import { showHidden } from "../../render/hidden.js";

const MARKS = { added: "+", removed: "−", same: " " };

/** @param {{ before: string, after: string }} props */
export function Diff({ before, after }) {
  const lines = diffLines(before, after).flatMap(({ value, added, removed }) => {
    const kind = /** @type {keyof typeof MARKS} */ (added ? "added" : removed ? "removed" : "same");
    return value
      .replace(/\n$/, "")
      .split("\n")
      .map((text) => ({ kind, text }));
  });
  return (
    <pre class="diff" data-testid="diff" tabIndex={0} aria-label="Changes">
      {lines.map(({ kind, text }, place) => (
        <Line key={place} kind={kind} text={text} />
      ))}
    </pre>
  );
}

/** @param {{ kind: keyof typeof MARKS, text: string }} props */
function Line({ kind, text }) {
  const line = `${MARKS[kind]} ${showHidden(text)}\n`;
  if (kind === "added") return <ins>{line}</ins>;
  return kind === "removed" ? <del>{line}</del> : <span>{line}</span>;
}
