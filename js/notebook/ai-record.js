// Reads what an AI run wrote into an output, with types. A log is never trusted: a value of the wrong type
// is skipped and the rest is kept; an object without its required fields counts as absent.

/** @import { AIRecord, CallData, Change, Notice, ResultData, RunAccount, Snapshot, Source, Usage } from "../types-ai-record.d.ts" */
/** @import { Json, JsonObject } from "../types.d.ts" */

export const CALL = "application/vnd.anode.aitool+json";
export const RESULT = "application/vnd.anode.aitool.result+json";

/**
 * Returns the value, or undefined if it is of another type.
 * @template T
 * @typedef {(value: unknown) => T | undefined} Reader
 */

/**
 * A reader for each field.
 * @template T
 * @typedef {{ readonly [Name in keyof T]-?: Reader<Exclude<T[Name], undefined>> }} Shape
 */

/** @typedef {{ readonly metadata: JsonObject, readonly bundle: { readonly [mime: string]: { readonly data?: unknown } } }} Output */

/** The records that were read, by the output's metadata, which is never changed in place. @type {WeakMap<object, AIRecord>} */
const records = new WeakMap();

/** What an AI run says about an output. @param {{ readonly metadata: JsonObject }} output @returns {AIRecord} */
export function recordOf({ metadata: { anode } }) {
  if (!isObject(anode)) return {};
  const known = records.get(anode) ?? readRecord(anode) ?? {};
  records.set(anode, known);
  return known;
}

/** The call that an output shows. @param {Pick<Output, "bundle">} output @returns {CallData | undefined} */
export function callOf({ bundle }) {
  return readCall(bundle[CALL]?.data);
}

/** The result of a call that an output shows. @param {Pick<Output, "bundle">} output @returns {ResultData | undefined} */
export function resultOf({ bundle }) {
  return readResult(bundle[RESULT]?.data);
}

/** What the model was told, if anything. @param {ResultData} [data] */
export function textOfResult(data) {
  const result = data?.result;
  return result === undefined || typeof result === "string" ? result : JSON.stringify(result);
}

/** Text without lone surrogates, so that it can be written again. @param {unknown} value */
function text(value) {
  return typeof value === "string" && !/\p{Surrogate}/u.test(value) ? value : undefined;
}

/** @param {unknown} value */
function flag(value) {
  return typeof value === "boolean" ? value : undefined;
}

/** @param {unknown} value */
function number(value) {
  return Number.isFinite(value) ? /** @type {number} */ (value) : undefined;
}

/** What counts something is not negative. @param {unknown} value */
function amount(value) {
  return Number(value) >= 0 ? number(value) : undefined;
}

/** @param {unknown} value */
function whole(value) {
  return Number.isSafeInteger(value) ? amount(value) : undefined;
}

/** @param {unknown} value */
function object(value) {
  return isObject(value) ? value : undefined;
}

/** @param {unknown} value @returns {JsonObject | string | undefined} */
function objectOrText(value) {
  return object(value) ?? text(value);
}

/** @param {unknown} value */
function anything(value) {
  return /** @type {Json | undefined} */ (value);
}

/** @template {string} T @param {...T} words @returns {Reader<T>} */
function word(...words) {
  return (value) => words.find((each) => each === value);
}

/** @template T @param {Reader<T>} read @returns {Reader<T[]>} */
function list(read) {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    return value.map(read).filter((each) => each !== undefined);
  };
}

/**
 * @template {object} T
 * @param {Shape<T>} shape
 * @param {readonly (keyof T)[]} [required] fields without which the whole object counts as absent
 * @returns {Reader<T>}
 */
function fields(shape, required = []) {
  const readers = /** @type {[string, Reader<unknown>][]} */ (Object.entries(shape));
  return (value) => {
    if (!isObject(value)) return undefined;
    const read = readers
      .filter(([name]) => Object.hasOwn(value, name))
      .map(([name, reader]) => [name, reader(value[name])])
      .filter(([, each]) => each !== undefined);
    const known = /** @type {T} */ (Object.fromEntries(read));
    return required.every((name) => Object.hasOwn(known, name)) ? known : undefined;
  };
}

/** @type {Reader<Usage>} */
const readUsage = fields({
  input_tokens: whole,
  output_tokens: whole,
  cached_tokens: whole,
  reasoning_tokens: whole,
  written_tokens: whole,
  searches: whole,
  cost_usd: amount,
});

/** @type {Reader<Source>} */
const readSource = fields({ url: text, title: text }, ["url"]);

/** @type {Reader<Notice>} */
const readNotice = fields({ kind: word("retry", "fallback", "warning"), text, until: text }, [
  "kind",
  "text",
]);

/** @type {Reader<RunAccount>} */
const readAccount = fields({
  turns: whole,
  tool_calls: whole,
  duration_ms: amount,
  usage: readUsage,
  first_token_ms: amount,
  tokens_per_second: amount,
  price_usd: amount,
  unpriced: list(text),
  limit: text,
});

const readOwnSettings = fields(
  {
    provider: text,
    model: text,
    settings: fields({ temperature: number, maxTokens: number, systemPrompt: text }, []),
  },
  ["provider", "model", "settings"],
);

/** @type {Shape<Snapshot>} */
const SNAPSHOT = {
  cell_type: word("code", "markdown", "sql", "ai", "raw"),
  source: text,
  fractional_index: text,
  source_visible: flag,
  output_visible: flag,
  ai_context_visible: flag,
  ai: readOwnSettings,
  sql_variable: text,
  metadata: object,
};
const readSnapshot = fields(SNAPSHOT, [
  "cell_type",
  "source",
  "fractional_index",
  "source_visible",
  "output_visible",
  "ai_context_visible",
]);

/** @type {Shape<Change>} */
const CHANGE = {
  kind: word("created", "modified", "moved", "deleted"),
  cell_id: text,
  before: readSnapshot,
  after: readSnapshot,
};
const readPartsOfChange = fields(CHANGE, ["kind", "cell_id"]);

/** A change counts only if both halves can be read. @type {Reader<Change>} */
function readChange(value) {
  const change = readPartsOfChange(value);
  if (!change) return undefined;
  const { kind, before, after } = change;
  const isWhole = !before === (kind === "created") && !after === (kind === "deleted");
  return isWhole ? change : undefined;
}

/** @type {Reader<AIRecord>} */
const readRecord = fields({
  role: word("assistant", "function_call", "tool"),
  run_id: text,
  iteration: whole,
  ai_provider: text,
  ai_model: text,
  thinking: flag,
  notices: list(readNotice),
  prompt: text,
  manifest: object,
  finish_reason: word("stop", "length", "tool_calls", "content_filter", "cancelled", "error"),
  usage: readUsage,
  tool_call: flag,
  tool_call_id: text,
  tool_name: text,
  tool_args: object,
  tool_error: flag,
  seen: object,
  state: word("pending", "waiting", "running", "success", "error", "denied", "cancelled"),
  duration_ms: amount,
  change: readChange,
  run: readAccount,
  continued_by: text,
  origin: text,
  service_state: list(object),
  sources: list(readSource),
});

/** @type {Reader<CallData>} */
const readCall = fields({ tool_call_id: text, tool_name: text, arguments: objectOrText }, [
  "tool_call_id",
  "tool_name",
]);

/** @type {Shape<ResultData>} */
const RESULT_DATA = {
  tool_call_id: text,
  status: word("success", "error"),
  result: anything,
  tool_name: text,
  arguments: objectOrText,
  timestamp: text,
};
const readResult = fields(RESULT_DATA, ["tool_call_id"]);

/** @param {unknown} value @returns {value is JsonObject} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
