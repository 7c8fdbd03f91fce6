// Opens the notebook that the page's address names: `?notebook=<id>` is kept in this browser; `?memory` and
// `?memory=empty` are kept only in this tab.

/** @import { EventStore, LogEvent } from "../../js/types.d.ts" */
/** @import { Notes } from "./welcome.js" */

import { memoryStore } from "../../js/index.js";
import { startingNotebook } from "./welcome.js";
import { messageOf } from "../render/error.js";

const FIRST = "welcome";

/**
 * @typedef {object} Opened
 * @property {EventStore} store
 * @property {string | null} id of a notebook that is kept
 * @property {Notes["testConfig"]} testConfig
 * @property {string} trouble why it could not be kept, or an empty string
 */

/** @param {string} search of the page's address @returns {Promise<Opened>} */
export async function openNotebook(search) {
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
  try {
    const { openPersisted } = await import("../storage/persisted.js");
    const store = await openPersisted(id);
    const isNew = (await presentState(store)).length === 0;
    if (isNew && id === FIRST) store.commit(...events);
    return { store, id, testConfig, trouble: "" };
  } catch (error) {
    const why = messageOf(error);
    return inMemory(
      `This browser does not keep notebooks (${why}), so this one is kept only in this tab. Export it before you leave.`,
    );
  }
}

/** @param {EventStore} store @returns {Promise<readonly LogEvent[]>} */
function presentState(store) {
  return new Promise((resolve) => {
    const stop = store.subscribe((events) => {
      stop();
      resolve(events);
    });
  });
}
