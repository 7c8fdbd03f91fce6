// Chooses the model that answers: a button that names it, and below it a list of what the providers offer.

/** @import { Choice } from "../../app/page.js" */
/** @import { Group, Option } from "./model-options.js" */

import { useId, useRef, useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { Popover } from "../parts/popover.jsx";
import { formatChoice, modelOptions } from "./model-options.js";

/**
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.testId
 * @param {string} props.class of the button
 * @param {Choice} props.chosen
 * @param {string} [props.inherited] what an empty choice stands for, if it is allowed
 * @param {(choice: Choice) => unknown} props.onChoose
 */
export function ModelPicker({ label, testId, class: className, chosen, inherited, onChoose }) {
  const page = usePage();
  const shown = chosen.provider ? formatChoice(page, chosen) : (inherited ?? "");
  return (
    <Popover
      {...{ label, testId, class: className, role: "dialog", shown }}
      buttonLabel={`${label}: ${shown}`}
      boxClass="menu picker"
      boxTestId="picker"
      onOpen={() => void page.ai.askForModels()}
    >
      {(close) => (
        <Choices
          {...{ chosen, inherited, close }}
          onChoose={(choice) => {
            close();
            onChoose(choice);
          }}
        />
      )}
    </Popover>
  );
}

/**
 * @typedef {object} ChoicesProps
 * @property {Choice} chosen
 * @property {string} [inherited]
 * @property {(choice: Choice) => void} onChoose
 *
 * @param {ChoicesProps & { close: () => void }} props
 */
function Choices({ close, ...props }) {
  const { id, first, groups, field, optionProps } = useChoices(props);
  const show = (/** @type {Option} */ option) => <OptionLine {...optionProps(option)} />;
  return (
    <>
      <input
        type="text"
        autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-label="Find a model"
        placeholder="Find a model, or enter a name"
        data-testid="find-model"
        spellcheck={false}
        {...field}
      />
      <div
        class="choices"
        role="listbox"
        id={`${id}-list`}
        aria-label="Models"
        aria-busy={groups.some(({ offer }) => offer?.isAsked)}
        tabIndex={-1}
      >
        {first.map(show)}
        {groups.map((group) => (
          <OptionGroup key={group.provider} {...{ group, show }} />
        ))}
      </div>
      <Connecting close={close} />
    </>
  );
}

/** The ways to a provider's settings. @param {{ close: () => void }} props */
function Connecting({ close }) {
  const { ai, dialogs, signIn } = usePage();
  const isConnected = ai.names.length > 1;
  const openSettings = () => {
    close();
    dialogs.open({ name: "settings" });
  };
  const signInThere = () => {
    void signIn.start();
    openSettings();
  };
  return (
    <>
      {!isConnected && (
        <button type="button" class="starts-group" data-testid="sign-in" onClick={signInThere}>
          Sign in with OpenRouter
        </button>
      )}
      <button
        type="button"
        class={isConnected ? "starts-group" : undefined}
        data-testid="open-settings"
        onClick={openSettings}
      >
        Providers and keys…
      </button>
    </>
  );
}

/** The search text and the active option: arrow keys move it, Enter chooses it. @param {ChoicesProps} props */
function useChoices({ chosen, inherited, onChoose }) {
  const page = usePage();
  const id = useId();
  const [wanted, setWanted] = useState("");
  const [place, setPlace] = useState(0);
  const { first, groups } = modelOptions(page, wanted.trim(), chosen, inherited);
  const options = [...first, ...groups.flatMap((group) => group.options)];
  const active = Math.min(place, options.length - 1);
  const idOf = (/** @type {Option} */ option) => `${id}-${options.indexOf(option)}`;
  const field = {
    value: wanted,
    "aria-activedescendant": options[active] && idOf(options[active]),
    onInput: (/** @type {import("preact").TargetedInputEvent<HTMLInputElement>} */ event) => {
      setWanted(event.currentTarget.value);
      setPlace(0);
    },
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      const next = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
      if (next !== undefined) setPlace((next + options.length) % options.length);
      else if (event.key === "Enter" && options[active]) onChoose(options[active].choice);
      else return;
      event.preventDefault();
    },
  };
  const optionProps = (/** @type {Option} */ option) => ({
    key: idOf(option),
    id: idOf(option),
    option,
    isActive: options[active] === option,
    isChosen: isSame(option.choice, chosen),
    onChoose: () => onChoose(option.choice),
  });
  return { id, first, groups, field, optionProps };
}

/** @param {{ group: Group, show: (option: Option) => import("preact").ComponentChildren }} props */
function OptionGroup({ group: { title, options, offer }, show }) {
  return (
    <div role="group" aria-label={title}>
      <p class="group" role="presentation">
        {title}
        {offer?.isAsked && <span class="hint"> loading…</span>}
      </p>
      {options.map(show)}
      {offer?.problem && (
        <p class="problem" role="presentation" data-testid="offer-problem">
          {offer.problem}
        </p>
      )}
    </div>
  );
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Option} props.option
 * @param {boolean} props.isActive
 * @param {boolean} props.isChosen
 * @param {() => void} props.onChoose
 */
function OptionLine({ id, option, isActive, isChosen, onChoose }) {
  const { choice, label, abilities = [] } = option;
  const element = useRef(/** @type {HTMLDivElement | null} */ (null));
  if (isActive) element.current?.scrollIntoView({ block: "nearest" });
  return (
    <div
      ref={element}
      id={id}
      role="option"
      class="option"
      aria-selected={isChosen}
      data-active={isActive}
      data-testid="model-option"
      data-provider={choice.provider}
      data-model={choice.model}
      onClick={onChoose}
    >
      <span class="name">{label}</span>
      {abilities.map((ability) => (
        <span key={ability} class="ability">
          {ability}
        </span>
      ))}
    </div>
  );
}

/** @param {Choice} one @param {Choice} other */
function isSame(one, other) {
  return one.provider === other.provider && one.model === other.model;
}
