// Folds content that may be long to a few lines, which scroll, until the reader unfolds it.

/** @import { ComponentChildren } from "preact" */

import { useLayoutEffect, useRef, useState } from "preact/hooks";

/**
 * @param {object} props
 * @param {string} props.what for the button: "output"
 * @param {boolean} [props.isFollowed] keeps the end in sight while it grows, until the reader scrolls up
 * @param {(isWhole: boolean) => ComponentChildren} props.children
 */
export function Fold({ what, isFollowed = false, children }) {
  const [isWhole, setWhole] = useState(false);
  const [isLong, setLong] = useState(false);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const isAtEnd = useRef(true);

  useLayoutEffect(() => {
    const { current: element } = box;
    if (!element || isWhole) return;
    const overflows = element.scrollHeight > element.clientHeight + 1;
    if (overflows !== isLong) setLong(overflows);
    if (overflows && isFollowed && isAtEnd.current) element.scrollTop = element.scrollHeight;
  });

  const scrolls = isLong && !isWhole;
  return (
    <div class="fold-frame">
      <div
        ref={box}
        class={isWhole ? "fold" : "fold is-folded"}
        {...(scrolls && { tabIndex: 0, role: "group", "aria-label": `Long ${what}` })}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          (isAtEnd.current = scrollTop + clientHeight > scrollHeight - 8)
        }
      >
        {children(isWhole)}
      </div>
      {isLong && <FoldButton {...{ what, isWhole, setWhole }} />}
    </div>
  );
}

/** @param {{ what: string, isWhole: boolean, setWhole: (isWhole: boolean) => void }} props */
export function FoldButton({ what, isWhole, setWhole }) {
  return (
    <button
      type="button"
      class="fold-button"
      data-testid="fold"
      aria-expanded={isWhole}
      onClick={() => setWhole(!isWhole)}
    >
      {isWhole ? "Show less" : `Show the whole ${what}`}
    </button>
  );
}
