// What all places have in common on which something can be dropped: while it is above one, `data-drop` says so there.

/** @param {DragEvent} event */
export function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** Listens to what is dragged away, and not only onto what is within. @param {import("preact").TargetedDragEvent<HTMLElement>} event */
export function unmarkDrop({ currentTarget, relatedTarget }) {
  if (!currentTarget.contains(/** @type {Node | null} */ (relatedTarget))) {
    delete currentTarget.dataset.drop;
  }
}
