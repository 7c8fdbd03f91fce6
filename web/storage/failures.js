// Why a notebook is not kept, and what can be done about it.

import { messageOf } from "../render/error.js";

/** The notebook's database is gone. */
export class Lost extends Error {
  /** @param {"cleared" | "deleted"} why by the browser, or by another tab */
  constructor(why) {
    super(`the database was ${why}`);
    this.why = why;
  }
}

/** @param {unknown} error @returns {string} for the person */
export function whyNotKept(error) {
  if (error instanceof Lost) {
    return error.why === "deleted"
      ? "This notebook was deleted in another tab, so it is kept only here, until this tab is closed. To put it back, try again."
      : "The browser’s storage was cleared, and this notebook with it: it is kept only here, until this tab is closed. To store it again, try again.";
  }
  const [reason, way] = ofWrite(/** @type {{ name?: string }} */ (error));
  return `The browser does not store your changes (${reason}), so they are kept only here, until this tab is closed. ${way}, or export the notebook.`;
}

const MAKE_ROOM = "Make room, such as by deleting other notebooks, and try again";

/** @param {{ name?: string }} error @returns {[reason: string, way: string]} */
function ofWrite(error) {
  switch (error.name) {
    case "QuotaExceededError":
      return ["the storage that it allows this site is full", MAKE_ROOM];
    case "AbortError": // it does not always say why
      return ["it stopped writing, as it does when its storage is full", MAKE_ROOM];
    default:
      return [messageOf(error) || "it does not say why", "Try again"];
  }
}
