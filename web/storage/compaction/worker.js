// The worker in which a notebook's log is compacted. It is told the notebook's id once, and tells how far it is.

import { compactDatabase } from "./compaction.js";

addEventListener("message", async ({ data: id }) => {
  try {
    const done = await compactDatabase(id, (fraction) => postMessage({ fraction }));
    postMessage({ done });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
