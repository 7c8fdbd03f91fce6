// Shows rendered Markdown: sanitised, block by block, so that growing text redraws only its end.

import { useLayoutEffect, useRef } from "preact/hooks";

import { drawMath } from "../../render/math.js";
import { GrowingText, sanitise } from "../../render/markdown.js";

/** @param {{ text: string }} props */
export function Markdown({ text }) {
  const blocks = useBlocks(text);
  return (
    <div class="markdown" onClick={copyCode}>
      {blocks.map((html, place) => (
        <Block key={place} html={html} />
      ))}
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

/** @param {string} text @returns {string[]} safe HTML; unchanged blocks are not sanitised again */
function useBlocks(text) {
  const growing = useRef(/** @type {GrowingText | null} */ (null));
  const last = useRef({ text: "", raw: /** @type {string[]} */ ([]), safe: [""] });
  if (last.current.text !== text) {
    const { raw: oldRaw, safe: oldSafe } = last.current;
    const raw = (growing.current ??= new GrowingText()).render(text);
    const safe = raw.map((html, i) => (html === oldRaw[i] ? oldSafe[i] : sanitise(html)));
    last.current = { text, raw, safe };
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
