// What an AI cell has of its own besides its prompt: settings, and pictures. Temperature, output tokens and
// system prompt are in its AI settings; the rest is in its metadata. A log is never trusted: what is of the
// wrong type is passed over. runt_pyodide/ai/prompt/cell_settings.py reads the same.

/** @import { AISettings, Cell, Picture, ReasoningEffort } from "../../types-notebook.d.ts" */

import { pickPresent } from "./fields.js";

export const ASKING = "asking";
export const IMAGES = "images";
export const SAMPLING = "sampling";
/** @type {readonly NonNullable<AISettings["format"]>[]} */
export const ANSWER_FORMATS = ["code", "json", "markdown"];
/** @type {readonly ReasoningEffort[]} */
export const REASONING_EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
/** The most base64 text of a picture that all services take. */
export const LARGEST_IMAGE = 4 << 20;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** The first bytes of a file, as Latin-1 text, by the kind of picture. @type {readonly [string, RegExp][]} */
const KINDS = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
];
export const IMAGE_TYPES = KINDS.map(([type]) => type);

/** The type of a picture that models take, found by its first bytes; undefined for anything else. @param {string} start Latin-1 */
export function imageType(start) {
  return KINDS.find(([, pattern]) => pattern.test(start))?.[0];
}

/** The pictures beside a prompt, without those that cannot be read. @param {Cell} cell @returns {Picture[]} */
export function imagesOf({ cellType, metadata }) {
  const images = metadata.get(IMAGES);
  if (cellType !== "ai" || !Array.isArray(images)) return [];
  return images.flatMap((image) => readPicture(image) ?? []);
}

/** @param {any} value @returns {Picture | undefined} undefined if it is not a picture that models take */
export function readPicture(value) {
  if (typeof value?.data !== "string") return undefined;
  const data = value.data.replace(/\s+/g, "");
  if (data.length > LARGEST_IMAGE || data.length % 4 !== 0 || !BASE64.test(data)) return undefined;
  const mediaType = imageType(atob(data.slice(0, 24)));
  if (mediaType === undefined) return undefined;
  return { mediaType, data, ...(typeof value.name === "string" && { name: value.name }) };
}

/** The cell's own settings, without those that it leaves to the service. @param {Cell} cell @returns {AISettings} */
export function settingsOf({ ai, metadata }) {
  const { temperature, maxTokens, systemPrompt } = /** @type {AISettings} */ (ai?.settings ?? {});
  const sampling = /** @type {any} */ (metadata.get(SAMPLING)) ?? {};
  const { topP, seed, stop, reasoningEffort, webSearch } = sampling;
  const asking = /** @type {any} */ (metadata.get(ASKING)) ?? {};
  const texts = [stop].flat().filter((text) => typeof text === "string" && text !== "");
  return pickPresent({
    ...{ temperature, maxTokens, systemPrompt },
    topP: typeof topP === "number" ? topP : undefined,
    seed: Number.isInteger(seed) ? seed : undefined,
    stop: texts.length > 0 ? texts : undefined,
    reasoningEffort: REASONING_EFFORTS.find((effort) => effort === reasoningEffort),
    webSearch: typeof webSearch === "boolean" ? webSearch : undefined,
    tools: asking.tools === false ? false : undefined,
    context: asking.context === false ? false : undefined,
    raw: asking.raw === true ? true : undefined,
    format: ANSWER_FORMATS.find((format) => format === asking.format),
    answer: readAnswer(asking),
  });
}

/** @param {any} asking */
function readAnswer({ name, type }) {
  if (typeof name !== "string") return undefined;
  return typeof type === "string" ? { name, type } : { name };
}
