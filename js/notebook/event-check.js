// Checks the args of an event of the vocabulary, and says in plain words what is wrong. The validators are
// generated from schema/events.json, which describes Python's models: both languages refuse the same.

import { SHAPES, VALIDATORS } from "./event-validators.js";

/**
 * Says where null counts as absent: in the optional fields, and in what they hold: the fields of an object
 * by their names, or each item of a list.
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

/** The names of all events of the vocabulary. @type {readonly string[]} */
export const EVENT_NAMES = Object.keys(VALIDATORS);

/** @param {string} name @returns {Shape | undefined} of the args of such an event */
export function shapeOf(name) {
  return Object.hasOwn(SHAPES, name) ? /** @type {any} */ (SHAPES)[name] : undefined;
}

/**
 * Says what is wrong with the args of an event with a known name, naming the event and the field. Returns
 * undefined if nothing is. The args must be JSON, in which optional fields are present or absent, never null.
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
