// A notebook over its event store, for any page: it can be read, and each edit is written as events.

/** @import { EventStore, Json, JsonObject } from "../types.d.ts" */
/** @import { AISettings, Cell, CellRef, CellType, Execution, NotebookOptions, OpenNotebook, Output, Picture, RunOptions, Visibility } from "../types-notebook.d.ts" */

import { placeFor } from "./cell-order.js";
import { readRun } from "./cell-run.js";
import { FoldedStore } from "./folded-store.js";
import * as cellEvents from "./cell-events.js";
import { stringifyExact, toPlain } from "./ipynb/exact-json.js";
import { foreignLanguage, placeAtEnd, readIpynb } from "./ipynb/read.js";
import { writeIpynb } from "./ipynb/write.js";
import { mergeSource } from "./merge/merge.js";
import { Answers } from "./person/answers.js";
import { holdBack } from "./person/from-file.js";
import { RunRequests } from "./run-requests.js";
import { imagesOf, settingsOf } from "./state/cell-settings.js";

const { idOf, newId } = cellEvents;

/** @param {EventStore} store @param {NotebookOptions} [options] @returns {StoreNotebook} */
export function openNotebook(store, options) {
  return new StoreNotebook(store, options);
}

/** @implements {OpenNotebook} */
export class StoreNotebook extends Answers {
  goneRuns;
  hasRun;
  #log;
  #runs;

  /** @param {EventStore} store @param {NotebookOptions} [options] */
  constructor(store, options = {}) {
    const { author = `user-${newId()}`, onWarning = (said) => console.warn(said) } = options;
    const log = new FoldedStore(store, onWarning);
    super(log, author);
    this.#log = log;
    this.goneRuns = this.#fold.outputs.goneRuns;
    this.hasRun = (/** @type {string} */ runId) => this.#fold.executions.byId.has(runId);
    this.#runs = new RunRequests(this.#log, author, onWarning);
  }

  get ready() {
    return this.#log.ready;
  }

  get title() {
    return this.#fold.metadata.get("title") ?? "";
  }

  get metadata() {
    return this.#fold.metadata;
  }

  get faults() {
    return this.#fold.faults;
  }

  get unknownNames() {
    return this.#fold.unknownNames;
  }

  get foreignLanguage() {
    return foreignLanguage(this.#fold);
  }

  get isChanged() {
    return this.#log.hasWritten;
  }

  get order() {
    return this.#fold.order;
  }

  get cells() {
    return this.order.map((id) => this.#require(id));
  }

  /** @param {string} id */
  cell(id) {
    return this.#fold.cells.get(id);
  }

  /** @param {CellRef} cell */
  outputs(cell) {
    return this.#fold.outputs.of(idOf(cell));
  }

  /** @param {string} id */
  output(id) {
    return this.#fold.outputs.get(id);
  }

  /** @param {CellRef} cell */
  execution(cell) {
    return this.#fold.executions.of(idOf(cell));
  }

  get openExecutions() {
    return this.#fold.executions.open;
  }

  /** @param {string} id */
  session(id) {
    return this.#fold.sessions.get(id);
  }

  /** @param {CellRef} cell */
  lastRun(cell) {
    const execution = this.execution(cell);
    return execution && readRun(this.#fold, execution);
  }

  /** @param {CellRef} cell */
  settings(cell) {
    return settingsOf(this.#require(idOf(cell)));
  }

  /** @param {CellRef} cell */
  images(cell) {
    return imagesOf(this.#require(idOf(cell)));
  }

  /** @param {(changed: ReadonlySet<string>) => void} listener */
  subscribe(listener) {
    return this.#log.subscribe(listener);
  }

  close() {
    this.#log.close();
    this.#runs.close();
  }

  /** @template T @param {() => T} act */
  together(act) {
    return this.#log.together(act);
  }

  /** @param {string} title */
  setTitle(title) {
    this.#log.write(["v1.NotebookTitleChanged", { title }]);
  }

  /** @param {{ readonly [key: string]: string }} values */
  setMetadata(values) {
    this.#log.write(...cellEvents.metadataEvents(values));
  }

  /**
   * @param {CellType} cellType
   * @param {string} [source]
   * @param {{ after?: CellRef | null }} [options]
   */
  addCell(cellType, source = "", { after } = {}) {
    const { fractionalIndex, moves } = placeFor(this.#fold, this.#placeAfter(after));
    const cell = { id: newId(), cellType, fractionalIndex, source };
    this.#log.write(...moves, ...cellEvents.creation(cell, this.author));
    return this.#require(cell.id);
  }

  /** @param {Cell} cell @param {readonly Output[]} [outputs] */
  addCopy(cell, outputs = []) {
    const id = newId();
    this.#log.write(...cellEvents.copyOf(cell, outputs, id, this.author));
    return this.#require(id);
  }

  /** @param {CellRef} cell @param {string} source @param {{ base?: string }} [options] */
  setSource(cell, source, { base } = {}) {
    const { id, source: before } = this.#require(idOf(cell));
    const merged = mergeSource(base ?? before, source, before);
    const change = cellEvents.sourceEvent(id, before, merged.source, this.author);
    if (merged.source !== before) this.#log.write(change);
    return merged;
  }

  /** @param {CellRef} cell @param {CellType} cellType */
  setType(cell, cellType) {
    const { id, cellType: before } = this.#require(idOf(cell));
    if (cellType !== before) this.#log.write(["v1.CellTypeChanged", { id, cellType }]);
  }

  /** @param {CellRef} cell @param {Visibility} field @param {boolean} isVisible */
  setVisible(cell, field, isVisible) {
    this.#log.write(cellEvents.visibilityEvent(this.#require(idOf(cell)).id, field, isVisible));
  }

  /** @param {CellRef} cell @param {{ provider: string, model: string, settings?: JsonObject }} choice */
  setModel(cell, { provider, model, settings }) {
    const { id: cellId, ai } = this.#require(idOf(cell));
    const all = settings ?? ai?.settings ?? {};
    this.#log.write(["v1.AiSettingsChanged", { cellId, provider, model, settings: all }]);
  }

  /** @param {CellRef} cell @param {AISettings} settings */
  setSettings(cell, settings) {
    this.#log.write(...cellEvents.settingsEvents(this.#require(idOf(cell)), settings));
  }

  /** @param {CellRef} cell @param {readonly Picture[]} images */
  setImages(cell, images) {
    this.#log.write(cellEvents.imagesEvent(this.#require(idOf(cell)).id, images));
  }

  /** @param {CellRef} cell @param {string} key @param {Json} value */
  setCellMetadata(cell, key, value) {
    const { id: cellId } = this.#require(idOf(cell));
    this.#log.write(["v1.CellMetadataSet", { cellId, key, value }]);
  }

  /** @param {CellRef} cell @param {number} place */
  move(cell, place) {
    const { id } = this.#require(idOf(cell));
    const others = this.#order.filter((other) => other !== id);
    const target = Math.max(0, Math.min(place, others.length));
    if (target === this.#order.indexOf(id)) return;
    const { fractionalIndex, moves } = placeFor(this.#fold, target, others);
    this.#log.write(...moves, ["v2.CellMoved", { id, fractionalIndex }]);
  }

  /** @param {...CellRef} cells */
  deleteCells(...cells) {
    const known = cells.map(idOf).filter((id) => this.#fold.cells.has(id));
    this.#log.write(...known.map(cellEvents.deletion));
  }

  /** @param {CellRef} [cell] */
  clearOutputs(cell) {
    this.#log.commit(cellEvents.clearEvent(this.author, cell && idOf(cell)));
  }

  /** @param {readonly Output[]} outputs */
  restoreOutputs(outputs) {
    this.#log.commit(...outputs.map((output) => cellEvents.outputEvent(output)));
  }

  /** @param {string | Uint8Array} file @param {{ name?: string }} [options] */
  importIpynb(file, { name } = {}) {
    const place = { ...placeAtEnd(this.#fold, this.#order, this.author), name };
    const { events, count } = readIpynb(file, place);
    this.#log.write(...holdBack(events, this.fromFile));
    return count;
  }

  toIpynb() {
    return toPlain(writeIpynb(this.#fold));
  }

  toIpynbText() {
    return `${stringifyExact(writeIpynb(this.#fold), 1)}\n`;
  }

  /** @param {CellRef} cell @param {RunOptions} [options] */
  run(cell, options) {
    return this.#runs.run(idOf(cell), options);
  }

  /** @param {...CellRef} cells */
  requestRuns(...cells) {
    this.#runs.request(cells.map(idOf));
  }

  /** @param {CellRef} cell */
  rest(cell) {
    return this.#runs.rest(idOf(cell));
  }

  /** @param {readonly Execution[]} executions @param {string} reason */
  hold(executions, reason) {
    this.#runs.hold(executions, reason);
  }

  /** @param {...CellRef} cells */
  stop(...cells) {
    this.#runs.stop(cells.length > 0 ? cells.map(idOf) : undefined);
  }

  get #fold() {
    return this.#log.fold;
  }

  get #order() {
    if (!this.#log.isReady) throw new Error("the notebook is not open: await its `ready` first");
    return this.#fold.order;
  }

  /** @param {CellRef | null} [cell] null for the top; undefined for the end */
  #placeAfter(cell) {
    if (cell === undefined) return this.#order.length;
    return cell === null ? 0 : this.#order.indexOf(this.#require(idOf(cell)).id) + 1;
  }

  /** @param {string} id @returns {Cell} */
  #require(id) {
    const cell = this.#fold.cells.get(id);
    if (!cell) throw new Error(`there is no cell ${JSON.stringify(id)}`);
    return cell;
  }
}
