// A log in fewer events: what a week of streamed answers leaves behind is mostly their pieces.
//
// - An output whose cell has no open execution takes its deltas into one v1.OutputRestored, in the place of the event
//   that added it. Deltas of outputs that are gone are left out, since they change nothing; those that tell what an
//   AI run took stay.
// - Of updates of a display that follow each other, the last one stays.
// - Renewals of sessions are left out.
//
// All else stays as it is and where it is: every source that a cell had, every execution, clear and approval, with
// their ids and times. An output with a display id keeps its deltas, since an update of the display may still come
// below them.

/** @import { LogEvent } from "../../types.d.ts" */
/** @import { Output } from "../state/output.js" */

import { canonicalJson } from "../clean-json.js";
import { faultOf, isKnown } from "../event-check.js";
import { readMarks } from "../state/marks.js";
import { isAdded, Notebook } from "../state/notebook.js";
import { stateJson } from "../state/snapshot.js";
import { readOrRefuse, restoredFrom } from "./restored.js";

const DELTAS = ["v1.OutputDelta", "v2.TerminalOutputAppended", "v2.MarkdownOutputAppended"];
const CLEARS = ["v1.CellOutputsCleared", "v1.AllOutputsCleared", "v1.CellDeleted"];

/**
 * Returns a log that gives the same notebook, with the same history of sources, in fewer events. A log that holds
 * anything that this version does not understand is returned as it is, since it may give another meaning to the rest.
 * @param {readonly LogEvent[]} events
 * @returns {readonly LogEvent[]} the log itself if nothing can be left out
 */
export function compactLog(events) {
  if (!events.every(isUnderstood)) return events;
  const fewer = joinDeltas(events);
  return fewer.length < events.length && isSame(events, fewer) ? fewer : events;
}

/**
 * Does the same with any log, and does not check the result.
 * @param {readonly LogEvent[]} events
 * @returns {readonly LogEvent[]}
 */
export function joinDeltas(events) {
  const compaction = new Compaction();
  for (const [at, event] of events.entries()) compaction.follow(event, at);
  return compaction.compact(events);
}

/**
 * An output, where it was added, and where its deltas are; without the output, it is one of a cell that was deleted before.
 * @typedef {{ at: number, output?: Output, deltas: number[] }} Streamed
 */

/** Follows a log from its beginning, and finds what can be left out. */
class Compaction {
  #notebook = new Notebook();
  /** By output id; also those that are gone by now. @type {Map<string, Streamed>} */
  #streamed = new Map();
  /** Deltas whose output is not there yet. @type {Map<string, number[]>} */
  #early = new Map();
  /** Deltas that tell what an AI run took. @type {Set<number>} */
  #accounts = new Set();
  /** @type {Set<number>} */
  #leftOut = new Set();
  /** The last update of each display, unless outputs were cleared since: what is cleared counts as it was then. @type {Map<string, number>} */
  #updates = new Map();
  /** Cells that are cleared at their next output. @type {Set<string>} */
  #clearOnNext = new Set();

  /** @param {LogEvent} event @param {number} at its place in the log */
  follow(event, at) {
    const read = readMeant(event);
    if (!read || !isKnown(read.name)) return;
    this.#notebook.apply([read]);
    const { name, args } = /** @type {{ name: string, args: any }} */ (read);
    if (name === "v1.RuntimeSessionRenewal") this.#leftOut.add(at);
    else if (name === "v1.MultimediaDisplayOutputUpdated") this.#followUpdate(args, at);
    else if (CLEARS.includes(name)) this.#followClear(args);
    else if (DELTAS.includes(name)) this.#followDelta(args, at);
    else if (isAdded(name)) this.#followAdded(args, at);
  }

  /** @param {readonly LogEvent[]} events those that were followed */
  compact(events) {
    const open = new Set(this.#notebook.executions.open.map(({ cellId }) => cellId));
    /** @type {Map<number, LogEvent>} */
    const restored = new Map();
    for (const { at, output, deltas } of this.#streamed.values()) {
      if (!output || deltas.length === 0 || open.has(output.cellId)) continue;
      const whole = restoredFrom(output);
      if (!whole) continue;
      restored.set(at, whole);
      for (const delta of deltas) this.#leftOut.add(delta);
    }
    return events.flatMap((event, at) =>
      this.#leftOut.has(at) ? [] : [restored.get(at) ?? event],
    );
  }

  /** @param {{ displayId: string }} args @param {number} at */
  #followUpdate({ displayId }, at) {
    const before = this.#updates.get(displayId);
    if (before !== undefined) this.#leftOut.add(before);
    this.#updates.set(displayId, at);
  }

  /** @param {{ cellId?: string, wait?: boolean }} args */
  #followClear({ cellId, wait }) {
    if (wait && cellId !== undefined) this.#clearOnNext.add(cellId);
    else this.#updates.clear();
  }

  /** @param {{ outputId: string, delta?: any }} args @param {number} at */
  #followDelta({ outputId, delta }, at) {
    if (delta?.metadata?.anode?.run) this.#accounts.add(at);
    const streamed = this.#streamed.get(outputId);
    if (!streamed) push(this.#early, outputId, at);
    else if (streamed.output && streamed.output === this.#notebook.outputs.get(outputId)) {
      streamed.deltas.push(at);
    } else this.#leaveOutGone(at);
  }

  /** @param {{ id: string, cellId: string }} args @param {number} at */
  #followAdded({ id, cellId }, at) {
    if (this.#clearOnNext.delete(cellId)) this.#updates.clear();
    if (this.#streamed.has(id)) return;
    const [output, deltas] = [this.#notebook.outputs.get(id), this.#early.get(id) ?? []];
    this.#early.delete(id);
    this.#streamed.set(id, { at, output, deltas });
    if (!output) for (const delta of deltas) this.#leaveOutGone(delta);
  }

  /** @param {number} at the place of a delta of an output that is gone */
  #leaveOutGone(at) {
    if (!this.#accounts.has(at)) this.#leftOut.add(at);
  }
}

/** @param {LogEvent} event */
function isUnderstood(event) {
  const read = readOrRefuse(event);
  if (!read || !isKnown(read.name)) return false;
  const meant = readMarks(read);
  return meant === undefined || faultOf(meant) === undefined;
}

/** Returns what an event stands for, if it can be read. @param {LogEvent} event */
function readMeant(event) {
  const read = readOrRefuse(event);
  const meant = read && readMarks(read);
  return meant && meant !== read ? readOrRefuse(meant) : meant;
}

/** Whether two logs give the same notebook, by the same sources. @param {readonly LogEvent[]} a @param {readonly LogEvent[]} b */
function isSame(a, b) {
  return canonicalJson(readAll(a)) === canonicalJson(readAll(b));
}

/** @param {readonly LogEvent[]} events */
function readAll(events) {
  const notebook = new Notebook();
  notebook.apply(events);
  const sources = events.filter(({ name }) => name === "v1.CellSourceChanged");
  return [stateJson(notebook), notebook.outputs.goneRuns, sources];
}

/** @param {Map<string, number[]>} lists @param {string} key @param {number} item */
function push(lists, key, item) {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
