// Markdown as blocks of HTML: short text at once, so that nothing flickers while it streams; long text in a worker,
// which is ended if it takes too long.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { renderApart } from "../../render/apart/apart.js";
import { GrowingText } from "../../render/markdown.js";
import { breakable } from "../../render/breakable.js";
import { hasTime } from "../../render/apart/turn.js";

/**
 * @param {string} written
 * @returns {{ blocks: string[] | undefined, isTooLong: boolean, retry: () => void }} `blocks` are those of the last
 *   text that was rendered, undefined if none was; they are not sanitised
 */
export function useRendered(written) {
  const text = useMemo(() => breakable(written), [written]);
  const growing = useRef(/** @type {GrowingText | null} */ (null));
  const latest = useRef({
    blocks: /** @type {string[] | undefined} */ (undefined),
    late: /** @type {string[] | undefined} */ (undefined),
  });
  const renderer = (growing.current ??= new GrowingText());
  const atOnce = useMemo(
    () => (renderer.isQuick(text) && hasTime() ? renderer.render(text) : undefined),
    [text],
  );
  const { late, isTooLong, retry } = useApart(text, atOnce === undefined);
  const { blocks, late: earlier } = latest.current;
  // What came from the worker before other text was rendered at once is older than that.
  latest.current = { blocks: atOnce ?? (late === earlier ? blocks : late), late };
  return { blocks: latest.current.blocks, isTooLong: isTooLong && atOnce === undefined, retry };
}

/**
 * Renders in the worker. What comes while it is busy waits, and only the newest text is rendered then.
 * @param {string} text
 * @param {boolean} isWanted
 */
function useApart(text, isWanted) {
  const [late, setLate] = useState(/** @type {string[] | undefined} */ (undefined));
  const [isTooLong, setTooLong] = useState(false);
  const asked = useRef({ text: "", isBusy: false });
  const ask = async () => {
    asked.current.isBusy = true;
    /** @type {string | undefined} */
    let done;
    try {
      while (done !== asked.current.text) {
        done = asked.current.text;
        setLate(/** @type {string[]} */ (await renderApart({ kind: "blocks", text: done })));
      }
    } catch {
      setTooLong(true);
    }
    asked.current.isBusy = false;
  };
  useEffect(() => {
    if (!isWanted || isTooLong) return;
    asked.current.text = text;
    if (!asked.current.isBusy) void ask();
  }, [text, isWanted, isTooLong]);
  return { late, isTooLong, retry: () => setTooLong(false) };
}
