// A dialog that is open as long as it is there.

import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.testId
 * @param {() => void} props.onClose told once, whichever way it was closed
 * @param {boolean} [props.isWide]
 * @param {import("preact").ComponentChildren} props.children
 */
export function Dialog({ title, testId, onClose, isWide = false, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  // As soon as it is there: a key that is pressed next is for the dialog.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class={isWide ? "dialog wide" : "dialog"}
      aria-labelledby="dialog-title"
      data-testid={testId}
      onClose={onClose}
    >
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}
