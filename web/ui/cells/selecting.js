// Selects cells with the pointer: a click with Shift extends the selection, one without it ends it.

/** @import { Page } from "../../app/page.js" */

/** What keeps a click with Shift for itself, and what acts on all selected cells. */
const OWN = "button, input, select, textarea, a, summary";

/** @param {Page} page @param {string} id */
export function selecting({ cells, focus }, id) {
  return {
    /** @param {import("preact").TargetedMouseEvent<HTMLElement>} event */
    onMouseDownCapture(event) {
      const element = /** @type {Element} */ (event.target);
      if (event.button !== 0 || element.closest(OWN) || element.closest(".grip")) return;
      const { selected } = focus;
      if (!event.shiftKey) focus.anchor.value = null;
      else if (selected.value !== null && selected.value !== id) {
        event.preventDefault(); // no text is selected
        event.stopPropagation();
        cells.extendTo(id);
      }
    },
  };
}
