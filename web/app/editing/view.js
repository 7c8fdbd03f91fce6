// How the notebook is shown: settings of the person, which this browser keeps for all notebooks.

import { effect, signal } from "@preact/signals";

const KEY = "runt-pyodide/view";

/**
 * @typedef {object} ViewSettings
 * @property {boolean} lineNumbers in the source of cells with code
 * @property {boolean} wraps long lines of code
 * @property {boolean} isWide the page uses the whole width of the window
 */

/** @type {ViewSettings} */
const DEFAULTS = { lineNumbers: false, wraps: true, isWide: false };

export class View {
  settings = signal(DEFAULTS);
  #storage;

  /** @param {Pick<Storage, "getItem" | "setItem"> | undefined} storage undefined if the browser denies it */
  constructor(storage) {
    this.#storage = storage;
    this.settings.value = { ...DEFAULTS, ...read(storage?.getItem(KEY)) };
  }

  /** Turns a setting over. @param {keyof ViewSettings} name */
  toggle(name) {
    this.settings.value = { ...this.settings.peek(), [name]: !this.settings.peek()[name] };
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.settings.peek()));
    } catch {
      // Without room it lasts as long as the page.
    }
  }

  /** Shows on an element, the page's root, what is set. @param {HTMLElement} root */
  applyTo(root) {
    effect(() => {
      root.toggleAttribute("data-wide", this.settings.value.isWide);
    });
  }
}

/** @param {string | null | undefined} text @returns {Partial<ViewSettings>} of those that there are */
function read(text) {
  try {
    const stored = JSON.parse(text ?? "{}");
    const names = /** @type {(keyof ViewSettings)[]} */ (Object.keys(DEFAULTS));
    const known = names.filter((name) => typeof stored?.[name] === "boolean");
    return Object.fromEntries(known.map((name) => [name, stored[name]]));
  } catch {
    return {};
  }
}
