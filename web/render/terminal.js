// Renders text as a terminal would: what is left of it on the screen, and colours as runs of text.

import Anser from "anser";

import { Screen } from "./screen.js";

/** @typedef {{ text: string, classes: string, color?: string, background?: string }} Run */

// Plain text; or a sequence or string, its end included; or one control character.
const TOKEN =
  // eslint-disable-next-line no-control-regex
  /[^\u0000-\u0008\u000a-\u001f\u007f]+|\u001b(?:\[(?<numbers>[0-?]*)[ -/]*(?<csi>[@-~]?)|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]+[0-~]?|(?<escape>[0-~]?))|[\u0000-\u001f\u007f]/g;

// What moves the cursor, or is left out. A text without it, however long, needs no screen.
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]|\u001b(?!\[[\d;]*m)/;
// eslint-disable-next-line no-control-regex
const COLOURED = /\u001b\[([\d;]*)m|[^\u001b]+/g;

/** A longer sequence of colours would take a time that grows with the square of its length. */
const COLOUR = /^(?:\d{1,9}|;){0,64}$/;

/** What is shown, without colours. @param {unknown} text from an event, so it may not be a string */
export function plain(text) {
  return runsOf(text)
    .map((run) => run.text)
    .join("");
}

/**
 * Splits what a terminal shows of a text into runs that look alike.
 * @param {unknown} text
 * @returns {Run[]}
 */
export function runsOf(text) {
  const written = String(text);
  return CONTROLS.test(written) ? join(show(written).lines()) : color(written);
}

/** @param {string} text with colours alone @returns {Run[]} */
function color(text) {
  const colours = new Colours();
  /** @type {Run[]} */
  const runs = [];
  for (const [found, numbers] of text.matchAll(COLOURED)) {
    if (numbers === undefined) runs.push({ ...colours.style, text: found });
    else colours.set(numbers);
  }
  return runs;
}

/** @param {string} text */
function show(text) {
  /** @type {Screen<Run>} */
  const screen = new Screen(PLAIN);
  const colours = new Colours();
  for (const { 0: found, groups = {} } of text.matchAll(TOKEN)) {
    if (groups.csi === "m") colours.set(groups.numbers ?? "");
    else if (found.startsWith("\u001b")) screen.control(groups);
    else if (found === "\n") screen.feed();
    else if (found === "\r") screen.start();
    else if (found === "\b") screen.back();
    else if (found.startsWith("\t") || (found >= " " && found !== "\u007f"))
      screen.put(found, colours.style);
  }
  return screen;
}

/** @param {{ character: string, style: Run }[][]} lines @returns {Run[]} */
function join(lines) {
  /** @type {{ style: Run, characters: string[] }[]} */
  const runs = [];
  const add = (/** @type {string} */ character, /** @type {Run} */ style) => {
    const last = runs.at(-1);
    if (last?.style === style) last.characters.push(character);
    else runs.push({ style, characters: [character] });
  };
  for (const [row, line] of lines.entries()) {
    if (row > 0) add("\n", runs.at(-1)?.style ?? PLAIN);
    for (const { character, style } of line) add(character, style);
  }
  return runs.map(({ style, characters }) => ({ ...style, text: characters.join("") }));
}

/** @type {Run} */
const PLAIN = { text: "", classes: "" };

/** The colours in which text is written, as sequences set them. */
class Colours {
  #anser = /** @type {any} */ (new Anser()); // its types leave out what it keeps
  style = PLAIN;

  /** @param {string} numbers */
  set(numbers) {
    if (!COLOUR.test(numbers)) return;
    const options = { use_classes: true };
    const style = toStyle(this.#anser.processChunkJson(`${numbers}m`, options, true));
    // It keeps each decoration as often as it was set.
    this.#anser.decorations = [...new Set(this.#anser.decorations)];
    this.style = style.classes ? style : PLAIN;
  }
}

/** @param {Anser.AnserJsonEntry} entry @returns {Run} */
function toStyle({ fg, bg, fg_truecolor: color, bg_truecolor: background, decorations }) {
  const names = [...new Set(decorations)].map((name) => `ansi-${name}`);
  const classes = [fg, bg && `${bg}-bg`, ...names];
  const [text, ground] = [color || paletteColor(fg), background || paletteColor(bg)];
  return {
    text: "",
    classes: classes.filter(Boolean).join(" "),
    ...(text && { color: `rgb(${text})` }),
    ...(ground && { background: `rgb(${ground})` }),
  };
}

/**
 * One of xterm's 256 colours, except the first 16, for which the page has its own.
 * @param {string | null} name "ansi-palette-" and its number
 */
function paletteColor(name) {
  const number = Number(/^ansi-palette-(\d+)$/.exec(name ?? "")?.[1] ?? 0);
  if (number < 16) return undefined;
  if (number >= 232)
    return Array(3)
      .fill(8 + (number - 232) * 10)
      .join(", ");
  const level = (/** @type {number} */ step) => (step === 0 ? 0 : 55 + step * 40);
  const cube = number - 16;
  return [cube / 36, (cube % 36) / 6, cube % 6].map((step) => level(Math.floor(step))).join(", ");
}
