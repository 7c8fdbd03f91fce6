// Opens the notebook that the page's address names: `?notebook=<id>` is kept in this browser; `?memory` and
// `?memory=empty` are kept only in this tab.

/** @import { EventStore } from "../../js/types.d.ts" */
/** @import { Notes } from "./welcome.js" */

import { memoryStore } from "../../js/index.js";
import { finishIfDue } from "../storage/deletions.js";
import { Opening } from "../storage/opening.js";
import { openPersisted } from "../storage/persisted.js";
import { startingNotebook } from "./welcome.js";

const FIRST = "welcome";

/**
 * @typedef {object} Opened
 * @property {EventStore} store
 * @property {string | null} id of a notebook that is kept
 * @property {Notes["testConfig"]} testConfig
 * @property {string} trouble why this is not the notebook of the address, or an empty string
 */

/**
 * @param {string} search of the page's address
 * @param {(opening: Opening) => void} show shows how far it is
 * @returns {Promise<Opened>}
 */
export async function openNotebook(search, show) {
  const params = new URLSearchParams(search);
  const { events, testConfig } = startingNotebook(params.get("memory"));
  const inMemory = (/** @type {string} */ trouble) => ({
    ...{ store: memoryStore(events), id: null, testConfig, trouble },
  });
  if (params.has("memory")) return inMemory("");
  const id = params.get("notebook") ?? FIRST;
  if (!/^[\w-]+$/.test(id)) {
    return inMemory(
      "This address does not name a valid notebook. Here is a new one, which is kept only in this tab.",
    );
  }
  await finishIfDue(id);
  const opening = new Opening(id);
  show(opening);
  const store = await openPersisted(id, id === FIRST ? events : [], opening);
  return { store, id, testConfig, trouble: "" };
}
