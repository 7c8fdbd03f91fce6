// A dialog that is open as long as it is there.

import { useEffect, useRef } from "preact/hooks";

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
  useEffect(() => dialog.current?.showModal(), []);
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
