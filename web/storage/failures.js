// Why a notebook is not kept, and what can be done about it.

import { messageOf } from "../render/error.js";

/** The notebook's database is gone, or not for this version of the page any more. */
export class Lost extends Error {
  /** @param {"cleared" | "deleted" | "newer"} why by the browser, or by another tab */
  constructor(why) {
    super(`the database was lost: ${why}`);
    this.why = why;
  }
}

/** What an earlier version of the page kept could not be read. */
export class EarlierUnread extends Error {}

/** @param {unknown} error @param {boolean} isRead whether the notebook was read before @returns {string} for the person */
export function whyNotKept(error, isRead) {
  if (error instanceof Lost) return LOST[error.why];
  if (error instanceof EarlierUnread) {
    return `This notebook is from an earlier version of this page, and could not be read (${messageOf(error)}). It was not changed. Try again, or export the raw log.`;
  }
  if (/** @type {any} */ (error).name === "VersionError") return LOST.newer;
  const [reason, way] = ofWrite(/** @type {{ name?: string }} */ (error));
  if (!isRead) {
    return `The browser’s storage could not be opened (${reason}). What it holds of this notebook was not changed, and is not shown; what you do is kept only here, until this tab is closed. ${way}, or export the raw log.`;
  }
  return `The browser does not store your changes (${reason}), so they are kept only here, until this tab is closed. ${way}, or export the notebook.`;
}

/**
 * What helps: to try again, to put the notebook back, to store it anew, to make room and try again, or to reload the page.
 * @typedef {"again" | "back" | "anew" | "room" | "reload"} Remedy
 */

/** @param {unknown} error @returns {Remedy} */
export function remedyOf(error) {
  if (error instanceof Lost) return AFTER_LOSS[error.why];
  const { name } = /** @type {{ name?: string }} */ (error);
  if (name === "VersionError") return "reload";
  return name === "QuotaExceededError" || name === "AbortError" ? "room" : "again";
}

/** @type {Record<Lost["why"], Remedy>} */
const AFTER_LOSS = { deleted: "back", cleared: "anew", newer: "reload" };

const LOST = {
  deleted:
    "This notebook was deleted in another tab, so it is kept only here, until this tab is closed. You can put it back.",
  cleared:
    "The browser’s storage was cleared, and this notebook with it: it is kept only here, until this tab is closed. You can store it again.",
  newer:
    "A newer version of this page has stored this notebook, which this version cannot write. Reload the page to get the newer version; if it does not come, export the raw log. What you change here is kept only here, until this tab is closed.",
};

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
