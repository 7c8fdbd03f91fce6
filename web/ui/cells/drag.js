// Drags cells by their grip. The cell below the pointer shows where the dragged one would be dropped.

/** @import { Page } from "../../app/page.js" */

import { hasFiles, unmarkDrop } from "../parts/drop.js";

const TYPE = "application/x-notebook-cell";

/** @param {DragEvent} event @param {readonly string[]} ids */
export function startDrag(event, ids) {
  if (!event.dataTransfer) return;
  event.dataTransfer.setData(TYPE, JSON.stringify(ids));
  event.dataTransfer.effectAllowed = "move";
  const cell = /** @type {Element} */ (event.target).closest("[data-cell-id]");
  if (cell) event.dataTransfer.setDragImage(cell, 10, 10);
}

/** The event listeners that let another cell be dropped on this one. @param {Page} page @param {string} id */
export function dropTarget(page, id) {
  return {
    /** @param {import("preact").TargetedDragEvent<HTMLElement>} event */
    onDragOver(event) {
      if (!event.dataTransfer?.types.includes(TYPE)) return;
      event.preventDefault();
      event.currentTarget.dataset.drop = isBelow(event) ? "below" : "above";
    },
    onDragLeave: unmarkDrop,
    /** @param {import("preact").TargetedDragEvent<HTMLElement>} event */
    onDrop(event) {
      delete event.currentTarget.dataset.drop;
      const moved = event.dataTransfer?.getData(TYPE);
      if (!moved) return;
      event.preventDefault();
      page.cells.moveBeside(JSON.parse(moved), id, isBelow(event));
    },
  };
}

/** The event listeners that let files be dropped on a Python cell, before the editor takes them. @param {Page} page @param {string} id */
export function fileTarget(page, id) {
  return {
    /** @param {import("preact").TargetedDragEvent<HTMLElement>} event */
    onDragOverCapture(event) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.currentTarget.dataset.drop = "file";
    },
    /** @param {import("preact").TargetedDragEvent<HTMLElement>} event */
    onDropCapture(event) {
      delete event.currentTarget.dataset.drop;
      const { dataTransfer } = event;
      if (!dataTransfer || !hasFiles(event) || !isRead(dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      void page.folderCells.drop(id, dataTransfer);
    },
  };
}

/** Whether a cell can read what is dropped: a notebook is imported. @param {DataTransfer} dropped */
function isRead({ files }) {
  return ![...files].every(({ name }) => /\.ipynb$/i.test(name));
}

/** Whether the pointer is on the lower half. @param {import("preact").TargetedDragEvent<HTMLElement>} event */
function isBelow({ currentTarget, clientY }) {
  const { top, height } = currentTarget.getBoundingClientRect();
  return clientY > top + height / 2;
}

/**
 * Lets files be dropped where no cell takes them: the browser would open one in place of the notebook.
 * @param {DragEvent} event at the window
 */
export function takeFiles(event) {
  const { dataTransfer, defaultPrevented, target } = event;
  const isTaken =
    defaultPrevented || /** @type {Element} */ (target).closest?.(".cm-editor, input");
  if (isTaken || !dataTransfer || !hasFiles(event)) return;
  event.preventDefault();
  dataTransfer.dropEffect = "copy";
}
