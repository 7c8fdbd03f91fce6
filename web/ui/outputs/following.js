// Scrolls along with an output that grows beyond the window, until the reader scrolls away from its end.

import { useLayoutEffect } from "preact/hooks";

/** Pixels between the end of the output and the bottom of the window. */
const MARGIN = 32;

/**
 * @param {{ current: HTMLElement | null }} place
 * @param {boolean} isGrowing
 */
export function useFollowing(place, isGrowing) {
  useLayoutEffect(() => {
    const element = place.current;
    if (!element || !isGrowing) return undefined;
    const below = () => element.getBoundingClientRect().bottom + MARGIN - innerHeight;
    /** @type {boolean | undefined} */
    let isInSight;
    const look = () => (isInSight = below() <= 1);
    const watch = new ResizeObserver(() => {
      // The observer's first report comes when the layout is known anyway, so measuring is free.
      isInSight ??= below() <= 0;
      if (isInSight && below() > 0) scrollBy({ top: below(), behavior: "instant" });
    });
    watch.observe(element);
    addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      removeEventListener("scroll", look);
    };
  }, [isGrowing]);
}
