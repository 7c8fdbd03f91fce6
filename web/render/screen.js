// What a terminal shows of a text: the lines, and the cells of each with their colours. The rules are those of
// runt_pyodide/ai/text/terminal.py, which says them and where they are from; schema/terminal-cases/ binds both.

/** @template S @typedef {{ character: string, style: S }} Cell */

const ROWS = 100;
const COLUMNS = 200;

/** @type {Readonly<Record<string, "up" | "save" | "restore">>} */
const ESCAPES = { M: "up", 7: "save", 8: "restore" };
/** @type {Readonly<Record<string, Exclude<keyof Screen<unknown>, "put" | "feed" | "start" | "back" | "lines">>>} */
const SEQUENCES = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  E: "nextLine",
  F: "previousLine",
  G: "toColumn",
  H: "to",
  f: "to",
  d: "toRow",
  s: "save",
  u: "restore",
  J: "eraseLines",
  K: "eraseLine",
};

/** The screen, to which text is written in a style. @template S */
export class Screen {
  /** @type {Cell<S>[][]} */
  #lines = [[]];
  #row = 0;
  #column = 0;
  #saved = [0, 0];
  /** @type {Cell<S>} */
  #blank;

  /** @param {S} plain the style of cells that nothing was written to */
  constructor(plain) {
    this.#blank = { character: " ", style: plain };
  }

  /** The lines; empty ones below the cursor do not count. */
  lines() {
    let count = this.#lines.length;
    while (count > this.#row + 1 && this.#lines[count - 1]?.length === 0) count--;
    return this.#lines.slice(0, count);
  }

  /** @param {string} text without control characters @param {S} style */
  put(text, style) {
    const line = this.#reach();
    while (line.length < this.#column) line.push(this.#blank);
    for (const character of text) line[this.#column++] = { character, style };
  }

  feed() {
    this.#row++;
    this.#column = 0;
    this.#reach();
  }

  start() {
    this.#column = 0;
  }

  back() {
    this.left(1);
  }

  /**
   * Does what an escape sequence says, if it moves the cursor or erases.
   * @param {{ escape?: string, csi?: string, numbers?: string }} sequence
   */
  control({ escape = "", csi = "", numbers = "" }) {
    if (Object.hasOwn(ESCAPES, escape)) return this[ESCAPES[escape]](0);
    if (!Object.hasOwn(SEQUENCES, csi) || !/^[0-9;]*$/.test(numbers)) return;
    const [first, second] = numbers.split(";", 2).map((each) => Number(each.slice(0, 6)));
    this[SEQUENCES[csi]](first ?? 0, second ?? 0);
  }

  #reach() {
    while (this.#row >= this.#lines.length) this.#lines.push([]);
    return /** @type {Cell<S>[]} */ (this.#lines[this.#row]);
  }

  get #top() {
    return Math.max(0, this.#lines.length - ROWS);
  }

  /** @param {number} row @param {number} column */
  #go(row, column) {
    const top = this.#top;
    this.#row = Math.min(Math.max(row, top), top + ROWS - 1);
    this.#column = Math.min(column, COLUMNS);
  }

  /** @param {number} count */
  up(count) {
    this.#go(this.#row - (count || 1), this.#column);
  }

  /** @param {number} count */
  down(count) {
    this.#go(this.#row + (count || 1), this.#column);
  }

  /** @param {number} count */
  right(count) {
    this.#go(this.#row, this.#column + (count || 1));
  }

  /** @param {number} count */
  left(count) {
    this.#column = Math.max(0, this.#column - (count || 1));
  }

  /** @param {number} count */
  nextLine(count) {
    this.#go(this.#row + (count || 1), 0);
  }

  /** @param {number} count */
  previousLine(count) {
    this.#go(this.#row - (count || 1), 0);
  }

  /** @param {number} column */
  toColumn(column) {
    this.#go(this.#row, (column || 1) - 1);
  }

  /** @param {number} row */
  toRow(row) {
    this.#go(this.#top + (row || 1) - 1, this.#column);
  }

  /** @param {number} row @param {number} column */
  to(row, column) {
    this.#go(this.#top + (row || 1) - 1, (column || 1) - 1);
  }

  save() {
    this.#saved = [this.#row - this.#top, this.#column];
  }

  restore() {
    const [row = 0, column = 0] = this.#saved;
    this.#go(this.#top + row, column);
  }

  /** @param {number} mode */
  eraseLines(mode) {
    const [top, row] = [this.#top, this.#row];
    if (mode === 3) {
      this.#lines.splice(0, top);
      this.#row -= top;
    }
    if (mode === 0) this.#lines.splice(row + 1);
    const emptied = mode === 1 ? this.#lines.slice(top, row) : this.#lines.slice(top);
    if (mode === 1 || mode === 2) for (const line of emptied) line.length = 0;
    if (mode < 3) this.eraseLine(mode);
  }

  /** @param {number} mode */
  eraseLine(mode) {
    const line = this.#lines[this.#row] ?? [];
    if (mode === 0) line.splice(this.#column);
    if (mode === 1) line.fill(this.#blank, 0, Math.min(this.#column + 1, COLUMNS));
    if (mode === 2) {
      line.length = 0;
      this.#column = Math.min(this.#column, COLUMNS);
    }
  }
}
