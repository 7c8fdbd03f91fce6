// All commands, found by their words: arrow keys choose one, Enter runs it at the selected cell.

/** @import { Offer } from "../../../app/commands/palette.js" */

import { useRef, useState } from "preact/hooks";

import { findCommands } from "../../../app/commands/palette.js";
import { usePage } from "../../../app/page.js";
import { Dialog } from "../../parts/dialog.jsx";
import { KeyName } from "../../parts/key-name.jsx";

export function Palette() {
  const { dialogs } = usePage();
  const { offers, active, field, run } = useOffers();
  return (
    <Dialog title="All commands" testId="palette-dialog" onClose={dialogs.close}>
      <input
        type="text"
        autofocus
        class="palette-field"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-label="Find a command"
        placeholder="Find a command"
        data-testid="find-command"
        spellcheck={false}
        {...field}
      />
      <div class="choices" role="listbox" id="palette-list" aria-label="Commands" tabIndex={-1}>
        {offers.map((offer, at) => (
          <Line
            key={offer.command.name}
            {...{ offer, at }}
            isActive={at === active}
            onChoose={() => run(offer)}
          />
        ))}
      </div>
      {offers.length === 0 && <p class="hint">No command has these words.</p>}
    </Dialog>
  );
}

/** The commands with the words that are looked for, and the active one: arrow keys move it, Enter runs it. */
function useOffers() {
  const page = usePage();
  const [wanted, setWanted] = useState("");
  const [place, setPlace] = useState(0);
  const offers = findCommands(page, wanted);
  const active = Math.min(place, offers.length - 1);
  /** @param {Offer | undefined} offer */
  const run = (offer) => {
    if (!offer) return;
    page.dialogs.close();
    // Once the dialog has given the focus back, which the command may move.
    requestAnimationFrame(() => offer.command.run(page, offer.id));
  };
  const field = {
    value: wanted,
    "aria-activedescendant": offers[active] && `palette-${active}`,
    onInput: (/** @type {import("preact").TargetedInputEvent<HTMLInputElement>} */ event) => {
      setWanted(event.currentTarget.value);
      setPlace(0);
    },
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      const next = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
      if (next !== undefined) setPlace((next + offers.length) % offers.length);
      else if (event.key === "Enter") run(offers[active]);
      else return;
      event.preventDefault();
    },
  };
  return { offers, active, field, run };
}

/** @param {{ offer: Offer, at: number, isActive: boolean, onChoose: () => void }} props */
function Line({ offer: { command, text }, at, isActive, onChoose }) {
  const element = useRef(/** @type {HTMLDivElement | null} */ (null));
  if (isActive) element.current?.scrollIntoView({ block: "nearest" });
  return (
    <div
      ref={element}
      id={`palette-${at}`}
      role="option"
      class="option"
      aria-selected={isActive}
      data-active={isActive}
      data-testid="palette-command"
      data-command={command.name}
      onClick={onChoose}
    >
      <span class="name">{text}</span>
      {command.keys && <KeyName name={command.keys[0]} />}
    </div>
  );
}
