// Text from Python: streams and errors.

/** @import { Run } from "../../render/terminal.js" */

import { breakClass, breakable } from "../../render/breakable.js";
import { plain, runsOf } from "../../render/terminal.js";
import { AsWritten } from "../parts/marked.js";
import { Fold } from "./fold.jsx";
import { Head, useTail } from "./long-text.jsx";

/** What comes after so many changes of the colour is shown without colours: each is an element of the page. */
const MOST_COLOURED = 5_000;

/** @param {{ text: string, name: string }} props */
export function Stream({ text, name }) {
  return (
    <Fold what="output" isFollowed>
      {(isWhole) => (
        <pre class={`stream ${name}`} data-testid="stream" data-stream={name}>
          <Tail text={text} isWhole={isWhole} />
        </pre>
      )}
    </Fold>
  );
}

/** @param {{ text: string, isWhole: boolean }} props */
function Tail({ text, isWhole }) {
  const { end, more } = useTail(text, isWhole);
  return (
    <>
      {more}
      <Terminal text={end} />
    </>
  );
}

/** @param {{ text: unknown }} props */
export function Terminal({ text }) {
  const runs = runsOf(text);
  const name = breakClass(runs.map((run) => run.text).join(""));
  const rest = runs.splice(MOST_COLOURED).map((run) => run.text);
  const shown = (
    <>
      {runs.map((run, place) => (
        <Coloured key={place} run={run} />
      ))}
      <AsWritten text={breakable(rest.join(""))} />
    </>
  );
  return name ? <span class={name}>{shown}</span> : shown;
}

/** @param {{ run: Run }} props */
function Coloured({ run: { text, classes, color, background } }) {
  const letters = <AsWritten text={breakable(text)} />;
  if (!classes) return letters;
  return (
    <span class={classes} style={{ color: color && legible(color), background }}>
      {letters}
    </span>
  );
}

/** Gives colours that were chosen for another background some contrast on this one. @param {string} color */
function legible(color) {
  return `color-mix(in oklab, ${color} 60%, var(--ink))`;
}

/** A traceback of up to this many lines is shown unfolded. */
const SHORT_LINES = 16;
/** Characters of the message that are shown at first. */
const FIRST_OF_MESSAGE = 10_000;

/** @param {{ error: { ename?: unknown, evalue?: unknown, traceback?: unknown } }} props */
export function Failure({ error: { ename = "", evalue = "", traceback } }) {
  const { end, more } = useTail(Array.isArray(traceback) ? traceback.join("\n") : "");
  return (
    <div class="failure" data-testid="error">
      <p>
        <strong>{plain(ename).slice(0, 500)}</strong>
        {ename && evalue ? ": " : ""}
        <Head text={plain(evalue)} first={FIRST_OF_MESSAGE} />
      </p>
      {end && (
        <details open={!more && end.split("\n").length <= SHORT_LINES} data-testid="traceback">
          <summary>Traceback</summary>
          <pre tabIndex={0} aria-label="Traceback">
            {more}
            <Terminal text={end} />
          </pre>
        </details>
      )}
    </div>
  );
}
