// Lists the models to choose from, by provider.

/** @import { AiModel } from "../../../js/types.d.ts" */
/** @import { Choice } from "../../app/page.js" */
/** @import { Page } from "../../app/page.js" */
/** @import { Offer } from "../../providers/ai.js" */

import { titleOf } from "../../providers/kinds.js";

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

/** Leaves the choice to the notebook. @type {Choice} */
const NOTHING = { provider: "", model: "" };

/**
 * @param {Page} page
 * @param {string} wanted what the name must contain; it may also be a whole name that no provider lists
 * @param {Choice} chosen
 * @param {string} [inherited] what an empty choice stands for, if it is allowed
 * @returns {{ first: Option[], groups: Group[] }}
 */
export function modelOptions(page, wanted, chosen, inherited) {
  const first =
    inherited && !wanted ? [{ choice: NOTHING, label: `Same as the notebook: ${inherited}` }] : [];
  return { first, groups: page.ai.names.map((name) => groupOf(page, name, wanted, chosen)) };
}

/**
 * @param {Page} page
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
  const others = [own, chosen.provider === provider ? chosen.model : ""];
  for (const name of others) if (name && !models.has(name)) models.set(name, undefined);
  const isWanted = (/** @type {string} */ name) =>
    `${provider} ${name}`.toLowerCase().includes(wanted.toLowerCase());
  /** @type {Option[]} */
  const options = [...models]
    .filter(([name]) => isWanted(name))
    .map(([name, known]) => ({
      choice: { provider, model: name },
      label: name,
      abilities: abilitiesOf(known),
    }));
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

/** What a choice is called. @param {Page} page @param {Choice} choice */
export function formatChoice({ ai }, { provider, model }) {
  if (model && provider !== "test") return model;
  return titleOf(provider, ai.settings.value.providers[provider]?.kind);
}
