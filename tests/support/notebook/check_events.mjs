// Reads a JSON list of events a line, and answers with what JavaScript makes of each: {known, event},
// or {fault}. Numbers that JSON cannot say come as {"$number": "NaN"}.

import { createInterface } from "node:readline";

import { isKnown } from "../../../js/notebook/event-check.js";
import { readEvent } from "../../../js/notebook/wire-event.js";

/** @param {string} _key @param {any} value */
const revive = (_key, value) => (value?.$number ? Number(value.$number) : value);

/** @param {any} given */
function check(given) {
  try {
    const event = readEvent(given);
    return { known: isKnown(event.name), event };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { fault: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(JSON.parse(line, revive).map(check)));
}
