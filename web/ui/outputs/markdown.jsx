// Shows rendered Markdown: sanitised, block by block, so that growing text redraws only its end. A long text is
// rendered in a worker, and no more of it is drawn at once than the page has time for.

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { breakClass } from "../../render/breakable.js";
import { cutBlocks } from "../../render/measure/html.js";
import { drawMath } from "../../render/math.js";
import { sanitise } from "../../render/markdown.js";
import { Head } from "./long-text.jsx";
import { useRendered } from "./rendered.js";

/** @param {{ text: string }} props */
export function Markdown({ text }) {
  const { blocks, isTooLong, retry } = useRendered(text);
  const [steps, setSteps] = useState(1);
  const { shown, isWhole } = useMemo(() => cutBlocks(blocks ?? [], steps), [blocks, steps]);
  const safe = useSafe(shown);
  const name = useMemo(() => `markdown ${breakClass(text)}`, [text]);
  if (isTooLong) return <Unformatted text={text} onRetry={retry} />;
  return (
    <div class={name} onClick={copyCode}>
      {safe.map((html, place) => (
        <Block key={place} html={html} />
      ))}
      {!blocks && <p class="formatting">Formatting…</p>}
      {!isWhole && (
        <button
          type="button"
          class="fold-button"
          data-testid="show-more"
          onClick={() => setSteps(steps + 1)}
        >
          Show more
        </button>
      )}
    </div>
  );
}

/** @param {{ text: string, onRetry: () => void }} props */
function Unformatted({ text, onRetry }) {
  return (
    <div class="markdown unformatted" data-testid="unformatted">
      <p class="hint">
        This text takes too long to format, so it is shown as it was written.{" "}
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      </p>
      <pre tabIndex={0}>
        <Head text={text} />
      </pre>
    </div>
  );
}

/** @param {{ html: string }} props safe */
function Block({ html }) {
  const element = useRef(/** @type {HTMLDivElement | null} */ (null));
  // Before painting, so that the source of a formula does not show up once KaTeX is loaded.
  useLayoutEffect(() => {
    if (element.current) drawMath(element.current);
  }, [html]);
  return <div ref={element} class="block" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** Sanitises HTML; unchanged blocks are not sanitised again. @param {readonly string[]} blocks */
function useSafe(blocks) {
  const last = useRef({
    raw: /** @type {readonly string[]} */ ([]),
    safe: /** @type {string[]} */ ([]),
  });
  if (last.current.raw !== blocks) {
    const { raw, safe } = last.current;
    last.current = {
      raw: blocks,
      safe: blocks.map((html, i) => (html === raw[i] ? safe[i] : sanitise(html))),
    };
  }
  return last.current.safe;
}

/** @param {MouseEvent} event */
async function copyCode({ target }) {
  const button = /** @type {HTMLElement} */ (target);
  if (!button.matches("button.copy")) return;
  const code = button.parentElement?.querySelector("code")?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(code);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copying is blocked";
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}
