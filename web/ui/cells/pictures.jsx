// The pictures beside a prompt, and how they get there by pasting and dropping.

/** @import { Cell } from "../../../js/notebook/state/cells.js" */
/** @import { Page } from "../../app/page.js" */

import { useMemo } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { picturesIn } from "../../app/pictures.js";

/** @param {{ cell: Cell }} props */
export function Pictures({ cell }) {
  const page = usePage();
  const { id, metadata } = cell;
  // Reading them takes time, and a cell is drawn with every word that is typed.
  const images = useMemo(() => page.nb.images(id), [metadata.get("images")]);
  if (images.length === 0) return null;
  const remove = (/** @type {number} */ place) => {
    page.pictures.remove(id, place);
    page.focus.moveTo(id);
  };
  return (
    <ul class="pictures" aria-label="Pictures for the model" data-testid="pictures">
      {images.map(({ mediaType, data, name = "picture" }, place) => (
        <li key={place}>
          <img src={`data:${mediaType};base64,${data}`} alt={name} title={name} />
          <button
            type="button"
            class="remove"
            data-testid="remove-picture"
            aria-label={`Remove ${name}`}
            title="Remove"
            onClick={() => remove(place)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

/**
 * The event listeners that take pasted and dropped pictures, before the editor takes them.
 * @param {Page} page
 * @param {string} id of an AI cell
 */
export function pictureTarget(page, id) {
  /** @param {Event} event @param {DataTransfer | null} data */
  const take = (event, data) => {
    const files = picturesIn(data);
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void page.pictures.add(id, files);
  };
  return {
    /** @param {ClipboardEvent} event */
    onPasteCapture(event) {
      // Office programs copy text together with its picture: then the text is meant.
      const data = event.clipboardData;
      if (!data?.types.includes("text/plain")) take(event, data);
    },
    /** @param {import("preact").TargetedDragEvent<HTMLElement>} event */
    onDragOverCapture(event) {
      const { items = [] } = event.dataTransfer ?? {};
      if (![...items].some(({ kind, type }) => kind === "file" && type.startsWith("image/")))
        return;
      event.preventDefault();
      event.currentTarget.dataset.drop = "picture";
    },
    /** @param {import("preact").TargetedDragEvent<HTMLElement>} event */
    onDropCapture(event) {
      delete event.currentTarget.dataset.drop;
      take(event, event.dataTransfer);
    },
  };
}
