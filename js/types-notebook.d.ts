// The types of runt-pyodide/notebook: a notebook over its event store, to read and to write.

import type { CallState } from "./types-ai-record.d.ts";
import type { Approvals } from "./types-approvals.d.ts";
import type { SourceEdits } from "./types-sources.d.ts";
import type { EventStore, Json, JsonObject, LogEvent } from "./types.d.ts";

export type * from "./types-approvals.d.ts";
export * from "./types-sources.d.ts";

export type CellType = "code" | "markdown" | "sql" | "ai" | "raw";
export type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
export type Visibility = "sourceVisible" | "outputVisible" | "aiContextVisible";

/** A cell, or its id. */
export type CellRef = string | { readonly id: string };

export interface Cell {
  readonly id: string;
  readonly cellType: CellType;
  readonly fractionalIndex: string;
  readonly source: string;
  /** Who wrote the source last. */
  readonly modifiedBy: string;
  readonly sourceVisible: boolean;
  readonly outputVisible: boolean;
  /** False: the cell is hidden from AI. */
  readonly aiContextVisible: boolean;
  /** The cell's own provider, model and settings. */
  readonly ai?: {
    readonly provider: string;
    readonly model: string;
    readonly settings: JsonObject;
  };
  /** The variable that keeps the result of an SQL cell. */
  readonly sqlVariable?: string;
  /** Whatever a file holds of the cell for which there is no other event. */
  readonly metadata: ReadonlyMap<string, Json>;
}

/** How an AI cell is asked; what is left out is left to the service, or (webSearch) to the provider's settings. */
export interface AISettings {
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** Added to the system prompt. */
  readonly systemPrompt?: string;
  readonly topP?: number;
  readonly seed?: number;
  /** Texts before which the answer ends. */
  readonly stop?: readonly string[];
  readonly reasoningEffort?: ReasoningEffort;
  readonly webSearch?: boolean;
  /** False if the model is offered no tools, or is not sent the cells above. */
  readonly tools?: boolean;
  readonly context?: boolean;
  /** True if the prompt is sent as it is written, without the values of its expressions. */
  readonly raw?: boolean;
  readonly format?: "code" | "json" | "markdown";
  /** The variable of the Python cells that gets the answer, as text or as a value of a type, such as "list[str]". */
  readonly answer?: { readonly name: string; readonly type?: string };
}

/** A picture beside a prompt. */
export interface Picture {
  /** "image/png", "image/jpeg", "image/gif" or "image/webp". */
  readonly mediaType: string;
  /** The file in base64, of at most 4 MiB. */
  readonly data: string;
  /** What the reader knows it by, such as the name of its file. */
  readonly name?: string;
}

/** One representation of an output; inline ones have data. */
export type Representation = {
  readonly type: "inline" | "artifact";
  readonly data?: Json;
  readonly artifactId?: string;
  readonly metadata?: JsonObject;
};

/** An output, with its deltas. */
export interface Output {
  readonly id: string;
  readonly cellId: string;
  readonly kind: "terminal" | "markdown" | "display" | "result" | "error";
  readonly position: number;
  /** Of a terminal or Markdown output. */
  readonly text: string;
  /** Of a display or a result: its representations by MIME type. */
  readonly bundle: { readonly [mime: string]: Representation };
  readonly metadata: JsonObject;
  /** Of an error. */
  readonly error: {
    readonly ename?: string;
    readonly evalue?: string;
    readonly traceback?: readonly string[];
  };
  /** Of a result. */
  readonly executionCount?: number;
  /** Of a terminal output. */
  readonly streamName?: "stdout" | "stderr";
}

/** A call of a tool by a model. */
export interface Call {
  readonly id: string;
  readonly name: string;
  /** An object, or the model's text if that is not an object. */
  readonly arguments: JsonObject | string;
  readonly state?: CallState;
  /** Whether it waits for `approve` or `deny`. */
  readonly needsApproval: boolean;
  /** What the model was told, once there is a result. */
  readonly result?: string;
}

/** A run of a cell as it stands. */
export interface Run {
  /** The queueId of the execution, which `Runtime.undo` takes. */
  readonly id: string;
  readonly cellId: string;
  readonly state: "waiting" | "running" | "success" | "error" | "cancelled";
  readonly isOver: boolean;
  /** The answer of an AI cell, without its thinking; or what code printed, and its result as plain text. */
  readonly text: string;
  readonly thinking: string;
  readonly calls: readonly Call[];
  /** Why it was cancelled, if somebody said so. */
  readonly reason?: string;
  /** Why it failed, if it did. */
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly traceback: readonly string[];
  };
  readonly outputs: readonly Output[];
}

/** One entry of the queue. */
export interface Execution {
  readonly queueId: string;
  readonly cellId: string;
  readonly executionCount?: number;
  readonly state: "pending" | "assigned" | "executing" | "completed" | "failed" | "cancelled";
  /** The session of the runtime that took it. */
  readonly sessionId?: string;
  readonly startedAt?: string;
  /** How it was completed, if it was. */
  readonly outcome?: "success" | "error" | "cancelled";
  readonly error?: string;
  readonly durationMs?: number;
  /** Common to what was requested together. */
  readonly group?: string;
  /** An author, or the id of a session that left it out. */
  readonly cancelledBy?: string;
  readonly reason?: string;
}

/** A session of a runtime. */
export interface Session {
  readonly id: string;
  readonly runtimeId: string;
  readonly status: "starting" | "ready" | "busy" | "restarting" | "terminated";
}

export interface RunOptions {
  /** Stops the run. */
  readonly signal?: AbortSignal;
  /** Called with the run as it stands whenever something has changed, also at its end. */
  readonly onChange?: (run: Run) => void;
}

export interface NotebookOptions {
  /** The author that is named in events. Default: a new random name. */
  readonly author?: string;
  /** Called for events that are unknown or refused. Default: console.warn. */
  readonly onWarning?: (problem: string) => void;
}

/** A notebook over its store. Everything that is written goes into the store as events. */
export interface OpenNotebook extends Approvals, SourceEdits {
  readonly author: string;
  /** Resolves once the store has delivered what it holds; a store with `events()` can be read at once. */
  readonly ready: Promise<void>;
  readonly title: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** What of the notebook could not be read, for people; the rest is there. Empty unless this package has an error. */
  readonly faults: readonly string[];
  /** The names of events in the store that this version does not know: they were passed over. */
  readonly unknownNames: readonly string[];
  readonly foreignLanguage: string | undefined; // of code cells that do not run, since they are not in Python
  /** Whether anything was written here, which a reload loses if the store is in memory. */
  readonly isChanged: boolean;
  /** In order. */
  readonly cells: readonly Cell[];
  readonly order: readonly string[]; // of the cells' ids
  /** The executions that wait or run, in the order in which they were requested. */
  readonly openExecutions: readonly Execution[];

  cell(id: string): Cell | undefined;
  outputs(cell: CellRef): readonly Output[]; // in order
  readonly goneRuns: readonly { readonly metadata: JsonObject }[]; // AI runs whose outputs are gone
  hasRun(runId: string): boolean; // whether a cell of this notebook ran under this id
  output(id: string): Output | undefined;
  /** The open execution of the cell, or else its last one. */
  execution(cell: CellRef): Execution | undefined;
  session(id: string): Session | undefined;
  settings(cell: CellRef): AISettings; // the own ones of an AI cell
  /** The pictures beside the prompt of an AI cell; a model that can see is sent them with it. */
  images(cell: CellRef): readonly Picture[];
  /** The open run of the cell, or else its last one; undefined if the cell never ran. */
  lastRun(cell: CellRef): Run | undefined;

  setTitle(title: string): void;
  setMetadata(values: { readonly [key: string]: string }): void;
  /**
   * Adds a cell at the end, below another one, or at the top (`after: null`).
   * @throws if there is no cell `after`, or the store has not delivered its cells yet
   */
  addCell(cellType: CellType, source?: string, options?: { after?: CellRef | null }): Cell;
  /** Adds a copy of a cell, at the same place and with these outputs; the cell itself may be gone. */
  addCopy(cell: Cell, outputs?: readonly Output[]): Cell;
  /** @throws if there is no such cell, as do all methods below that take one */
  setType(cell: CellRef, cellType: CellType): void;
  setVisible(cell: CellRef, field: Visibility, isVisible: boolean): void;
  /** Chooses the provider and model of an AI cell; empty strings leave the choice to the notebook. */
  setModel(cell: CellRef, choice: { provider: string; model: string; settings?: JsonObject }): void;
  /** Replaces the own settings of an AI cell. */
  setSettings(cell: CellRef, settings: AISettings): void;
  /**
   * Replaces the pictures beside the prompt of an AI cell.
   * @throws if one of them is not a picture that models take
   */
  setImages(cell: CellRef, images: readonly Picture[]): void;
  /** Sets a value in the cell's metadata, which an executor can read as a setting; null removes the key. */
  setCellMetadata(cell: CellRef, key: string, value: Json): void;
  /** Moves a cell to a place among the other cells, counted from 0. */
  move(cell: CellRef, place: number): void;
  deleteCells(...cells: CellRef[]): void;
  /** Clears the outputs of a cell, or of all cells. */
  clearOutputs(cell?: CellRef): void;
  /** Adds outputs to their cells again, after they were cleared. */
  restoreOutputs(outputs: readonly Output[]): void;

  /**
   * Adds the cells of a Jupyter notebook, the text or bytes of a file of any format, at the end. An empty notebook also
   * takes what the file says of it; its title, if there is none in it, is the file's `name` (without its ending).
   * @returns the number of cells
   * @throws if the text is not a notebook that can be read; the message is for people
   */
  importIpynb(file: string | Uint8Array, options?: { name?: string }): number;
  toIpynb(): JsonObject; // a Jupyter notebook of format 4, in JSON's numbers
  /** The same as the text of a file, with whatever an imported file held: also NaN, and numbers of any size. */
  toIpynbText(): string;

  /**
   * Runs a cell, or joins the run that is under way, and resolves once it has ended. If the cell fails, this
   * does not throw: see `state` and `error`. If there is no runtime yet, the run waits for one, and `onWarning` is told.
   * @throws if there is no such cell, its type cannot be run, or the cell is deleted, or the notebook
   *   closed, meanwhile
   */
  run(cell: CellRef, options?: RunOptions): Promise<Run>;
  /**
   * Requests runs, in this order, without waiting for them; cells that already run or wait are skipped. When one
   * of these runs fails or is stopped, those that wait behind it are cancelled; `reason` in the run says why.
   */
  requestRuns(...cells: CellRef[]): void;
  /**
   * Cancels those of the runs that wait and cost money, those of AI cells, and what was requested to run after them.
   * For a page that finds them in its store: nobody may be waiting for them any more. `requestRuns` runs them.
   */
  hold(executions: readonly Execution[], reason: string): void;
  /** The cells that were cancelled so together with this one, in order; empty if this one was not. */
  rest(cell: CellRef): readonly string[];
  /** Stops the runs of these cells, or all of them. */
  stop(...cells: CellRef[]): void;
  /**
   * Calls the listener after every change with the keys of what has changed: "order", "metadata",
   * "sessions", "approvals", "policies" and "queue"; "cell/", "outputs/" and "execution/", each followed by a cell's
   * id; "output/", followed by an output's id.
   * @returns a function that ends the subscription
   */
  subscribe(listener: (changed: ReadonlySet<string>) => void): () => void;
  /** Ends the subscription to the store. Promises of `run` reject; the runs themselves are not stopped. */
  close(): void;
}

/** The source, with the pictures that are attached to the cell in its file in place of their names. */
export function shownSource(cell: Pick<Cell, "source" | "metadata">): string;
export function openNotebook(store: EventStore, options?: NotebookOptions): OpenNotebook;

/** Returns a log of the same notebook in fewer events, or the log itself if it has an event that is not understood. */
export function compactLog(events: readonly LogEvent[]): readonly LogEvent[];

/** The most base64 text of a picture that all services take. */
export const LARGEST_IMAGE: number;
/** From the least to the most. */
export const REASONING_EFFORTS: readonly ReasoningEffort[];
/** Finds the type of a picture that models take by its first bytes (16 are enough), in Latin-1 as from `atob`. */
export function imageType(start: string): string | undefined;
