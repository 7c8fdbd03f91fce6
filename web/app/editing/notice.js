// A short sentence about what was just done, which goes by itself.

/** @import { Signal } from "@preact/signals" */

import { signal } from "@preact/signals";

const SHOWN_MS = 5000;

export class Notice {
  text = signal("");
  #announcement;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Signal<string>} announcement what a screen reader says */
  constructor(announcement) {
    this.#announcement = announcement;
  }

  /** @param {string} text */
  say(text) {
    clearTimeout(this.#timer);
    this.text.value = text;
    this.#announcement.value = text;
    this.#timer = setTimeout(() => (this.text.value = ""), SHOWN_MS);
  }
}
