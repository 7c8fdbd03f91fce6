// A button with a menu below it.

/** @import { ComponentChildren } from "preact" */

import { KeyName } from "./key-name.jsx";
import { Popover } from "./popover.jsx";

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
  return (
    <Popover
      {...{ label, testId, class: className, role: "menu", shown: children }}
      onOpen={(menu) => itemsOf(menu)[0]?.focus()}
      onKeyDown={moveFocus}
    >
      {(close) =>
        items.map((item) => (
          <button
            key={item.testId}
            type="button"
            role="menuitem"
            class={item.startsGroup ? "starts-group" : undefined}
            tabIndex={-1}
            data-testid={item.testId}
            disabled={item.disabled}
            onClick={() => {
              close();
              item.onClick();
            }}
          >
            <span>{item.label}</span>
            {item.keys && <KeyName name={item.keys} />}
          </button>
        ))
      }
    </Popover>
  );
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
