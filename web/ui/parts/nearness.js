// Whether an element is in sight, or soon will be: what is drawn into hundreds of cells can wait until it can be seen.

import { signal } from "@preact/signals";

/** @type {WeakMap<Element, import("@preact/signals").Signal<boolean>>} */
const watched = new WeakMap();
/** One for all elements. @type {IntersectionObserver | undefined} */
let observer;

/**
 * @param {Element} element
 * @returns {{ isNear: import("@preact/signals").ReadonlySignal<boolean>, stop: () => void }}
 */
export function watchNearness(element) {
  observer ??= new IntersectionObserver(tell, { rootMargin: "50%" });
  const isNear = signal(false);
  watched.set(element, isNear);
  observer.observe(element);
  return { isNear, stop: () => observer?.unobserve(element) };
}

/** @param {readonly IntersectionObserverEntry[]} entries */
function tell(entries) {
  for (const { target, isIntersecting } of entries) {
    const isNear = watched.get(target);
    if (isNear) isNear.value = isIntersecting;
  }
}
