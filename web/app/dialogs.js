// The dialog that is open: at most one.

/** @import { Signal } from "@preact/signals" */

import { signal } from "@preact/signals";

/**
 * @typedef {{ name: "settings", provider?: string, isSignedIn?: boolean }
 *   | { name: "help" }
 *   | { name: "palette" }
 *   | { name: "notebooks" }
 *   | { name: "policies" }
 *   | { name: "restart", runsAll: boolean }
 *   | { name: "from-file", go?: () => void }
 *   | { name: "explanation", cellId: string }
 *   | { name: "cell-settings", cellId: string }
 *   | { name: "undo", cellId: string, runId: string }} Opened
 */

export class Dialogs {
  /** @type {Signal<Opened | null>} */
  opened = signal(null);

  /** @param {Opened} dialog */
  open(dialog) {
    this.opened.value = dialog;
  }

  close = () => {
    this.opened.value = null;
  };
}
