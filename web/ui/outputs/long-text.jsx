// Text of any length: as much of it as is drawn at once, and a button that shows more.

import { useState } from "preact/hooks";

import { breakClass, breakable } from "../../render/breakable.js";
import { lengthWithin } from "../../render/measure/letters.js";
import { AsWritten } from "../parts/marked.js";

/** Simple letters that are shown at first, and what each further step shows besides. */
export const FIRST = 100_000;
const STEP = 500_000;

/** @param {{ text: string, first?: number }} props from its beginning on */
export function Head({ text, first = FIRST }) {
  const [steps, setSteps] = useState(0);
  const end = lengthWithin(text, first + steps * STEP);
  if (text.length <= end) return <Letters text={text} />;
  return (
    <>
      <Letters text={text.slice(0, end)} />
      <More left={text.length - end} where="below" onMore={() => setSteps(steps + 1)} />
    </>
  );
}

/** @param {{ text: string }} props */
function Letters({ text }) {
  const name = breakClass(text);
  const letters = <AsWritten text={breakable(text)} />;
  return name ? <span class={name}>{letters}</span> : letters;
}

/**
 * How much of the end of a text is shown.
 * @param {string} text
 * @param {boolean} [isUnfolded] whether a reader has asked for all of it: then a step more is shown
 * @returns {{ end: string, more: any }} `more` is a button, or null if all is shown
 */
export function useTail(text, isUnfolded = false) {
  const [steps, setSteps] = useState(0);
  const cost = FIRST + (steps + Number(isUnfolded)) * STEP;
  const left = text.length - lengthWithin(text, cost, true);
  if (left === 0) return { end: text, more: null };
  return {
    end: text.slice(left),
    more: <More left={left} where="above" onMore={() => setSteps(steps + 1)} />,
  };
}

/** @param {{ left: number, where: "above" | "below", onMore: () => void }} props */
function More({ left, where, onMore }) {
  return (
    <span class="more">
      {`… ${left.toLocaleString("en")} characters ${where} `}
      <button type="button" class="fold-button" data-testid="show-more" onClick={onMore}>
        Show more
      </button>
      {"\n"}
    </span>
  );
}
