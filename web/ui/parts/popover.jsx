// A button with a box below it, which the browser closes on a click elsewhere and on Escape.

/** @import { ComponentChildren } from "preact" */

import { useLayoutEffect, useId, useRef, useState } from "preact/hooks";

/**
 * @param {object} props
 * @param {string} props.label of what is below
 * @param {string} [props.buttonLabel] if the button says more
 * @param {string} props.testId of the button
 * @param {string} props.class of the button
 * @param {ComponentChildren} props.shown on the button
 * @param {"menu" | "dialog"} props.role
 * @param {string} [props.boxClass]
 * @param {string} [props.boxTestId]
 * @param {(box: HTMLElement) => void} [props.onOpen]
 * @param {(event: import("preact").TargetedKeyboardEvent<HTMLDivElement>) => void} [props.onKeyDown]
 * @param {(close: () => void) => ComponentChildren} props.children called only while it is open, since a long
 *   notebook has many popovers
 */
export function Popover({ label, buttonLabel = label, testId, shown, role, ...rest }) {
  const { boxClass = "menu", boxTestId, onOpen, onKeyDown, children } = rest;
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const { box, button } = useBoxBelow(isOpen);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={rest.class}
        data-testid={testId}
        aria-label={buttonLabel}
        aria-haspopup={role}
        title={buttonLabel}
        popovertarget={id}
      >
        {shown}
      </button>
      <div
        ref={box}
        id={id}
        class={boxClass}
        popover="auto"
        role={role}
        aria-label={label}
        tabIndex={-1}
        data-testid={boxTestId}
        onBeforeToggle={({ newState }) => setOpen(newState === "open")}
        onToggle={({ newState, currentTarget }) => newState === "open" && onOpen?.(currentTarget)}
        onKeyDown={onKeyDown}
      >
        {isOpen && children(() => box.current?.hidePopover())}
      </div>
    </>
  );
}

/** Keeps the box below its button, even while its content grows. @param {boolean} isOpen */
function useBoxBelow(isOpen) {
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useLayoutEffect(() => {
    const [element, anchor] = [box.current, button.current];
    if (!isOpen || !element || !anchor) return undefined;
    const observer = new ResizeObserver(() => placeBelow(element, anchor));
    observer.observe(element);
    return () => observer.disconnect();
  }, [isOpen]);
  return { box, button };
}

/** @param {HTMLElement} box @param {HTMLElement} button */
function placeBelow(box, button) {
  const { bottom, top, left, right } = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = box;
  const fits = bottom + offsetHeight + 8 < innerHeight || top < offsetHeight;
  box.style.top = `${fits ? Math.min(bottom + 4, innerHeight - offsetHeight - 8) : top - offsetHeight - 4}px`;
  // Align it with the button's left or right edge, on the side with more room.
  const wanted = left + right < innerWidth ? left : right - offsetWidth;
  box.style.left = `${Math.max(8, Math.min(wanted, innerWidth - offsetWidth - 8))}px`;
}
