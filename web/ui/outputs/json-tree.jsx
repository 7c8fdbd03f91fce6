// Shows JSON as a tree that can be unfolded.

import { useState } from "preact/hooks";

import { Head } from "./long-text.jsx";

/** How many entries of a list or an object are shown at a time. */
const STEP = 100;
/** A list or an object within another one is open at first if it has no more entries. */
const FEW = 20;
/** How many characters of a text, and of a name, are shown at first. */
const FIRST_OF_TEXT = 10_000;
const MOST_OF_NAME = 200;

/** @param {{ data: unknown }} props */
export function JsonTree({ data }) {
  return (
    <div class="json" data-testid="json">
      <Value name={undefined} value={data} depth={0} />
    </div>
  );
}

/** @param {{ name: string | undefined, value: unknown, depth: number }} props */
function Value({ name, value, depth }) {
  const count = typeof value === "object" && value !== null ? Object.keys(value).length : 0;
  const [isOpen, setOpen] = useState(depth === 0 || (depth === 1 && count <= FEW));
  const label =
    name === undefined ? null : <span class="json-name">{name.slice(0, MOST_OF_NAME)}: </span>;
  if (typeof value !== "object" || value === null) {
    return (
      <div class="json-leaf">
        {label}
        <span class={`json-${value === null ? "null" : typeof value}`}>
          <Head text={JSON.stringify(value) ?? ""} first={FIRST_OF_TEXT} />
        </span>
      </div>
    );
  }
  const summary = Array.isArray(value) ? `[${count}]` : `{${count}}`;
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {label}
        <span class="json-count">{summary}</span>
      </summary>
      {isOpen && <Entries value={value} depth={depth + 1} />}
    </details>
  );
}

/** @param {{ value: object, depth: number }} props */
function Entries({ value, depth }) {
  const [shown, setShown] = useState(STEP);
  const entries = Object.entries(value);
  return (
    <div class="json-entries">
      {entries.slice(0, shown).map(([name, each]) => (
        <Value key={name} name={name} value={each} depth={depth} />
      ))}
      {entries.length > shown && (
        <button type="button" class="fold-button" onClick={() => setShown(shown + STEP)}>
          {`Show ${Math.min(STEP, entries.length - shown)} more of ${entries.length}`}
        </button>
      )}
    </div>
  );
}
