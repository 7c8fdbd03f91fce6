// A button with a menu below it. The browser closes it at a click elsewhere and at Escape.

/** @import { ComponentChildren } from "preact" */

import { useId, useRef, useState } from "preact/hooks";

import { KeyName } from "./help.jsx";

/**
 * @typedef {object} Item
 * @property {string} label
 * @property {string} testId
 * @property {() => unknown} onClick
 * @property {string} [keys] that do the same
 * @property {boolean} [disabled]
 * @property {boolean} [startsGroup]
 */

/**
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.testId
 * @param {string} props.class of the button
 * @param {readonly Item[]} props.items
 * @param {ComponentChildren} props.children what the button shows
 */
export function Menu({ label, testId, class: className, items, children }) {
  const id = useId();
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const menu = useRef(/** @type {HTMLDivElement | null} */ (null));
  // A long notebook has many menus: what they hold is there while they are open.
  const [isOpen, setOpen] = useState(false);

  /** @param {import("preact").TargetedToggleEvent<HTMLDivElement>} event */
  const onToggle = (event) => {
    if (event.newState !== "open" || !menu.current || !button.current) return;
    placeBelow(menu.current, button.current);
    itemsOf(menu.current)[0]?.focus();
  };
  /** @param {Item} item */
  const choose = (item) => {
    menu.current?.hidePopover();
    item.onClick();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={className}
        data-testid={testId}
        aria-label={label}
        aria-haspopup="menu"
        title={label}
        popovertarget={id}
      >
        {children}
      </button>
      <div
        ref={menu}
        id={id}
        class="menu"
        popover="auto"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        onBeforeToggle={({ newState }) => setOpen(newState === "open")}
        onToggle={onToggle}
        onKeyDown={moveFocus}
      >
        {isOpen &&
          items.map((item) => (
            <button
              key={item.testId}
              type="button"
              role="menuitem"
              class={item.startsGroup ? "starts-group" : undefined}
              tabIndex={-1}
              data-testid={item.testId}
              disabled={item.disabled}
              onClick={() => choose(item)}
            >
              <span>{item.label}</span>
              {item.keys && <KeyName name={item.keys} />}
            </button>
          ))}
      </div>
    </>
  );
}

/** @param {HTMLElement} menu @param {HTMLElement} button */
export function placeBelow(menu, button) {
  const { bottom, top, left, right } = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = menu;
  const fits = bottom + offsetHeight + 8 < innerHeight || top < offsetHeight;
  menu.style.top = `${fits ? Math.min(bottom + 4, innerHeight - offsetHeight - 8) : top - offsetHeight - 4}px`;
  // Its edge stands below the button's, on the side that has more room.
  const wanted = left + right < innerWidth ? left : right - offsetWidth;
  menu.style.left = `${Math.max(8, Math.min(wanted, innerWidth - offsetWidth - 8))}px`;
}

/** @param {HTMLElement} menu @returns {HTMLButtonElement[]} */
function itemsOf(menu) {
  return [
    .../** @type {NodeListOf<HTMLButtonElement>} */ (menu.querySelectorAll("button:enabled")),
  ];
}

/** @param {import("preact").TargetedKeyboardEvent<HTMLDivElement>} event */
function moveFocus(event) {
  const items = itemsOf(event.currentTarget);
  const place = items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const steps = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: -1 };
  const next = steps[/** @type {keyof typeof steps} */ (event.key)];
  if (event.key === "Tab") event.currentTarget.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}
