// Around what may hold anything: one output that cannot be drawn does not take the page with it.

/** @import { ComponentChildren } from "preact" */

import { useErrorBoundary } from "preact/hooks";

/** @param {{ children: ComponentChildren }} props */
export function Guard({ children }) {
  const [error] = useErrorBoundary();
  return error ? <p class="empty">This output cannot be shown: {String(error)}</p> : children;
}
