// Which model answers: a button that says so, with a list of what the providers offer below it.

/** @import { AiModel } from "../../../js/types.d.ts" */
/** @import { Choice } from "../../app/page.js" */
/** @import { Offer } from "../../providers/ai.js" */

import { useId, useRef, useState } from "preact/hooks";

import { titleOf } from "../../providers/kinds.js";
import { usePage } from "../../app/page.js";
import { Popover } from "../parts/popover.jsx";

/**
 * @typedef {object} Option
 * @property {Choice} choice
 * @property {string} label
 * @property {readonly string[]} [abilities]
 *
 * @typedef {object} Group the options of one provider
 * @property {string} provider
 * @property {string} title
 * @property {Option[]} options
 * @property {Offer} [offer]
 */

/** The choice that leaves it to the notebook. @type {Choice} */
const NOTHING = { provider: "", model: "" };

/**
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.testId
 * @param {string} props.class of the button
 * @param {Choice} props.chosen
 * @param {string} [props.inherited] what an empty choice comes to, where one can be made
 * @param {(choice: Choice) => unknown} props.onChoose
 */
export function ModelPicker({ label, testId, class: className, chosen, inherited, onChoose }) {
  const page = usePage();
  const words = chosen.provider ? formatChoice(page, chosen) : (inherited ?? "");
  return (
    <Popover
      {...{ label, testId, class: className, role: "dialog", shown: words }}
      buttonLabel={`${label}: ${words}`}
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
 * @param {object} props
 * @param {Choice} props.chosen
 * @param {string} [props.inherited]
 * @param {(choice: Choice) => void} props.onChoose
 * @param {() => void} props.close
 */
function Choices({ chosen, inherited, onChoose, close }) {
  const page = usePage();
  const id = useId();
  const [wanted, setWanted] = useState("");
  const [place, setPlace] = useState(0);
  const first =
    inherited && !wanted.trim()
      ? [{ choice: NOTHING, label: `As the notebook: ${inherited}` }]
      : [];
  const groups = page.ai.names.map((name) => groupOf(page, name, wanted.trim(), chosen));
  const options = [...first, ...groups.flatMap((group) => group.options)];
  const active = Math.min(place, options.length - 1);
  const idOf = (/** @type {Option} */ option) => `${id}-${options.indexOf(option)}`;

  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const next = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
    if (next !== undefined) setPlace((next + options.length) % options.length);
    else if (event.key === "Enter" && options[active]) onChoose(options[active].choice);
    else return;
    event.preventDefault();
  };
  /** @param {Option} option */
  const show = (option) => (
    <OptionLine
      key={idOf(option)}
      id={idOf(option)}
      option={option}
      isActive={options[active] === option}
      isChosen={isSame(option.choice, chosen)}
      onChoose={() => onChoose(option.choice)}
    />
  );
  return (
    <>
      <input
        type="text"
        autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={options[active] && idOf(options[active])}
        aria-label="Find a model"
        placeholder="Find a model, or name one"
        data-testid="find-model"
        spellcheck={false}
        value={wanted}
        onInput={({ currentTarget }) => {
          setWanted(currentTarget.value);
          setPlace(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div class="choices" role="listbox" id={`${id}-list`} aria-label="Models" tabIndex={-1}>
        {first.map(show)}
        {groups.map((group) => (
          <div key={group.provider} role="group" aria-label={group.title}>
            <p class="group" role="presentation">
              {group.title}
              {group.offer?.isAsked && <span class="hint"> asking …</span>}
            </p>
            {group.options.map(show)}
            {group.offer?.problem && (
              <p class="problem" role="presentation" data-testid="offer-problem">
                {group.offer.problem}
              </p>
            )}
          </div>
        ))}
      </div>
      <button
        type="button"
        class="starts-group"
        data-testid="open-settings"
        onClick={() => {
          close();
          page.dialogs.open({ name: "settings" });
        }}
      >
        Providers and keys …
      </button>
    </>
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

/**
 * @param {import("../../app/page.js").Page} page
 * @param {string} provider
 * @param {string} wanted
 * @param {Choice} chosen
 * @returns {Group}
 */
function groupOf({ ai }, provider, wanted, chosen) {
  const { kind, model: own = "" } = ai.settings.value.providers[provider] ?? {};
  const offer = ai.offers.value.get(provider);
  /** @type {Map<string, AiModel | undefined>} */
  const models = new Map((offer?.models ?? []).map((model) => [model.name, model]));
  if (own && !models.has(own)) models.set(own, undefined);
  if (chosen.provider === provider && chosen.model && !models.has(chosen.model)) {
    models.set(chosen.model, undefined);
  }
  const isWanted = (/** @type {string} */ name) =>
    `${provider} ${name}`.toLowerCase().includes(wanted.toLowerCase());
  /** @type {Option[]} */
  const options = [...models].flatMap(([model, known]) =>
    isWanted(model)
      ? [{ choice: { provider, model }, label: model, abilities: abilitiesOf(known) }]
      : [],
  );
  if (!wanted && models.size === 0 && !offer?.isAsked) {
    options.push({ choice: { provider, model: "" }, label: "The server’s first model" });
  }
  if (wanted && kind !== undefined && !models.has(wanted)) {
    options.push({ choice: { provider, model: wanted }, label: `“${wanted}”` });
  }
  return { provider, title: titleOf(provider, kind), options, offer };
}

/** What a model can do beyond text. @param {AiModel | undefined} model */
function abilitiesOf(model) {
  return (model?.capabilities ?? []).filter((ability) => ability !== "completion");
}

/** @param {Choice} one @param {Choice} other */
function isSame(one, other) {
  return one.provider === other.provider && one.model === other.model;
}

/** What a choice is called. @param {import("../../app/page.js").Page} page @param {Choice} choice */
export function formatChoice({ ai }, { provider, model }) {
  if (model && provider !== "test") return model;
  return titleOf(provider, ai.settings.value.providers[provider]?.kind);
}
