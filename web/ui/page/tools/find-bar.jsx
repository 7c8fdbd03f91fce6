// Find and replace: a row below the bar, which leaves the notebook in sight.

import { useLayoutEffect, useRef } from "preact/hooks";

import { usePage } from "../../../app/page.js";
import { MOST_MATCHES } from "../../../render/find.js";

export function FindBar() {
  return usePage().find.isOpen.value ? <Bar /> : null;
}

function Bar() {
  const { find } = usePage();
  return (
    <div
      class="find-bar"
      role="search"
      aria-label="Find and replace in all cells"
      data-testid="find-bar"
      onKeyDown={(event) => event.key === "Escape" && find.close()}
    >
      <FindRow />
      <ReplaceRow />
      {find.problem.value && (
        <p class="problem" role="alert" data-testid="find-problem">
          {find.problem.value}
        </p>
      )}
    </div>
  );
}

function FindRow() {
  const { find } = usePage();
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <div class="find-row">
      <input
        ref={field}
        type="text"
        aria-label="Find"
        placeholder="Find in all cells"
        data-testid="find-field"
        spellcheck={false}
        value={find.query.value.wanted}
        onInput={({ currentTarget }) => find.change({ wanted: currentTarget.value })}
        onKeyDown={(event) => event.key === "Enter" && find.step(event.shiftKey ? -1 : 1)}
      />
      <Options />
      <Position />
      <Act label="Previous" testId="find-previous" onClick={() => find.step(-1)} />
      <Act label="Next" testId="find-next" onClick={() => find.step(1)} />
    </div>
  );
}

function ReplaceRow() {
  const { find, notice } = usePage();
  const replaceAll = async () => {
    const count = await find.replaceAll();
    const replaced = count === 1 ? "1 match" : `${count.toLocaleString("en")} matches`;
    notice.say(`${replaced} replaced. To undo this, press Esc, then z.`);
  };
  return (
    <div class="find-row">
      <input
        type="text"
        aria-label="Replace with"
        placeholder="Replace with"
        data-testid="replacement"
        spellcheck={false}
        value={find.query.value.replacement}
        onInput={({ currentTarget }) => find.change({ replacement: currentTarget.value })}
        onKeyDown={(event) => event.key === "Enter" && find.replace()}
      />
      <Act label="Replace" testId="replace" onClick={() => find.replace()} />
      <Act label="Replace all" testId="replace-all" onClick={replaceAll} />
      <button type="button" data-testid="close-find" onClick={() => find.close()}>
        Close
      </button>
    </div>
  );
}

/** What is done to matches, if there are any. @param {{ label: string, testId: string, onClick: () => unknown }} props */
function Act({ label, testId, onClick }) {
  const hasNone = usePage().find.found.value.length === 0;
  return (
    <button type="button" disabled={hasNone} data-testid={testId} onClick={onClick}>
      {label}
    </button>
  );
}

/** What each option is called on its button, and for those who wonder. */
const OPTIONS = /** @type {const} */ ([
  ["isExact", "Aa", "Match capitals"],
  ["isWhole", "Word", "Whole words only"],
  ["isPattern", ".*", "Regular expression: in the replacement, $1 stands for its first group"],
]);

function Options() {
  const { find } = usePage();
  return OPTIONS.map(([name, shown, label]) => (
    <button
      key={name}
      type="button"
      class="find-option"
      aria-label={`${shown}: ${label}`}
      title={label}
      aria-pressed={find.query.value[name]}
      data-testid={`find-${name}`}
      onClick={() => find.change({ [name]: !find.query.value[name] })}
    >
      {shown}
    </button>
  ));
}

function Position() {
  const { find } = usePage();
  const { length } = find.found.value;
  if (!find.query.value.wanted || find.problem.value) return <span class="find-position" />;
  const all = length === MOST_MATCHES ? `${length} or more` : length;
  return (
    <span class="find-position" role="status" data-testid="find-position">
      {length === 0 ? "Not found" : describe(find.place.value, all)}
    </span>
  );
}

/** @param {number} place -1 if none is shown yet @param {number | string} all */
function describe(place, all) {
  return place < 0 ? `${all} found` : `${place + 1} of ${all}`;
}
