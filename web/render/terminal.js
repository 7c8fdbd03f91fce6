// Renders text as a terminal would: overwritten lines, and colours as runs of text.

import Anser from "anser";

/** @typedef {{ text: string, classes: string, color?: string, background?: string }} Run */

// Control sequences (ECMA-48) other than colours: they are removed.
const CONTROLS =
  // eslint-disable-next-line no-control-regex
  /\u001b(?:\[[0-?]*[ -/]*[@-ln-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;
// eslint-disable-next-line no-control-regex
const LEFTOVERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Removes all control sequences. @param {unknown} text from an event, so it may not be a string */
export function plain(text) {
  return runsOf(text)
    .map((run) => run.text)
    .join("");
}

/**
 * Splits text into runs that look alike.
 * @param {unknown} text
 * @returns {Run[]}
 */
export function runsOf(text) {
  const written = overwrite(String(text).replace(CONTROLS, ""));
  return Anser.ansiToJson(written, { use_classes: true, remove_empty: true }).map(toRun);
}

/** @param {Anser.AnserJsonEntry} entry @returns {Run} */
function toRun({ content, fg, bg, fg_truecolor: color, bg_truecolor: background, decorations }) {
  const classes = [fg, bg && `${bg}-bg`, ...decorations.map((name) => `ansi-${name}`)];
  const [text, ground] = [color || paletteColor(fg), background || paletteColor(bg)];
  return {
    text: content.replace(LEFTOVERS, ""),
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

/**
 * Applies carriage returns, which progress bars use to overwrite a line, and backspaces.
 * @param {string} text
 */
function overwrite(text) {
  if (!/[\r\b]/.test(text)) return text;
  return text.replace(/\r\n/g, "\n").split("\n").map(overwriteLine).join("\n");
}

/** @param {string} line */
function overwriteLine(line) {
  let shown = "";
  for (const part of line.split("\r")) {
    const typed = part.includes("\b") ? typeOver(part) : part;
    // Text with colours cannot be overwritten by counting characters: the last text wins.
    const isPlain = !typed.includes("\u001b") && !shown.includes("\u001b");
    shown = isPlain ? typed + shown.slice(typed.length) : typed || shown;
  }
  return shown;
}

/** @param {string} text */
function typeOver(text) {
  const characters = [];
  for (const character of text) {
    if (character === "\b") characters.pop();
    else characters.push(character);
  }
  return characters.join("");
}
