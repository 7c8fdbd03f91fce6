// How far the opening of a notebook is, for the page to show.

import { signal } from "@preact/signals";

/** @typedef {"reading" | "compacting" | "waiting"} Stage `waiting` for another tab that compacts the notebook */

export class Opening {
  /** @type {import("@preact/signals").Signal<Stage>} */
  stage = signal(/** @type {Stage} */ ("reading"));
  /** How much of the stage is done, from 0 to 1. */
  fraction = signal(0);
  /** Ends the stage before it is done, if it can be left out. @type {(() => void) | undefined} */
  skip;

  /** @param {string} id of the notebook */
  constructor(id) {
    this.id = id;
  }

  /** @param {Stage} stage that begins @param {() => void} [skip] */
  show(stage, skip) {
    this.stage.value = stage;
    this.fraction.value = 0;
    this.skip = skip;
  }
}
