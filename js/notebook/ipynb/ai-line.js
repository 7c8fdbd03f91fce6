// The first line of a cell that asks a model or queries in Jupyter: `%%ai [provider/model] [options] [-> name: type]`,
// `%%sql [-> name]`. runt_pyodide/asking/magic_line.py reads the same line where the cell is run; what it does not
// understand stays a Python cell here, and says so there.

/** @import { AISettings } from "../../types-notebook.d.ts" */

import { ANSWER_FORMATS, REASONING_EFFORTS } from "../state/cell-settings.js";

/**
 * What an AI cell's line says. The model may name its provider before a slash. A line with `--image` cannot be followed
 * where no variables are, and stays with its Python cell.
 * @typedef {AISettings & { model?: string }} AILine
 */

const BLANK = /^(?:[ \t]*\r?\n)*/;
const ENDS_OPTIONS = /(?:^|\s)--(?:\s|$)/;
const ARROW = "->";
/** More of a line is not read. */
const LONGEST_LINE = 20_000;
const NAME = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
/** What argparse takes for a number, though it begins as an option does. */
const NEGATIVE = /^-(?:\d+|\d*\.\d+)$/;
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
const OTHER_SQL = /^(?:--?[a-z]|\w+(?:\+\w+)?:\/\/|@\w)/i;

const YES_OR_NO = new Map(Object.entries({ yes: true, no: false }));
/** How each option's value is read; undefined if it cannot be. @type {Record<string, [field: string, read: (word: string) => unknown]>} */
const OPTIONS = {
  "--system": ["systemPrompt", (word) => word],
  "--temperature": ["temperature", readNumber],
  "--max-tokens": ["maxTokens", readWhole],
  "--top-p": ["topP", readNumber],
  "--seed": ["seed", readWhole],
  "--stop": ["stop", (word) => word],
  "--reasoning-effort": ["reasoningEffort", (word) => REASONING_EFFORTS.find((it) => it === word)],
  "--web-search": ["webSearch", (word) => YES_OR_NO.get(word)],
  "-f": ["format", (word) => ANSWER_FORMATS.find((it) => it === word)],
};
const LONG_OPTION = /^(--[a-z-]+)(?:=([^]*))?$/;
const SHORT_OPTION = /^(-f)(?:=?([^]+))?$/;
/** Options that cannot be followed here, or have a second name. */
const OTHERS = { "--image": [], "--format": [] };
const FLAGS = {
  "--raw": { raw: true },
  "--no-tools": { tools: false },
  "--no-context": { context: false },
};

/**
 * Splits a cell with a cell magic, above which only blank lines may stand.
 * @param {string} source
 * @param {string} magic
 * @returns {{ line: string, below: string } | undefined} the rest of its line, and what stands below it
 */
export function splitMagic(source, magic) {
  const [blank] = /** @type {RegExpExecArray} */ (BLANK.exec(source));
  const [first, ...below] = source.slice(blank.length).split("\n");
  const [name, ...words] = first.trim().replaceAll("\t", " ").split(" ");
  if (name !== magic || !first.startsWith(magic)) return undefined;
  return { line: words.join(" ").trim(), below: below.join("\n") };
}

/** @param {string} line without the magic @returns {AILine | undefined} undefined if it cannot be followed */
export function readLine(line) {
  if (line.length > LONGEST_LINE || ENDS_OPTIONS.test(line)) return undefined;
  const { words, rest } = splitWords(line) ?? {};
  const answer = rest === undefined ? undefined : readAnswer(rest);
  if (!words || (rest !== undefined && !answer)) return undefined;
  const read = readWords(words);
  return read && { ...read, ...(answer && { answer }) };
}

/** @param {string} text what stands behind the arrow @returns {{ name: string, type?: string } | undefined} */
function readAnswer(text) {
  const [named, ...types] = text.split(":");
  const [name, type] = [named.trim(), types.join(":").trim()];
  if (!NAME.test(name) || (types.length > 0 && !type)) return undefined;
  return { name, ...(type && { type }) };
}

/** @param {string[]} words @returns {AILine | undefined} */
function readWords(words) {
  /** @type {any} */
  const read = {};
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (Object.hasOwn(FLAGS, word)) {
      Object.assign(read, FLAGS[/** @type {keyof typeof FLAGS} */ (word)]);
      continue;
    }
    if (!word.startsWith("-")) {
      if (read.model !== undefined) return undefined;
      read.model = word;
      continue;
    }
    const [, named, given] = LONG_OPTION.exec(word) ?? SHORT_OPTION.exec(word) ?? [];
    const option = named === "--format" ? "-f" : named;
    if (option === undefined || !Object.hasOwn(OPTIONS, option)) return undefined;
    const [field, readValue] = OPTIONS[option];
    const next = given ?? rest.shift();
    const value =
      next === undefined || (given === undefined && isOption(next)) ? undefined : readValue(next);
    if (value === undefined) return undefined;
    read[field] = field === "stop" ? [...(read.stop ?? []), value] : value;
  }
  return read;
}

/** Whether argparse takes a word for an option where a value should stand. @param {string} word */
function isOption(word) {
  const [name] = word.split("=");
  const isKnown = [OPTIONS, FLAGS, OTHERS].some((options) => Object.hasOwn(options, name));
  return isKnown || word.startsWith("-f") || (!word.includes(" ") && isDashed(word));
}

/** Whether a value needs an equals sign before it, since it looks like an option. @param {string} value */
function isDashed(value) {
  return value.length > 1 && value.startsWith("-") && !NEGATIVE.test(value);
}

/**
 * Splits a line as a POSIX shell does, up to the first arrow that begins a word.
 * @param {string} line
 * @returns {{ words: string[], rest?: string } | undefined} what stands behind the arrow is the rest; undefined if a
 *   quotation is open
 */
function splitWords(line) {
  const words = [];
  const part = /\\([^])|'([^']*)'|"((?:[^"\\]|\\[^])*)"|([ \t\r\n]+)|([^\\'" \t\r\n]+)|[^]/y;
  /** @type {string | undefined} */
  let word;
  while (part.lastIndex < line.length) {
    if (word === undefined && line.startsWith(ARROW, part.lastIndex)) {
      return { words, rest: line.slice(part.lastIndex + ARROW.length) };
    }
    const [, escaped, single, double, blank, plain] = part.exec(line) ?? [];
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const text = escaped ?? single ?? double?.replace(/\\(["\\])/g, "$1") ?? plain;
    if (text === undefined) return undefined;
    word = (word ?? "") + text;
  }
  return { words: word === undefined ? words : [...words, word] };
}

/** @param {string} word */
function readNumber(word) {
  return NUMBER.test(word) && Number.isFinite(Number(word)) ? Number(word) : undefined;
}

/** @param {string} word */
function readWhole(word) {
  return /^[-+]?\d+$/.test(word) && Number.isSafeInteger(Number(word)) ? Number(word) : undefined;
}

/**
 * Writes the line, with the magic. What does not fit on it is left out: `readLine` tells what stands on it.
 * @param {AILine} settings
 * @returns {string}
 */
export function writeLine(settings) {
  const { model, raw, tools, context, answer, ...others } = settings;
  const words = ["%%ai"];
  if (model && !model.startsWith("-") && fits(model)) words.push(quote(model));
  for (const [option, [field]] of Object.entries(OPTIONS)) {
    const values = [/** @type {any} */ (others)[field] ?? []].flat().map(spell);
    // Part of a list would be read as all of it.
    if (values.every(fits)) words.push(...values.map((value) => writeOption(option, value)));
  }
  if (raw) words.push("--raw");
  if (tools === false) words.push("--no-tools");
  if (context === false) words.push("--no-context");
  if (answer) words.push(`-> ${answer.name}${answer.type ? `: ${answer.type}` : ""}`);
  return words.join(" ");
}

/** @template T @param {T} value */
function spell(value) {
  return typeof value === "boolean" ? (value ? "yes" : "no") : value;
}

/** @param {string} option @param {string | number} value */
function writeOption(option, value) {
  const text = quote(String(value));
  return isDashed(String(value)) ? `${option}=${text}` : `${option} ${text}`;
}

/** Whether the value can stand on a line, which has at most 20,000 characters. @param {string | number} value */
function fits(value) {
  return !/[\r\n]|(?:^|\s)--(?:\s|$)|[^]{5001}/u.test(String(value));
}

/** @param {string} word */
function quote(word) {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}

/**
 * Reads what stands on the line of `%%sql`.
 * @param {string} line
 * @returns {{ name?: string, first: string } | undefined} undefined if it is meant for another database
 */
export function readSqlLine(line) {
  if (OTHER_SQL.test(line)) return undefined;
  const { name, first } = splitSqlName(line);
  if (name === undefined) return { first };
  return NAME.test(name) ? { name, first } : undefined;
}

/** Splits `-> name SQL` or `name << SQL`. @param {string} line @returns {{ name?: string, first: string }} */
function splitSqlName(line) {
  const isArrow = line.startsWith("->");
  const named = isArrow ? line.slice("->".length).trimStart() : line;
  const [word = ""] = /^\S+/.exec(named) ?? [];
  const below = named.slice(word.length).trimStart();
  if (isArrow && word) return { name: word, first: below };
  if (word && below.startsWith("<<")) return { name: word, first: below.slice(2).trimStart() };
  const at = word.lastIndexOf("<<");
  if (at < 1) return { first: line };
  return { name: word.slice(0, at), first: line.slice(at + 2).trimStart() };
}
