// What a file says to the model, and whom it has asked. Instructions that no cell shows, and limits, are held back when the
// file is imported, and take effect once a person has read them and said so. The providers and models that it chooses
// are shown at once; a cell is not sent to another provider than the person's own before somebody has agreed.

/** @import { FromFile, FromFileChoice } from "../../types-approvals.d.ts" */
/** @import { Cell } from "../../types-notebook.d.ts" */
/** @import { Event } from "../folded-store.js" */
/** @import { Notebook } from "../state/notebook.js" */

/** The key of the notebook's JSON under which they are kept, with the decision. */
export const FROM_FILE = "from_file";
/** The notebook's settings that instruct a model or bound its runs. */
const HELD = ["user_saved_prompt", "max_ai_iterations"];
/** Those that choose who is asked, and the key of their choice among those of cells. @type {Record<string, "provider" | "model">} */
const CHOOSING = { ai_provider: "provider", ai_model: "model" };
/** All but spaces, controls, and what shows nothing, at the ends. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}](?:.*[^\p{Z}\p{Cc}\p{Cf}])?/su;
/** @type {FromFileChoice} */
const NO_CHOICE = { provider: "", model: "" };

/**
 * What is found in a file, by key or by the ids of cells. Maps, since a file may name a cell "__proto__".
 * @typedef {object} Found
 * @property {Map<string, string>} settings
 * @property {Map<string, string>} prompts
 * @property {Map<string, FromFileChoice>} choices
 * @property {FromFileChoice} choice
 */

/**
 * Takes the instructions out of a file's events, and adds what holds them.
 * @param {readonly Event[]} events
 * @param {FromFile | undefined} before what another file has brought
 * @returns {Event[]}
 */
export function holdBack(events, before) {
  /** @type {Found} */
  const found = { settings: new Map(), prompts: new Map(), choices: new Map(), choice: NO_CHOICE };
  const kept = events.flatMap((event) => keep(event, found));
  const choices = [...found.choices].filter(([, choice]) => providerOf(choice));
  const held = {
    settings: { ...before?.settings, ...Object.fromEntries(found.settings) },
    prompts: { ...before?.prompts, ...Object.fromEntries(found.prompts) },
    choices: { ...before?.choices, ...Object.fromEntries(choices) },
    choice: providerOf(found.choice) ? found.choice : (before?.choice ?? NO_CHOICE),
  };
  const isNew = found.settings.size + found.prompts.size + choices.length > 0;
  if (!isNew && !providerOf(found.choice)) return kept;
  return [...kept, asJson({ ...held, isUsed: null })];
}

/** @param {Event} event @param {Found} found @returns {Event[]} what of it takes effect at once */
function keep(event, found) {
  const [name, args] = /** @type {[string, any]} */ (event);
  if (name === "v1.NotebookJsonSet" && args.key === FROM_FILE) return []; // no file decides
  if (name === "v1.NotebookMetadataSet" && HELD.includes(args.key)) {
    if (args.value) found.settings.set(args.key, args.value);
    return [];
  }
  if (name === "v1.NotebookMetadataSet" && Object.hasOwn(CHOOSING, args.key)) {
    found.choice = { ...found.choice, [CHOOSING[args.key]]: args.value };
  }
  if (name !== "v1.AiSettingsChanged") return [event];
  const { cellId, provider, model } = args;
  found.choices.set(cellId, { provider, model });
  const { systemPrompt, ...others } = args.settings ?? {};
  if (typeof systemPrompt !== "string") return [event];
  if (systemPrompt) found.prompts.set(cellId, systemPrompt);
  return [[name, { ...args, settings: others }]];
}

/**
 * The provider that a choice may name, as Python reads it, for which a colon is as good as a slash if a provider of that
 * name is there. A model alone is none.
 * @param {FromFileChoice} choice
 */
function providerOf({ provider, model }) {
  const named = /^([^/:]*)[/:]/.exec(model)?.[1].replace(/-chat$/, "") ?? "";
  const name = provider || (model.includes("/") ? model.split("/")[0] : named);
  return VISIBLE.exec(name)?.[0] ?? "";
}

/**
 * The providers that a file has chosen and nobody has decided about, of those that these cells would ask. A copy of
 * the file's cell counts as much as the cell itself.
 * @param {Notebook} fold
 * @param {readonly string[]} cellIds
 * @returns {string[]}
 */
export function undecidedProviders(fold, cellIds) {
  const held = readFromFile(fold);
  if (held?.isUsed !== null) return [];
  const asked = cellIds
    .map((id) => fold.cells.get(id))
    .filter((cell) => cell?.cellType === "ai")
    .map((cell) => providerOf(cell?.ai ?? NO_CHOICE) || providerOf(choiceOf(fold.metadata)));
  const chosen = [held.choice, ...Object.values(held.choices)].map(providerOf);
  return [...new Set(chosen)].filter((name) => name && asked.includes(name));
}

/** @param {ReadonlyMap<string, string>} metadata @returns {FromFileChoice} */
function choiceOf(metadata) {
  return { provider: metadata.get("ai_provider") ?? "", model: metadata.get("ai_model") ?? "" };
}

/** @param {Notebook} fold @returns {FromFile | undefined} */
export function readFromFile(fold) {
  const value = fold.json.get(FROM_FILE);
  const held = {
    settings: entriesOf(value?.settings, isText),
    prompts: entriesOf(value?.prompts, isText),
    choices: entriesOf(value?.choices, isChoice),
  };
  const isChosen = isChoice(value?.choice) && providerOf(value.choice) !== "";
  const isEmpty = Object.values(held).every((each) => Object.keys(each).length === 0);
  if (isEmpty && !isChosen) return undefined;
  const choice = isChosen ? value.choice : NO_CHOICE;
  return { ...held, choice, isUsed: typeof value.isUsed === "boolean" ? value.isUsed : null };
}

/**
 * The events of a decision. If it was another one before, this takes back what that one did, save what somebody has
 * changed since.
 * @param {Notebook} fold
 * @param {FromFile} held
 * @param {boolean} isUsed
 * @returns {Event[]}
 */
export function decide(fold, held, isUsed) {
  const settings = Object.entries(held.settings)
    .filter(([key, text]) => isUsed || fold.metadata.get(key) === text)
    .map(([key, text]) => settingEvent(key, isUsed ? text : ""));
  const chosen = decideChoice(choiceOf(fold.metadata), held.choice, isUsed);
  const choice = chosen
    ? [settingEvent("ai_provider", chosen.provider), settingEvent("ai_model", chosen.model)]
    : [];
  const ids = new Set([...Object.keys(held.prompts), ...Object.keys(held.choices)]);
  const cells = [...ids].flatMap((id) => decideCell(fold.cells.get(id), held, isUsed));
  return [...settings, ...choice, ...cells, asJson({ ...held, isUsed })];
}

/** @param {Cell | undefined} cell @param {FromFile} held @param {boolean} isUsed @returns {Event[]} */
function decideCell(cell, held, isUsed) {
  if (!cell) return [];
  const { provider = "", model = "", settings = {} } = cell.ai ?? {};
  const { systemPrompt, ...others } = /** @type {any} */ (settings);
  const prompt = ownOf(held.prompts, cell.id);
  const chosen = decideChoice({ provider, model }, ownOf(held.choices, cell.id), isUsed);
  const isPromptKept = prompt === undefined || (!isUsed && systemPrompt !== prompt);
  if (isPromptKept && !chosen) return [];
  const prompted = { ...others, ...(isUsed && { systemPrompt: prompt }) };
  const changed = { provider, model, ...chosen, settings: isPromptKept ? settings : prompted };
  return [["v1.AiSettingsChanged", { cellId: cell.id, ...changed }]];
}

/**
 * The choice that a decision leads to; undefined if the present one stays, as one that somebody has made since does.
 * @param {FromFileChoice} now
 * @param {FromFileChoice | undefined} held
 * @param {boolean} isUsed
 */
function decideChoice(now, held, isUsed) {
  const [before, after] = isUsed ? [NO_CHOICE, held] : [held, NO_CHOICE];
  return isSame(now, before) && !isSame(now, after) ? after : undefined;
}

/** @param {FromFileChoice} one @param {FromFileChoice | undefined} other */
function isSame(one, other) {
  return one.provider === other?.provider && one.model === other.model;
}

/** @param {string} key @param {string} value @returns {Event} */
function settingEvent(key, value) {
  return ["v1.NotebookMetadataSet", { key, value }];
}

/** @param {FromFile} value @returns {Event} */
function asJson(value) {
  return ["v1.NotebookJsonSet", { key: FROM_FILE, value: /** @type {any} */ (value) }];
}

/**
 * Those of its entries that are as they should be.
 * @template T
 * @param {unknown} value
 * @param {(one: any) => one is T} isFine
 * @returns {Record<string, T>}
 */
function entriesOf(value, isFine) {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, one]) => isFine(one)));
}

/** @param {any} value @returns {value is string} */
function isText(value) {
  return typeof value === "string";
}

/** @param {any} value @returns {value is FromFileChoice} */
function isChoice(value) {
  return isText(value?.provider) && isText(value.model);
}

/**
 * The value of a key that a file has chosen, which may be "constructor".
 * @template T
 * @param {Readonly<Record<string, T>>} values
 * @param {string} key
 * @returns {T | undefined}
 */
export function ownOf(values, key) {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}
