// The notebook as it stands: a fold of its events, without a page. The same events give the same
// state, whatever the batches. What is named twice counts once, what is gone stays gone, an execution
// never goes back and its first end stands, and a delta may come before its output.

/** @import { WireEvent } from "../../types.d.ts" */
/** @import { CellType } from "../../types-notebook.d.ts" */

import { ARGS, faultOf } from "../event-args.js";
import { Executions } from "./executions.js";
import { addsOutput } from "./output.js";
import { Outputs } from "./outputs.js";

/** In the vocabulary of the runt notebooks a display that carries a delta, for which they have no event. */
const CARRIED = "application/vnd.runt-pyodide.delta+json";

/**
 * @typedef {object} Cell
 * @property {string} id
 * @property {CellType} cellType
 * @property {string} fractionalIndex
 * @property {string} source
 * @property {string} modifiedBy who wrote the source last
 * @property {boolean} sourceVisible
 * @property {boolean} outputVisible
 * @property {boolean} aiContextVisible
 * @property {any} [ai] the cell's own provider, model and settings
 * @property {string} [sqlVariable] what an SQL cell's result is kept in
 * @property {Map<string, any>} metadata what its file holds beside
 *
 * @typedef {object} Session
 * @property {string} id
 * @property {string} runtimeId
 * @property {any} capabilities
 * @property {"starting" | "ready" | "busy" | "restarting" | "terminated"} status
 */

export class Notebook {
  /** @type {Map<string, string>} */
  metadata = new Map();
  /** What the notebook's file holds beside. @type {Map<string, any>} */
  json = new Map();
  /** Policies of tools by their scope, then by the tool's name. @type {Map<string, Map<string, string>>} */
  policies = new Map();
  /** @type {Map<string, Cell>} */
  cells = new Map();
  /** @type {Map<string, Session>} */
  sessions = new Map();
  /** By toolCallId. @type {Map<string, { request?: any, response?: any }>} */
  approvals = new Map();
  outputs = new Outputs((key) => this.#touched.add(key));
  executions = new Executions((key) => this.#touched.add(key));

  /** @type {Set<string>} */
  #deletedCells = new Set();
  /** @type {string[] | undefined} */
  #order = [];
  /** @type {Set<string>} */
  #unknownNames = new Set();
  /** @type {Set<string>} */
  #touched = new Set();
  #warn;

  /** @param {(problem: string) => void} [warn] told of events that are unknown or refused */
  constructor(warn = () => {}) {
    this.#warn = warn;
  }

  /**
   * Folds events in. What they name may be gone, or not there yet: then they do nothing.
   * @param {readonly WireEvent[]} events
   * @returns {Set<string>} what changed: "order", "metadata", "sessions", "approvals", "policies",
   *   "queue"; "cell/", "outputs/" and "execution/" with a cell's id; "output/" with an output's
   */
  apply(events) {
    this.#touched = new Set();
    for (const event of events) this.#applyOne(event);
    return this.#touched;
  }

  /** @returns {readonly string[]} the cells' ids, in order */
  get order() {
    this.#order ??= [...this.cells.values()]
      .sort((a, b) => compare(a.fractionalIndex, b.fractionalIndex) || compare(a.id, b.id))
      .map(({ id }) => id);
    return this.#order;
  }

  /** @param {WireEvent} event */
  #applyOne(event) {
    const { name, args } = event;
    if (!Object.hasOwn(ARGS, name)) {
      if (!this.#unknownNames.has(name)) this.#warn(`Events named ${name} are passed over.`);
      this.#unknownNames.add(name);
      return;
    }
    const fault = faultOf(event);
    const carried = /** @type {any} */ (args)?.representations?.[CARRIED]?.data;
    if (!fault && carried) this.#applyOne({ name: "v1.OutputDelta", args: carried });
    else if (fault) this.#warn(`An event was refused. ${fault}.`);
    else if (addsOutput(name)) this.outputs.add(name, args);
    else FOLDS[name](this, args);
  }

  /** @param {string} key @param {string} value */
  setMetadata(key, value) {
    this.metadata.set(key, value);
    this.#touched.add("metadata");
  }

  /** @param {{ id: string, cellType: CellType }} args @param {string} fractionalIndex */
  createCell({ id, cellType }, fractionalIndex) {
    if (this.cells.has(id) || this.#deletedCells.has(id)) return;
    const visible = { sourceVisible: true, outputVisible: true, aiContextVisible: true };
    const empty = { source: "", modifiedBy: "", ...visible, metadata: new Map() };
    this.cells.set(id, { id, cellType, fractionalIndex, ...empty });
    this.#reorder();
  }

  /** @param {string} id @param {Partial<Cell>} change */
  changeCell(id, change) {
    const cell = this.cells.get(id);
    if (!cell) return;
    Object.assign(cell, change);
    this.#touched.add(`cell/${id}`);
    if (change.fractionalIndex !== undefined) this.#reorder();
  }

  /** @param {{ cellId: string, key: string, value: any }} args null: none */
  setCellMetadata({ cellId, key, value }) {
    const cell = this.cells.get(cellId);
    if (!cell) return;
    setKey(cell.metadata, key, value);
    this.#touched.add(`cell/${cellId}`);
  }

  /** @param {{ key: string, value: any }} args null: none */
  setJson({ key, value }) {
    setKey(this.json, key, value);
    this.#touched.add("metadata");
  }

  /** @param {{ tool: string, policy: string, scope?: { cellId?: string, runId?: string } }} args */
  setPolicy({ tool, policy, scope = {} }) {
    const place = JSON.stringify([scope.cellId ?? null, scope.runId ?? null]);
    const policies = this.policies.get(place) ?? new Map();
    this.policies.set(place, policies.set(tool, policy));
    this.#touched.add("policies");
  }

  /** @param {string} id */
  deleteCell(id) {
    this.#deletedCells.add(id);
    this.outputs.deleteCell(id);
    if (this.cells.delete(id)) this.#reorder();
  }

  /** Whether there is such a cell, or was. @param {string} id */
  wasCell(id) {
    return this.cells.has(id) || this.#deletedCells.has(id);
  }

  /** @param {{ sessionId: string, runtimeId: string, capabilities: any }} args */
  startSession({ sessionId: id, runtimeId, capabilities }) {
    if (this.sessions.has(id)) return;
    this.sessions.set(id, { id, runtimeId, capabilities, status: "starting" });
    this.#touched.add("sessions");
  }

  /** @param {string} id @param {Session["status"]} status */
  setSession(id, status) {
    const session = this.sessions.get(id);
    if (!session || session.status === "terminated") return;
    session.status = status;
    this.#touched.add("sessions");
  }

  /** @param {string} id @param {{ request?: any, response?: any }} part the first of each stands */
  approve(id, part) {
    this.approvals.set(id, { ...part, ...this.approvals.get(id) });
    this.#touched.add("approvals");
  }

  #reorder() {
    this.#order = undefined;
    this.#touched.add("order");
  }
}

/** How each event is folded; those that add an output all are alike. */
/** @type {Record<string, (notebook: Notebook, args: any) => void>} */
const FOLDS = {
  "v1.NotebookTitleChanged": (nb, { title }) => nb.setMetadata("title", title),
  "v1.NotebookMetadataSet": (nb, { key, value }) => nb.setMetadata(key, value),

  "v1.CellCreated": (nb, args) => nb.createCell(args, indexOfPosition(args.position)),
  "v2.CellCreated": (nb, args) => nb.createCell(args, args.fractionalIndex),
  "v1.CellSourceChanged": (nb, { id, source, modifiedBy }) =>
    nb.changeCell(id, { source, modifiedBy }),
  "v1.CellTypeChanged": (nb, { id, cellType }) => nb.changeCell(id, { cellType }),
  "v1.CellDeleted": (nb, { id }) => nb.deleteCell(id),
  "v1.CellMoved": (nb, { id, newPosition }) =>
    nb.changeCell(id, { fractionalIndex: indexOfPosition(newPosition) }),
  "v2.CellMoved": (nb, { id, fractionalIndex }) => nb.changeCell(id, { fractionalIndex }),
  "v1.CellSourceVisibilityToggled": (nb, { id, sourceVisible }) =>
    nb.changeCell(id, { sourceVisible }),
  "v1.CellOutputVisibilityToggled": (nb, { id, outputVisible }) =>
    nb.changeCell(id, { outputVisible }),
  "v1.CellAiContextVisibilityToggled": (nb, { id, aiContextVisible }) =>
    nb.changeCell(id, { aiContextVisible }),
  "v1.AiSettingsChanged": (nb, { cellId, ...ai }) => nb.changeCell(cellId, { ai }),
  "v1.SqlResultVariableChanged": (nb, { cellId, resultVariable }) =>
    nb.changeCell(cellId, { sqlVariable: resultVariable }),

  "v1.RuntimeSessionStarted": (nb, args) => nb.startSession(args),
  "v1.RuntimeSessionStatusChanged": (nb, { sessionId, status }) => nb.setSession(sessionId, status),
  "v1.RuntimeSessionRenewal": () => {},
  "v1.RuntimeSessionTerminated": (nb, { sessionId }) => nb.setSession(sessionId, "terminated"),

  "v1.ExecutionRequested": (nb, { queueId, cellId, executionCount }) =>
    nb.executions.request(queueId, cellId, executionCount),
  "v1.MultipleExecutionRequested": (nb, { cellsInfo }) => {
    for (const { queueId, id, executionCount } of cellsInfo) {
      nb.executions.request(queueId, id, executionCount);
    }
  },
  "v1.ExecutionAssigned": (nb, { queueId }) => nb.executions.assign(queueId),
  "v1.ExecutionStarted": (nb, { queueId, cellId, ...args }) =>
    nb.executions.start(queueId, cellId, args),
  "v1.ExecutionCompleted": (nb, args) => {
    const { queueId, cellId, status: outcome, error, executionDurationMs: durationMs } = args;
    const state = outcome === "success" ? "completed" : "failed";
    nb.executions.end(queueId, cellId, state, { outcome, error, durationMs });
  },
  "v1.ExecutionCancelled": (nb, { queueId, cellId }) =>
    nb.executions.end(queueId, cellId, "cancelled"),
  "v1.AllExecutionsCancelled": (nb) => nb.executions.cancelAll(),

  "v2.TerminalOutputAppended": (nb, args) => nb.outputs.addDelta(args, { text: args.delta }),
  "v2.MarkdownOutputAppended": (nb, args) => nb.outputs.addDelta(args, { text: args.delta }),
  "v1.OutputDelta": (nb, args) => nb.outputs.addDelta(args, args.delta),
  "v1.MultimediaDisplayOutputUpdated": (nb, { displayId, representations }) =>
    nb.outputs.updateDisplay(displayId, representations),
  "v1.CellOutputsCleared": (nb, { cellId, wait }) =>
    wait ? nb.outputs.clearOnNext(cellId) : nb.outputs.clear(cellId),
  "v1.AllOutputsCleared": (nb) => nb.outputs.clearAll(),

  "v1.ToolApprovalRequested": (nb, request) => nb.approve(request.toolCallId, { request }),
  "v1.ToolApprovalResponded": (nb, response) => nb.approve(response.toolCallId, { response }),

  "v1.CellMetadataSet": (nb, args) => nb.setCellMetadata(args),
  "v1.NotebookJsonSet": (nb, args) => nb.setJson(args),
  "v1.ToolPolicySet": (nb, args) => nb.setPolicy(args),
};

/** @param {Map<string, any>} values @param {string} key @param {any} value null: none */
function setKey(values, key, value) {
  if (value === null) values.delete(key);
  else values.set(key, value);
}

/** @param {string} a @param {string} b compared as bytes, as they are ASCII */
function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}

/** What a cell's numeric position of old logs stands for. @param {number} position */
function indexOfPosition(position) {
  return `a${Math.floor(position).toString(36)}`;
}
