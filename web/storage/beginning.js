// What the log of a notebook begins with, if there is none yet.

/** @import { LogEvent } from "../../js/types.d.ts" */
/** @import { Batch } from "./database.js" */

/** The id of the batch that a new notebook begins with, and of those that come from an earlier version's file. */
export const WELCOME = "welcome";
const EARLIER = "earlier";
const EARLIER_AT_ONCE = 500;

/**
 * @param {object} from
 * @param {() => Promise<readonly LogEvent[] | undefined>} from.readEarlier
 * @param {readonly LogEvent[]} from.welcome
 * @returns {Promise<Batch[]>} what an earlier version of the site kept; if that is nothing, the welcome
 */
export async function beginningOf({ readEarlier, welcome }) {
  const events = (await readEarlier()) ?? [];
  if (events.length === 0) return welcome.length > 0 ? [{ id: WELCOME, events: welcome }] : [];
  return Array.from({ length: Math.ceil(events.length / EARLIER_AT_ONCE) }, (_, place) => ({
    id: `${EARLIER}.${place}`,
    events: events.slice(place * EARLIER_AT_ONCE, (place + 1) * EARLIER_AT_ONCE),
  }));
}
