// A dialog, which is open for as long as it is rendered, and the row of buttons of one that only shows something.

import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.testId
 * @param {() => void} props.onClose called once, however the dialog is closed
 * @param {boolean} [props.isWide]
 * @param {import("preact").ComponentChildren} props.children
 */
export function Dialog({ title, testId, onClose, isWide = false, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const isGone = useRef(false);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal(); // at once, so that the next key that is pressed goes to the dialog
    return () => {
      isGone.current = true;
      element?.close(); // gives the focus back
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={isWide ? "dialog wide" : "dialog"}
      aria-labelledby="dialog-title"
      data-testid={testId}
      onClose={() => isGone.current || onClose()}
    >
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}

/** @param {{ onClose: () => void }} props */
export function CloseButton({ onClose }) {
  return (
    <div class="buttons">
      <button type="button" autofocus onClick={onClose}>
        Close
      </button>
    </div>
  );
}
