// What every component reads: the notebook's signals, what can be done to it, Python, and the focus.

/** @import { Signal } from "@preact/signals" */
/** @import { EventStore } from "../../js/types.d.ts" */
/** @import { TestConfig } from "../../js/types.d.ts" */
/** @import { Choice } from "./actions.js" */
/** @import { Helper } from "../editor/assist.js" */
/** @import { Then } from "../editor/editor.js" */

import { signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import { Actions } from "./actions.js";
import { Ai, browserStorages } from "../providers/ai.js";
import { chooseFile, download, fileName } from "./files.js";
import { writeIpynb } from "../../js/notebook/ipynb/write.js";
import { newId } from "../../js/notebook/cell-events.js";
import { Session } from "./session.js";
import { NotebookSignals } from "./signals.js";

/**
 * @typedef {{ name: "settings", provider?: string }
 *   | { name: "help" }
 *   | { name: "notebooks" }
 *   | { name: "explanation", cellId: string }
 *   | { name: "undo", cellId: string, runId: string }} Opened
 */

export class Page {
  /**
   * What is to take the focus: a cell, its source, or the call in it that waits for an approval.
   * @type {Signal<{ id: string, part: "cell" | "source" | "approval" } | null>}
   */
  focus = signal(null);
  /** The cell that has the focus, or had it last: keys are for this one. @type {Signal<string | null>} */
  selected = signal(null);
  /** The Markdown cells whose source is shown. @type {Signal<ReadonlySet<string>>} */
  editing = signal(new Set());
  /** Said to screen readers when a cell has ended. */
  announcement = signal("");
  /** The dialog that is open. @type {Signal<Opened | null>} */
  dialog = signal(null);
  /** What `paste` puts in. @type {{ cellType: string, source: string } | null} */
  #copied = null;

  /**
   * @param {EventStore} store
   * @param {TestConfig} testConfig
   * @param {string | null} notebookId of a notebook that this browser keeps, whose tabs share one Python
   */
  constructor(store, testConfig, notebookId = null) {
    this.notebookId = notebookId;
    this.signals = new NotebookSignals(store);
    this.actions = new Actions(store, this.signals);
    this.session = new Session(store, () => this.ai.config, notebookId);
    this.ai = new Ai(this.session, browserStorages(), testConfig);
  }

  /** What answers the AI cells that choose nothing themselves. @returns {Choice} */
  get choice() {
    const { provider, model } = this.signals.choice;
    const { preferred, providers } = this.ai.settings.value;
    if (provider) return { provider, model: model || (providers[provider]?.model ?? "") };
    return { provider: preferred, model: providers[preferred]?.model ?? "" };
  }

  /** Lets a provider answer here, and wherever nothing else is chosen. @param {Choice} choice */
  async choose(choice) {
    this.actions.choose(choice);
    if (this.ai.names.includes(choice.provider)) await this.ai.prefer(choice.provider);
  }

  /** What a run asked and was told, as a file. @param {string} runId */
  async exportCassette(runId) {
    const text = await this.session.cassette(runId);
    if (text === undefined) return;
    const title = fileName(this.signals.notebook.metadata.get("title") ?? "");
    download(`${title}.cassette.json`, `${text}\n`, "application/json");
  }

  /** Who helps while Python is written. @type {Helper} */
  helper = {
    isWarm: () => {
      const { cells, executions } = this.signals.notebook;
      const id = this.session.runtime?.sessionId;
      return [...cells.values()].some(
        (cell) => cell.cellType === "code" && executions.of(cell.id)?.sessionId === id,
      );
    },
    complete: (code, cursor) => this.session.askIfIdle((runtime) => runtime.complete(code, cursor)),
    inspect: (code, cursor) => this.session.askIfIdle((runtime) => runtime.inspect(code, cursor)),
  };

  newNotebookId() {
    return newId().slice(0, 13);
  }

  /** The cells as they are shown: one that was just removed is there no more. */
  get order() {
    const removed = this.actions.removals.pending.value;
    return this.signals.order.filter((id) => !removed.includes(id));
  }

  /** @param {string} cellType @param {string | null} after @param {string} [source] */
  addCell(cellType, after, source) {
    const id = this.actions.addCell(cellType, after, source);
    this.edit(id);
  }

  /** A cell of the same type beside another. @param {string} id @param {"above" | "below"} side */
  insert(id, side) {
    const after = side === "below" ? id : (this.order[this.order.indexOf(id) - 1] ?? null);
    const newId = this.actions.addCell(this.#typeOf(id), after);
    this.focus.value = { id: newId, part: "cell" };
  }

  /** Parts a cell in two; the cursor stands in the second. @param {string} id @param {string} before @param {string} after */
  split(id, before, after) {
    this.edit(this.actions.splitCell(id, before, after));
  }

  /** The focus goes to the next cell, or the one before. @param {string} id */
  removeCell(id) {
    const place = this.order.indexOf(id);
    const neighbour = this.order[place + 1] ?? this.order[place - 1];
    this.actions.removeCell(id);
    if (neighbour) this.focus.value = { id: neighbour, part: "cell" };
  }

  restoreCell() {
    const id = this.actions.removals.undo();
    if (id) this.focus.value = { id, part: "cell" };
  }

  /** @param {string} id */
  copy(id) {
    const cell = this.signals.notebook.cells.get(id);
    if (cell) this.#copied = { cellType: cell.cellType, source: cell.source };
  }

  /** Puts what was copied below a cell. @param {string} id */
  paste(id) {
    if (!this.#copied) return;
    const { cellType, source } = this.#copied;
    this.focus.value = { id: this.actions.addCell(cellType, id, source), part: "cell" };
  }

  /** Puts a cell beside another. @param {string} id @param {string} other @param {boolean} isBelow */
  moveBeside(id, other, isBelow) {
    const others = this.signals.notebook.order.filter((each) => each !== id);
    this.actions.moveTo(id, others.indexOf(other) + Number(isBelow));
  }

  exportIpynb() {
    const { notebook } = this.signals;
    this.actions.settle();
    const text = `${JSON.stringify(writeIpynb(notebook), null, 1)}\n`;
    const name = `${fileName(notebook.metadata.get("title") ?? "")}.ipynb`;
    download(name, text, "application/x-ipynb+json");
  }

  async importIpynb() {
    const text = await chooseFile(".ipynb,application/x-ipynb+json,application/json");
    if (text === undefined) return;
    try {
      const count = this.actions.addIpynb(text);
      this.announcement.value = count === 1 ? "1 cell was added." : `${count} cells were added.`;
    } catch (error) {
      this.session.trouble.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** Another type, in mid-work: a text stays open. @param {string} id @param {string} cellType */
  changeType(id, cellType) {
    if (cellType === this.#typeOf(id)) return;
    this.actions.changeType(id, cellType);
    this.#setEditing(id, cellType === "markdown");
  }

  /** Shows a cell's source and puts the cursor into it. @param {string} id */
  edit(id) {
    this.#setEditing(id, true);
    this.focus.value = { id, part: "source" };
  }

  /** Runs a cell; a text is shown as it reads. @param {string} id @param {Then} then */
  run(id, then) {
    this.actions.flushSource(id);
    this.#setEditing(id, false);
    this.actions.run(id);
    if (then === "stay") this.focus.value = { id, part: "cell" };
    else if (then === "insert") this.addCell(this.#typeOf(id), id);
    else this.#goOn(id);
  }

  /** @param {string} id @param {1 | -1} step @param {"cell" | "source"} part */
  go(id, step, part) {
    const next = this.order[this.order.indexOf(id) + step];
    if (next) this.focus.value = { id: next, part };
  }

  /** Goes to the cell below; there is always one to go to. @param {string} id */
  #goOn(id) {
    if (id === this.order.at(-1)) this.addCell(this.#typeOf(id), id);
    else this.go(id, 1, "cell");
  }

  /** @param {string} id @param {boolean} isEditing */
  #setEditing(id, isEditing) {
    if (this.editing.peek().has(id) === isEditing) return;
    const editing = new Set(this.editing.peek());
    if (isEditing) editing.add(id);
    else editing.delete(id);
    this.editing.value = editing;
  }

  /** @param {string} id */
  #typeOf(id) {
    return this.signals.notebook.cells.get(id)?.cellType ?? "code";
  }
}

const PageContext = createContext(/** @type {Page} */ (/** @type {unknown} */ (null)));

export const PageProvider = PageContext.Provider;

export function usePage() {
  return useContext(PageContext);
}
