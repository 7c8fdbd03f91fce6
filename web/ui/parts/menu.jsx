// A button with a menu of commands below it.

/** @import { Command } from "../../app/commands/command.js" */

import { isEnabled, isInMenu, labelOf } from "../../app/commands/command.js";
import { usePage } from "../../app/page.js";
import { Icon } from "./icons.jsx";
import { KeyName } from "./key-name.jsx";
import { Popover } from "./popover.jsx";

/**
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.testId
 * @param {string} props.class of the button
 * @param {readonly Command[]} props.commands only those with `inMenu` are shown
 * @param {string} [props.id] of the cell that they act on
 */
export function Menu({ label, testId, class: className, commands, id = "" }) {
  const page = usePage();
  return (
    <Popover
      {...{ label, testId, class: className, role: "menu", shown: <Icon name="more" /> }}
      onOpen={(menu) => itemsOf(menu)[0]?.focus()}
      onKeyDown={moveFocus}
    >
      {(close) =>
        commands
          .filter((command) => isInMenu(command, page, id))
          .map((command, place, shown) => (
            <Item
              key={command.name}
              {...{ command, id, close }}
              startsGroup={place > 0 && command.section !== shown[place - 1].section}
            />
          ))
      }
    </Popover>
  );
}

/** @param {{ command: Command, id: string, startsGroup: boolean, close: () => void }} props */
function Item({ command, id, startsGroup, close }) {
  const page = usePage();
  return (
    <button
      type="button"
      role="menuitem"
      class={startsGroup ? "starts-group" : undefined}
      tabIndex={-1}
      data-testid={command.name}
      disabled={!isEnabled(command, page, id)}
      onClick={() => {
        close();
        command.run(page, id);
      }}
    >
      <span>{labelOf(command, page, id)}</span>
      {command.keys && <KeyName name={command.keys[0]} />}
    </button>
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
