// What a person does to the notebook, as events. Every id and time of the page is made here.

/** @import { EventStore, JsonObject } from "../js/types.d.ts" */
/** @import { View } from "./view.js" */

import { signal } from "@preact/signals";

import { indexBetween } from "../js/index.js";
import { Drafts } from "./drafts.js";
import { newId } from "./ids.js";

/** The cell types that a runtime executes. */
const RUNNABLE = ["ai", "code", "sql"];
const UNDO_MS = 8000;

export class Actions {
  /** Whether a person has changed anything: what a reload would lose. */
  changed = false;
  /** A cell that is deleted unless that is undone. @type {import("@preact/signals").Signal<string | null>} */
  removed = signal(null);
  /** Tells this tab's edits from those of others. */
  author = `user-${newId()}`;
  #store;
  #view;
  #drafts = new Drafts((id, source) => this.#writeSource(id, source));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #removal;

  /** @param {EventStore} store @param {View} view */
  constructor(store, view) {
    this.#store = store;
    this.#view = view;
  }

  /** @param {string} title */
  setTitle(title) {
    this.#commit(["v1.NotebookTitleChanged", { title }]);
  }

  /**
   * @param {string} cellType
   * @param {string | null} after a cell's id; null for the top
   * @returns {string} the new cell's id
   */
  addCell(cellType, after) {
    const id = newId();
    const fractionalIndex = this.#indexAt(this.#order.indexOf(after ?? "") + 1);
    this.#commit(["v2.CellCreated", { id, cellType, fractionalIndex, createdBy: this.author }]);
    return id;
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
    const order = this.#order.filter((other) => other !== id);
    const place = this.#order.indexOf(id) + step;
    if (place < 0 || place > order.length) return;
    this.#commit(["v2.CellMoved", { id, fractionalIndex: this.#indexAt(place, order) }]);
  }

  /**
   * Takes a cell away. It is deleted a little later, so that an undo brings it back as it was.
   * @param {string} id
   */
  removeCell(id) {
    this.finishRemoval();
    this.stop(id);
    this.#drafts.flush(id);
    this.removed.value = id;
    this.#removal = setTimeout(() => this.finishRemoval(), UNDO_MS);
  }

  undoRemoval() {
    clearTimeout(this.#removal);
    this.removed.value = null;
  }

  finishRemoval() {
    const id = this.removed.peek();
    this.undoRemoval();
    if (id !== null) this.#commit(["v1.CellDeleted", { id }]);
  }

  /** Runs a cell, unless it is running or waits to. @param {string} cellId */
  run(cellId) {
    this.#settle();
    if (!this.#canRun(cellId)) return;
    const { executions } = this.#view.notebook;
    const executionCount = executions.nextCount(cellId);
    const args = { queueId: newId(), cellId, executionCount, requestedBy: this.author };
    this.#commit(["v1.ExecutionRequested", args]);
  }

  runAll() {
    this.#settle();
    const { executions } = this.#view.notebook;
    const cellsInfo = this.#order
      .filter((id) => this.#canRun(id))
      .map((id) => ({
        id,
        executionCount: executions.nextCount(id),
        queueId: newId(),
      }));
    if (cellsInfo.length === 0) return;
    this.#commit(["v1.MultipleExecutionRequested", { requestedBy: this.author, cellsInfo }]);
  }

  /** @param {string} cellId */
  stop(cellId) {
    this.#cancel(this.#view.notebook.executions.open.filter((entry) => entry.cellId === cellId));
  }

  stopAll() {
    this.#cancel(this.#view.notebook.executions.open);
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
    return this.#view.notebook.order;
  }

  /** @param {string} cellId */
  #canRun(cellId) {
    const { cells, executions } = this.#view.notebook;
    const cell = cells.get(cellId);
    const open = executions.open.some((entry) => entry.cellId === cellId);
    return cell !== undefined && RUNNABLE.includes(cell.cellType) && !open;
  }

  /** Before a run: what the runtime is about to read must be what the person sees. */
  #settle() {
    this.#drafts.flushAll();
    this.finishRemoval();
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
    if (source === this.#view.notebook.cells.get(id)?.source) return;
    this.#commit(["v1.CellSourceChanged", { id, source, modifiedBy: this.author }]);
  }

  /**
   * An index for a cell that is to stand at a place.
   * @param {number} place
   * @param {readonly string[]} order the other cells
   */
  #indexAt(place, order = this.#order) {
    const { cells } = this.#view.notebook;
    const indexOf = (/** @type {number} */ at) => cells.get(order[at])?.fractionalIndex ?? null;
    try {
      return indexBetween(indexOf(place - 1), indexOf(place));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.#spread(place, order);
    }
  }

  /**
   * Notebooks of others may hold cells without room between them: gives all a new index.
   * @param {number} place that is wanted
   * @param {readonly string[]} order
   */
  #spread(place, order) {
    /** @type {string[]} */
    const indices = [];
    for (let i = 0; i <= order.length; i++)
      indices.push(indexBetween(indices.at(-1) ?? null, null));
    const [wanted] = indices.splice(place, 1);
    this.#commit(
      ...order.map(
        (id, i) =>
          /** @type {[string, JsonObject]} */ ([
            "v2.CellMoved",
            { id, fractionalIndex: indices[i] },
          ]),
      ),
    );
    return wanted;
  }

  /** @param {[name: string, args: JsonObject][]} events */
  #commit(...events) {
    if (events.length === 0) return;
    this.changed = true;
    this.#store.commit(...events.map(([name, args]) => ({ name, args })));
  }
}
