// What a file says to the model: instructions that no cell shows, and limits. They are held back when the file is
// imported, and take effect once a person has read them and said so.

/** @import { FromFile } from "../../types-approvals.d.ts" */
/** @import { Event } from "../folded-store.js" */
/** @import { Notebook } from "../state/notebook.js" */

/** The key of the notebook's JSON under which they are kept, with the decision. */
export const FROM_FILE = "from_file";
/** The notebook's settings that instruct a model or bound its runs. */
const HELD = ["user_saved_prompt", "max_ai_iterations"];

/**
 * Takes the instructions out of a file's events, and adds what holds them.
 * @param {readonly Event[]} events
 * @param {FromFile | undefined} before what another file has brought
 * @returns {Event[]}
 */
export function holdBack(events, before) {
  /** @type {{ settings: Record<string, string>, prompts: Record<string, string> }} */
  const held = { settings: {}, prompts: {} };
  const kept = events.flatMap((event) => keep(event, held));
  if (Object.keys(held.settings).length + Object.keys(held.prompts).length === 0) return kept;
  const settings = { ...before?.settings, ...held.settings };
  const prompts = { ...before?.prompts, ...held.prompts };
  return [...kept, asJson({ settings, prompts, isUsed: null })];
}

/**
 * @param {Event} event
 * @param {{ settings: Record<string, string>, prompts: Record<string, string> }} held
 * @returns {Event[]} what of it takes effect at once
 */
function keep(event, held) {
  const [name, args] = /** @type {[string, any]} */ (event);
  if (name === "v1.NotebookJsonSet" && args.key === FROM_FILE) return []; // no file decides
  if (name === "v1.NotebookMetadataSet" && HELD.includes(args.key)) {
    if (args.value) held.settings[args.key] = args.value;
    return [];
  }
  const { systemPrompt, ...settings } = args.settings ?? {};
  if (name !== "v1.AiSettingsChanged" || typeof systemPrompt !== "string") return [event];
  if (systemPrompt) held.prompts[args.cellId] = systemPrompt;
  return [[name, { ...args, settings }]];
}

/** @param {Notebook} fold @returns {FromFile | undefined} */
export function readFromFile(fold) {
  const value = fold.json.get(FROM_FILE);
  const [settings, prompts] = [textsOf(value?.settings), textsOf(value?.prompts)];
  if (Object.keys(settings).length + Object.keys(prompts).length === 0) return undefined;
  return { settings, prompts, isUsed: typeof value.isUsed === "boolean" ? value.isUsed : null };
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
  const wasUsed = (/** @type {string | undefined} */ now, /** @type {string} */ text) =>
    isUsed || now === text;
  const settings = Object.entries(held.settings)
    .filter(([key, text]) => wasUsed(fold.metadata.get(key), text))
    .map(
      ([key, text]) =>
        /** @type {Event} */ (["v1.NotebookMetadataSet", { key, value: isUsed ? text : "" }]),
    );
  const prompts = Object.entries(held.prompts).flatMap(([cellId, text]) => {
    const cell = fold.cells.get(cellId);
    const { provider = "", model = "", settings: before = {} } = cell?.ai ?? {};
    const { systemPrompt, ...others } = /** @type {any} */ (before);
    if (!cell || !wasUsed(systemPrompt, text)) return [];
    const args = {
      cellId,
      provider,
      model,
      settings: { ...others, ...(isUsed && { systemPrompt: text }) },
    };
    return [/** @type {Event} */ (["v1.AiSettingsChanged", args])];
  });
  return [...settings, ...prompts, asJson({ ...held, isUsed })];
}

/** @param {FromFile} value @returns {Event} */
function asJson(value) {
  return ["v1.NotebookJsonSet", { key: FROM_FILE, value: /** @type {any} */ (value) }];
}

/** Those of its entries that are text. @param {unknown} value @returns {Record<string, string>} */
function textsOf(value) {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string"));
}
