// What a person does to the notebook, as events. Every id and time of the page is made here.

/** @import { EventStore, JsonObject } from "../../js/types.d.ts" */
/** @import { NotebookSignals } from "./signals.js" */

import { VISIBILITIES, newId } from "../../js/notebook/cell-events.js";
import { Drafts } from "./drafts.js";
import { readIpynb } from "../../js/notebook/ipynb/read.js";
import { indicesFor, placeFor } from "../../js/notebook/cell-order.js";
import { Removals } from "./removals.js";

/**
 * A provider by its name, and one of its models; an empty model leaves that to the provider.
 * @typedef {{ provider: string, model: string }} Choice
 */

/** The cell types that a runtime executes. */
const RUNNABLE = ["ai", "code", "sql"];

export class Actions {
  /** Whether a person has changed anything: what a reload would lose. */
  changed = false;
  /** Tells this tab's edits from those of others. */
  author = `user-${newId()}`;
  #store;
  #signals;
  #drafts = new Drafts((id, source) => this.#writeSource(id, source));

  /** @param {EventStore} store @param {NotebookSignals} signals */
  constructor(store, signals) {
    this.#store = store;
    this.#signals = signals;
    this.removals = new Removals(
      signals.notebook,
      (...events) => this.#commit(...events),
      this.author,
    );
  }

  /** @param {string} title */
  setTitle(title) {
    this.#commit(["v1.NotebookTitleChanged", { title }]);
  }

  /** What answers the notebook's AI cells. @param {Choice} choice */
  choose({ provider, model }) {
    this.#commit(
      ["v1.NotebookMetadataSet", { key: "ai_provider", value: provider }],
      ["v1.NotebookMetadataSet", { key: "ai_model", value: model }],
    );
  }

  /** What answers one AI cell; an empty choice leaves it to the notebook. @param {string} cellId @param {Choice} choice */
  chooseFor(cellId, choice) {
    const settings = this.#signals.notebook.cells.get(cellId)?.ai?.settings ?? {};
    this.#commit(["v1.AiSettingsChanged", { cellId, ...choice, settings }]);
  }

  /**
   * @param {string} cellType
   * @param {string | null} after a cell's id; null for the top
   * @param {string} [source]
   * @returns {string} the new cell's id
   */
  addCell(cellType, after, source = "") {
    const id = newId();
    const { fractionalIndex, moves } = this.#placeFor(this.#order.indexOf(after ?? "") + 1);
    const createdBy = this.author;
    this.#commit(...moves, ["v2.CellCreated", { id, cellType, fractionalIndex, createdBy }]);
    if (source) this.#commit(["v1.CellSourceChanged", { id, source, modifiedBy: createdBy }]);
    return id;
  }

  /**
   * Parts a cell in two.
   * @param {string} id
   * @param {string} before what stays
   * @param {string} after what goes to the new cell, below
   * @returns {string} the new cell's id
   */
  splitCell(id, before, after) {
    this.#drafts.set(id, before);
    this.#drafts.flush(id);
    return this.addCell(this.#signals.notebook.cells.get(id)?.cellType ?? "code", id, after);
  }

  /**
   * Puts the cells of a Jupyter notebook at the end of this one.
   * @param {string} text of the file
   * @returns {number} how many
   * @throws {Error} if it cannot be read
   */
  addIpynb(text) {
    const { notebook } = this.#signals;
    const { cells } = notebook;
    const last = cells.get(this.#order.at(-1) ?? "")?.fractionalIndex ?? null;
    const { events, count } = readIpynb(text, {
      isFree: (id) => !notebook.wasCell(id),
      indices: (wanted) => indicesFor(wanted, last),
      isEmpty: cells.size === 0,
      author: this.author,
    });
    this.#commit(...events);
    return count;
  }

  /** Notes what was typed; it is committed in a moment. @param {string} id @param {string} source */
  typeSource(id, source) {
    this.#drafts.set(id, source);
  }

  /** Commits what was typed, now. @param {string} id */
  flushSource(id) {
    this.#drafts.flush(id);
  }

  /** Whether the person is ahead of the store. @param {string} id */
  isTyping(id) {
    return this.#drafts.has(id);
  }

  /** @param {string} id @param {string} cellType */
  changeType(id, cellType) {
    this.#drafts.flush(id);
    this.#commit(["v1.CellTypeChanged", { id, cellType }]);
  }

  /** @param {string} id @param {1 | -1} step down or up */
  moveCell(id, step) {
    this.moveTo(id, this.#order.indexOf(id) + step);
  }

  /** @param {string} id @param {number} place among the other cells */
  moveTo(id, place) {
    const order = this.#order.filter((other) => other !== id);
    if (place < 0 || place > order.length || place === this.#order.indexOf(id)) return;
    const { fractionalIndex, moves } = this.#placeFor(place, order);
    this.#commit(...moves, ["v2.CellMoved", { id, fractionalIndex }]);
  }

  /** @param {string} id @param {"sourceVisible" | "outputVisible" | "aiContextVisible"} field */
  toggle(id, field) {
    const cell = this.#signals.notebook.cells.get(id);
    const [name] = VISIBILITIES.find(([, known]) => known === field) ?? [];
    if (cell && name) this.#commit([name, { id, [field]: !cell[field] }]);
  }

  /** @param {string} cellId */
  clearOutputs(cellId) {
    this.#commit(["v1.CellOutputsCleared", { cellId, wait: false, clearedBy: this.author }]);
  }

  clearAllOutputs() {
    this.#commit(["v1.AllOutputsCleared", { clearedBy: this.author }]);
  }

  /** Takes a cell away: see `removals` for the way back. @param {string} id */
  removeCell(id) {
    this.stop(id);
    this.#drafts.flush(id);
    this.removals.add(id);
  }

  /** Runs cells, as one request; those that are running or waiting already are left out. @param {readonly string[]} ids */
  run(...ids) {
    this.settle();
    const requestedBy = this.author;
    const cellsInfo = ids
      .filter((id) => this.#canRun(id))
      .map((id) => ({
        id,
        executionCount: this.#signals.notebook.executions.nextCount(id),
        queueId: newId(),
      }));
    if (cellsInfo.length > 1) {
      this.#commit(["v1.MultipleExecutionRequested", { requestedBy, cellsInfo }]);
    }
    if (cellsInfo.length !== 1) return;
    const [{ id: cellId, ...request }] = cellsInfo;
    this.#commit(["v1.ExecutionRequested", { ...request, cellId, requestedBy }]);
  }

  runAll() {
    this.run(...this.#order);
  }

  /** Runs a cell and all below it. @param {string} id */
  runFrom(id) {
    this.run(...this.#order.slice(this.#order.indexOf(id)));
  }

  /** @param {string} cellId */
  stop(cellId) {
    this.#cancel(this.#signals.notebook.executions.open.filter((entry) => entry.cellId === cellId));
  }

  stopAll() {
    this.#cancel(this.#signals.notebook.executions.open);
  }

  /** Allows a call. @param {string} toolCallId @param {"approved_once" | "approved_always"} status */
  approve(toolCallId, status) {
    this.#respond({ toolCallId, status });
  }

  /** Refuses a call. @param {string} toolCallId @param {string} reason for the model; may be empty */
  deny(toolCallId, reason) {
    const said = reason.trim();
    this.#respond({ toolCallId, status: "denied", ...(said && { reason: said }) });
  }

  /** @param {JsonObject} answer */
  #respond(answer) {
    const by = { approvedBy: this.author, respondedAt: new Date().toISOString() };
    this.#commit(["v1.ToolApprovalResponded", { ...answer, ...by }]);
  }

  get #order() {
    return this.#signals.notebook.order;
  }

  /** @param {string} cellId */
  #canRun(cellId) {
    const { cells, executions } = this.#signals.notebook;
    const cell = cells.get(cellId);
    const open = executions.open.some((entry) => entry.cellId === cellId);
    return cell !== undefined && RUNNABLE.includes(cell.cellType) && !open;
  }

  /** Before a run or an export: what is read must be what the person sees. */
  settle() {
    this.#drafts.flushAll();
    this.removals.finish();
  }

  /** @param {{ queueId: string, cellId: string }[]} entries */
  #cancel(entries) {
    const why = { cancelledBy: this.author, reason: "stopped by the user" };
    this.#commit(
      ...entries.map(
        ({ queueId, cellId }) =>
          /** @type {[string, JsonObject]} */ ([
            "v1.ExecutionCancelled",
            { queueId, cellId, ...why },
          ]),
      ),
    );
  }

  /** @param {string} id @param {string} source */
  #writeSource(id, source) {
    if (source === this.#signals.notebook.cells.get(id)?.source) return;
    this.#commit(["v1.CellSourceChanged", { id, source, modifiedBy: this.author }]);
  }

  /** @param {number} place @param {readonly string[]} [order] the other cells */
  #placeFor(place, order) {
    return placeFor(this.#signals.notebook, place, order);
  }

  /** @param {[name: string, args: JsonObject][]} events */
  #commit(...events) {
    if (events.length === 0) return;
    this.changed = true;
    this.#store.commit(...events.map(([name, args]) => ({ name, args })));
  }
}
