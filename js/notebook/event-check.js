// What an event of the vocabulary must hold, said in plain words. The validators are made of
// schema/events.json, as Python's models are described there: both sides refuse the same.

import { SHAPES, VALIDATORS } from "./event-validators.js";

/**
 * Where null counts as absent: the fields that are optional, and the shapes of what stands within,
 * in fields by their names or in each item.
 * @typedef {{ optional?: string[], within?: { [field: string]: Shape }, each?: Shape }} Shape
 *
 * @typedef {{ instancePath: string, keyword: string, params: any }} AjvError
 * @typedef {{ (args: unknown): boolean, errors?: AjvError[] }} Validator
 */

/** @type {{ [type: string]: string }} */
const KINDS = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};

/** @type {{ [keyword: string]: (params: any) => string }} */
const PROBLEMS = {
  required: () => "is missing",
  type: ({ type }) => `must be ${KINDS[type]}`,
  enum: ({ allowedValues }) => `must be one of ${listed(allowedValues)}`,
  pattern: () => "must be a time, such as 2026-01-31T12:00:00.000Z",
  discriminator: () => "must be of type inline or artifact",
};

/** Whether the vocabulary has events of this name. @param {string} name */
export function isKnown(name) {
  return Object.hasOwn(VALIDATORS, name);
}

/** Every name of the vocabulary. @type {readonly string[]} */
export const EVENT_NAMES = Object.keys(VALIDATORS);

/** @param {string} name @returns {Shape | undefined} of the args of such an event */
export function shapeOf(name) {
  return Object.hasOwn(SHAPES, name) ? /** @type {any} */ (SHAPES)[name] : undefined;
}

/**
 * What is wrong with the args of an event of a known name, naming the event and the field; else
 * undefined. They are JSON, and what is optional is there or absent, never null.
 * @param {{ name: string, args: unknown }} event
 * @returns {string | undefined}
 */
export function faultOf({ name, args }) {
  const validate = /** @type {{ [name: string]: Validator }} */ (VALIDATORS)[name];
  if (validate(args)) return undefined;
  const { instancePath, keyword, params } = /** @type {AjvError[]} */ (validate.errors)[0];
  const path = instancePath.split("/").slice(1).map(unescape);
  if (keyword === "required") path.push(params.missingProperty);
  return `${name}: ${path.join(".") || "args"} ${PROBLEMS[keyword](params)}`;
}

/** A part of a JSON pointer. @param {string} part */
function unescape(part) {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** @param {string[]} words */
function listed(words) {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}` : words[0];
}
