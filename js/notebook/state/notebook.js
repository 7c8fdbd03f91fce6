// The state of a notebook, folded from its events; it knows nothing of a page. The same events give the
// same state, whatever batches they arrive in. docs/events.md has the rules, under "How events fold". Each
// module of this folder folds one part of the notebook; runt_pyodide/notebook/state/ is the counterpart.

/** @import { EventName, LogEvent } from "../../types.d.ts" */
/** @import { Cell } from "./cells.js" */

import { isKnown } from "../event-check.js";
import { indexOfPosition } from "../ordering.js";
import { readEvents } from "../wire-event.js";
import { Approvals } from "./approvals.js";
import { Cells } from "./cells.js";
import { Executions } from "./executions.js";
import { setKey } from "./fields.js";
import { readMarks } from "./marks.js";
import { READ_ADDED } from "./output.js";
import { Outputs } from "./outputs.js";
import { Sessions } from "./sessions.js";

/** @typedef {Exclude<EventName, keyof typeof READ_ADDED>} FoldedHere */

export class Notebook {
  /** The title and other values that are set as text. @type {Map<string, string>} */
  metadata = new Map();
  /** Whatever else the notebook's file holds. @type {Map<string, any>} */
  json = new Map();

  /** @type {Set<string>} */
  #touched = new Set();
  /** @type {Set<string>} */
  #unknownNames = new Set();
  #warn;
  #touch = (/** @type {string} */ key) => void this.#touched.add(key);
  #cells = new Cells(this.#touch);
  #sessions = new Sessions(this.#touch);
  #approvals = new Approvals(this.#touch);
  outputs = new Outputs(this.#touch);
  executions = new Executions(this.#touch);
  /** What could not be folded, for people: an error of ours, since the events are valid. @type {string[]} */
  faults = [];

  /** @param {(problem: string) => void} [warn] told of events that are unknown or refused */
  constructor(warn = () => {}) {
    this.#warn = warn;
  }

  /**
   * Folds events. An event that names something that is gone, or not there yet, does nothing.
   * @param {readonly LogEvent[]} events
   * @returns {Set<string>} what changed: "order", "metadata", "sessions", "approvals", "policies",
   *   "queue", "faults"; "cell/", "outputs/" and "execution/" with a cell's id; "output/" with an output's
   */
  apply(events) {
    this.#touched = new Set();
    for (const event of this.#readMarked(events)) {
      try {
        this.#applyOne(event);
      } catch (error) {
        this.#addFault(event, error);
      }
    }
    return this.#touched;
  }

  /** @returns {ReadonlyMap<string, Cell>} */
  get cells() {
    return this.#cells.byId;
  }

  /** The cells' ids, in order; the array itself is never changed. */
  get order() {
    return this.#cells.order;
  }

  /** Whether there is, or ever was, a cell with this id. @param {string} id */
  wasCell(id) {
    return this.#cells.byId.has(id) || this.#cells.deleted.has(id);
  }

  /** The ids of cells that were deleted. @returns {ReadonlySet<string>} */
  get deletedCells() {
    return this.#cells.deleted;
  }

  /** The names of events that the vocabulary does not have. */
  get unknownNames() {
    return [...this.#unknownNames];
  }

  get sessions() {
    return this.#sessions.byId;
  }

  /** By toolCallId. */
  get approvals() {
    return this.#approvals.byId;
  }

  get policies() {
    return [...this.#approvals.policies.values()];
  }

  /** @param {readonly LogEvent[]} events of any store */
  #read(events) {
    return readEvents(events, ({ message }) => this.#warn(`An event was refused. ${message}.`));
  }

  /** @param {readonly LogEvent[]} events @returns {LogEvent[]} what they stand for */
  #readMarked(events) {
    return this.#read(events).flatMap((event) => {
      const meant = readMarks(event);
      return meant === event ? event : this.#read(meant ? [meant] : []);
    });
  }

  /** @param {LogEvent} event */
  #applyOne(event) {
    const { name, args } = event;
    if (!isKnown(name)) this.#passOver(name);
    else if (isAdded(name)) {
      this.outputs.add(/** @type {any} */ (args), READ_ADDED[name](args));
    } else Notebook.#FOLDS[/** @type {FoldedHere} */ (name)](this, args);
  }

  /** @param {string} name that the vocabulary does not have */
  #passOver(name) {
    if (this.#unknownNames.has(name)) return;
    this.#unknownNames.add(name);
    this.#warn(`Events named ${name} are ignored.`);
    this.#touch("faults");
  }

  /** Goes on without an event, so that the rest of the notebook can be read. @param {LogEvent} event @param {unknown} error */
  #addFault({ name }, error) {
    const fault = `${name}: ${error instanceof Error ? error.message : error}`;
    this.faults.push(fault);
    this.#warn(`An event could not be folded. ${fault}`);
    this.#touch("faults");
  }

  /** @param {string} key @param {string} value */
  #setMetadata(key, value) {
    this.metadata.set(key, value);
    this.#touch("metadata");
  }

  /** @param {{ key: string, value: any }} args */
  #setJson({ key, value }) {
    setKey(this.json, key, value);
    this.#touch("metadata");
  }

  /** @param {string} id */
  #deleteCell(id) {
    this.#cells.delete(id);
    this.outputs.deleteCell(id);
  }

  /**
   * How each event is folded, except those that add an output: they are all folded alike (READ_ADDED). An
   * event of the vocabulary that is in neither table is a type error, as is one that it does not have.
   * @type {{ readonly [Name in FoldedHere]: (notebook: Notebook, args: any) => void }}
   */
  static #FOLDS = {
    "v1.NotebookTitleChanged": (nb, { title }) => nb.#setMetadata("title", title),
    "v1.NotebookMetadataSet": (nb, { key, value }) => nb.#setMetadata(key, value),
    "v1.NotebookJsonSet": (nb, args) => nb.#setJson(args),

    "v1.CellCreated": (nb, args) => nb.#cells.create(args, indexOfPosition(args.position)),
    "v2.CellCreated": (nb, args) => nb.#cells.create(args, args.fractionalIndex),
    "v1.CellSourceChanged": (nb, { id, source, modifiedBy }) =>
      nb.#cells.change(id, { source, modifiedBy }),
    "v1.CellTypeChanged": (nb, { id, cellType }) => nb.#cells.change(id, { cellType }),
    "v1.CellDeleted": (nb, { id }) => nb.#deleteCell(id),
    "v1.CellMoved": (nb, { id, newPosition }) => nb.#cells.move(id, indexOfPosition(newPosition)),
    "v2.CellMoved": (nb, { id, fractionalIndex }) => nb.#cells.move(id, fractionalIndex),
    "v1.CellSourceVisibilityToggled": (nb, { id, sourceVisible }) =>
      nb.#cells.change(id, { sourceVisible }),
    "v1.CellOutputVisibilityToggled": (nb, { id, outputVisible }) =>
      nb.#cells.change(id, { outputVisible }),
    "v1.CellAiContextVisibilityToggled": (nb, { id, aiContextVisible }) =>
      nb.#cells.change(id, { aiContextVisible }),
    "v1.AiSettingsChanged": (nb, args) => nb.#cells.setAI(args),
    "v1.SqlResultVariableChanged": (nb, { cellId, resultVariable }) =>
      nb.#cells.change(cellId, { sqlVariable: resultVariable }),
    "v1.CellMetadataSet": (nb, args) => nb.#cells.setMetadata(args),

    "v1.RuntimeSessionStarted": (nb, args) => nb.#sessions.start(args),
    "v1.RuntimeSessionStatusChanged": (nb, { sessionId, status }) =>
      nb.#sessions.setStatus(sessionId, status),
    "v1.RuntimeSessionRenewal": () => {}, // time passes outside of the log
    "v1.RuntimeSessionTerminated": (nb, { sessionId }) =>
      nb.#sessions.setStatus(sessionId, "terminated"),

    "v1.ExecutionRequested": (nb, args) => nb.executions.request(args),
    "v1.MultipleExecutionRequested": (nb, args) => nb.executions.requestMany(args),
    "v1.ExecutionAssigned": (nb, args) => nb.executions.assign(args),
    "v1.ExecutionStarted": (nb, args) =>
      nb.executions.start(args, nb.cells.get(args.cellId)?.source),
    "v1.ExecutionCompleted": (nb, args) => nb.executions.complete(args),
    "v1.ExecutionCancelled": (nb, args) => nb.executions.cancel(args),
    "v1.AllExecutionsCancelled": (nb) => nb.executions.cancelAll(),

    "v1.OutputDelta": (nb, args) => nb.outputs.addDelta(args, args.delta),
    "v2.TerminalOutputAppended": (nb, args) => nb.outputs.addDelta(args, { text: args.delta }),
    "v2.MarkdownOutputAppended": (nb, args) => nb.outputs.addDelta(args, { text: args.delta }),
    "v1.MultimediaDisplayOutputUpdated": (nb, args) => nb.outputs.updateDisplay(args),
    "v1.CellOutputsCleared": (nb, { cellId, wait }) =>
      wait ? nb.outputs.clearOnNext(cellId) : nb.outputs.clear(cellId),
    "v1.AllOutputsCleared": (nb) => nb.outputs.clearAll(),

    "v1.ToolApprovalRequested": (nb, args) => nb.#approvals.request(args),
    "v1.ToolApprovalResponded": (nb, args) => nb.#approvals.respond(args),
    "v1.ToolPolicySet": (nb, args) => nb.#approvals.setPolicy(args),
  };
}

/** @param {string} name @returns {name is keyof typeof READ_ADDED} */
export function isAdded(name) {
  return Object.hasOwn(READ_ADDED, name);
}
