// Writes a notebook's log anew in fewer events: in a worker, since that takes seconds and much memory for a log that has
// grown for long.

import { compactLog } from "../../../js/notebook/index.js";
import { Database } from "../database.js";
import { missingRows } from "../wholeness.js";

/** @import { LogEvent } from "../../../js/types.d.ts" */
/** @import { Extent, Row } from "../database.js" */

const EVENTS_IN_A_ROW = 200;

/**
 * Compacts the log of a notebook that no tab is reading. A log that is not whole stays as it is.
 * @param {string} id
 * @param {(fraction: number) => void} tell
 * @returns {Promise<{ before: number, after: number }>} how many events there are, none if it is not whole
 */
export async function compactDatabase(id, tell) {
  const database = await Database.open(id, () => database.close());
  try {
    const extent = await database.extent();
    const { last } = extent;
    const { events, at } = await readWhole(database, extent, (fraction) => tell(fraction / 2));
    const fewer = compactLog(events ?? []);
    tell(0.75);
    const isFewer = events !== undefined && fewer.length < events.length;
    if (isFewer) await database.replace(rowsOf(fewer, at), last);
    else await database.setExamined(last);
    tell(1);
    return { before: events?.length ?? 0, after: fewer.length };
  } finally {
    database.close();
  }
}

/**
 * @param {Database} database
 * @param {Extent} extent
 * @param {(fraction: number) => void} tell
 * @returns {Promise<{ events?: LogEvent[], at?: number }>} no events if a row is missing or cannot be read; when the last row was written
 */
async function readWhole(database, extent, tell) {
  if (missingRows(extent) > 0) return {}; // that shows by the numbers, which a compaction gives anew
  /** @type {LogEvent[]} */
  const events = [];
  /** @type {number | undefined} */
  let at;
  let read = 0;
  for await (const row of database.read(0)) {
    const batch = parse(row.events);
    if (!Array.isArray(batch)) return {};
    for (const event of batch) events.push(event);
    at = row.at ?? at;
    if ((read += 1) % 1000 === 0) tell(read / extent.count);
  }
  return { events, at };
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {readonly LogEvent[]} events @param {number} [at] when the last of them was written @returns {Row[]} */
function rowsOf(events, at) {
  const stamp = crypto.randomUUID().slice(0, 13);
  return Array.from({ length: Math.ceil(events.length / EVENTS_IN_A_ROW) }, (_, n) => ({
    id: `compacted.${stamp}.${n}`,
    events: JSON.stringify(events.slice(n * EVENTS_IN_A_ROW, (n + 1) * EVENTS_IN_A_ROW)),
    ...(at !== undefined && { at }),
  }));
}
