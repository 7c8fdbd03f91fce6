// The worker that reads a notebook which an earlier version of the site kept: a LiveStore log, a SQLite file in a pool of
// files in OPFS. It is told the pool's folder once, and tells the events, or why it cannot.

import { messageOf } from "../../render/error.js";
import { readEventLog } from "./event-log.js";

addEventListener("message", async ({ data: folder }) => {
  try {
    postMessage({ events: await readEventLog(folder) });
  } catch (error) {
    postMessage({ error: messageOf(error) });
  }
});
