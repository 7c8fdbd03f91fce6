// Text from Python: streams and errors.

/** @import { Run } from "../../render/terminal.js" */

import { plain, runsOf } from "../../render/terminal.js";
import { Fold } from "./fold.jsx";

/** Longer text would slow the page down: at first only its end is shown. */
const SHOWN_CHARACTERS = 100_000;

/** @param {{ text: string, name: string }} props */
export function Stream({ text, name }) {
  return (
    <Fold what="output" isFollowed>
      {(isWhole) => {
        const left = isWhole ? 0 : Math.max(0, text.length - SHOWN_CHARACTERS);
        return (
          <pre class={`stream ${name}`} data-testid="stream" data-stream={name}>
            {left > 0 && `… ${left.toLocaleString("en")} characters above\n`}
            <Terminal text={left > 0 ? text.slice(left) : text} />
          </pre>
        );
      }}
    </Fold>
  );
}

/** @param {{ text: unknown }} props */
export function Terminal({ text }) {
  return runsOf(text).map((run, place) => <Coloured key={place} run={run} />);
}

/** @param {{ run: Run }} props */
function Coloured({ run: { text, classes, color, background } }) {
  if (!classes) return text;
  return (
    <span class={classes} style={{ color: color && legible(color), background }}>
      {text}
    </span>
  );
}

/** Gives colours that were chosen for another background some contrast on this one. @param {string} color */
function legible(color) {
  return `color-mix(in oklab, ${color} 60%, var(--ink))`;
}

/** A traceback of up to this many lines is shown unfolded. */
const SHORT_LINES = 16;

/** @param {{ error: { ename?: unknown, evalue?: unknown, traceback?: unknown } }} props */
export function Failure({ error: { ename = "", evalue = "", traceback } }) {
  const text = Array.isArray(traceback) ? traceback.join("\n") : "";
  return (
    <div class="failure" data-testid="error">
      <p>
        <strong>{plain(ename)}</strong>
        {ename && evalue ? ": " : ""}
        {plain(evalue)}
      </p>
      {text && (
        <details open={text.split("\n").length <= SHORT_LINES} data-testid="traceback">
          <summary>Traceback</summary>
          <pre tabIndex={0} aria-label="Traceback">
            <Terminal text={text} />
          </pre>
        </details>
      )}
    </div>
  );
}
