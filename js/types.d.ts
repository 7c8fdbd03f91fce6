// The types of runt-pyodide: AI and Python cells for notebooks that run in the browser.

import type { AIConfig } from "./config.d.ts";
import type { EventArgs } from "./events.d.ts";
import type { FileStore, Question, TablePage, TableQuery } from "./types-files.d.ts";
import type { CompleteReply, InspectReply } from "./types-sources.d.ts";

export type * from "./config.d.ts";
export type * from "./events.d.ts";
export * from "./types-files.d.ts";
export type { CompleteReply, InspectReply } from "./types-sources.d.ts";
export * from "./runtime/sign-in/types.d.ts";

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A JSON object. A key whose value is undefined counts as absent. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/**
 * One event of the vocabulary: a versioned name, such as "v1.ExecutionRequested", and its args. A name
 * or a field that the vocabulary does not have is a type error.
 */
export type WireEvent = {
  readonly [Name in EventName]: { readonly name: Name; readonly args: EventArgs[Name] };
}[EventName];

/** An event as a log holds it, with any name, since a newer notebook may have others. */
export type LogEvent = { readonly name: string; readonly args: JsonObject };

declare const other: unique symbol;
/**
 * An event with a name that this version does not know, such as one from a newer notebook, or one of your
 * own. It is kept in the log but otherwise ignored. Write `name as OtherEvent["name"]`.
 */
export type OtherEvent = {
  readonly name: string & { readonly [other]: true };
  readonly args: JsonObject;
};

export type EventName = keyof EventArgs;
export type EventListener = (events: readonly LogEvent[]) => void;

/** Where a notebook lives. A store is all that a runtime needs from the page, and all that it knows of it. */
export interface EventStore {
  /**
   * Commits all of the events, in order and as one batch, or throws and commits none of them. A TypeError
   * means that the store will never accept the batch; after any other error the caller may try again.
   */
  commit(...events: (WireEvent | OtherEvent)[]): void;
  /**
   * Calls the listener once with the events that rebuild the present state (an empty array if there is
   * none), then with every later batch as it was committed, including the caller's own. Listeners are
   * always called from a microtask or later, never during commit or subscribe, so they may commit.
   * @returns a function that ends the subscription; it may be called at any time
   */
  subscribe(listener: EventListener): () => void;
  /** For how many milliseconds streamed text is collected into one event. Default: 50. */
  readonly interval?: number;
}

/** An EventStore in memory. A listener that throws is reported and does not disturb the others. */
export interface MemoryStore extends EventStore {
  /** Returns all events so far, for example for an export. The array is a copy; the events are frozen. */
  events(): LogEvent[];
}

/** @throws TypeError if an event is not a name with JSON args; commit throws the same */
export function memoryStore(initialEvents?: readonly LogEvent[]): MemoryStore;

/** The settings of one provider. */
export type ProviderConfig = NonNullable<NonNullable<AIConfig["providers"]>[string]>;

/** Whether a tool may be called: at once, after a person has approved it, or never. */
export type ToolPolicy = NonNullable<AIConfig["tools"]>[string];

export type AiCapability = "completion" | "tools" | "vision" | "thinking";

export interface AiModel {
  readonly name: string;
  readonly displayName: string;
  /** The key of the provider in AIConfig.providers. */
  readonly provider: string;
  readonly capabilities: readonly AiCapability[];
}

/** The stages of a start, in order. */
export type BootStage = "pyodide" | "packages" | "start" | "ready";

export interface BootProgress {
  readonly stage: BootStage;
  /** For people: "Loading Python". */
  readonly message: string;
  /** From 0 to 1, over all stages; it never decreases. */
  readonly fraction: number;
  /** Bytes fetched so far, compressed, including those from a cache; absent if the browser does not say. */
  readonly bytes?: number;
}

/**
 * "loading" until startRuntime resolves, then "ready" or "busy", and "restarting" while Python is
 * restarted in a new session. "failed" means that there is no Python: it broke down too often, or could not be
 * restarted. `restart()` starts it again. "stopped" is final: start another runtime.
 */
export type RuntimeStatus = "loading" | "ready" | "busy" | "restarting" | "stopped" | "failed";

/** A stop that takes long: the execution was to end, and its code still runs. */
export interface PendingStop {
  /** The execution; absent for a stop of whatever is running. */
  readonly queueId?: string;
  /** Its cell, while Python runs it. */
  readonly cellId?: string;
  /**
   * For people, in whole sentences: why the code still runs, such as that Python is in code that does not look for
   * interrupts, and when it will stop. Only `runtime.restart()` ends it earlier, and loses the variables.
   */
  readonly reason: string;
  /** Whether its code was interrupted: it cleans up, or caught the interrupt. `runtime.interrupt()` repeats it. */
  readonly isTaken: boolean;
}

export interface RuntimeOptions {
  readonly store: EventStore;
  /** The folder that holds pyodide.mjs and its lock file. Default: `pyodide/` beside this package. */
  readonly pyodideURL?: string | URL;
  /** What is installed: names, or URLs of wheels. What Pyodide's lock file has comes from there, the rest from the
   * index. Default: ["runt-pyodide"]. */
  readonly packages?: readonly string[];
  /**
   * Python modules of the page's own: sources by name, which are imported in this order at every start, before the
   * configuration is read. They may register types of providers, and tools; cells can import them.
   */
  readonly modules?: { readonly [name: string]: string };
  /** The package index (PEP 503) to install them from. Default: `pypi/simple` beside this package. */
  readonly indexURL?: string | URL;
  /**
   * Where what the site itself lacks of Pyodide's packages comes from, such as a mirror of Pyodide's distribution; null
   * for nowhere. Default: what the site was built with, as a rule Pyodide's own address for this version.
   */
  readonly distributionURL?: string | URL | null;
  readonly config?: AIConfig;
  /** Which events the runtime writes: "runt" keeps to the schema of the runt notebooks. */
  readonly vocabulary?: "default" | "runt";
  /** The notebook's files, which Python sees at /home; needs a worker. Without it they are lost with Python. */
  readonly files?: FileStore;
  /** Identifies the runtime across restarts; each start is a new session. */
  readonly runtimeId?: string;
  readonly notebookId?: string;
  /** Run Python in a Web Worker (default: true) or on the page's own thread. */
  readonly worker?: boolean;
  readonly onProgress?: (progress: BootProgress) => void;
  /** Called at each change; "restarting", "failed" and a "stopped" that nobody asked for come with a reason. */
  readonly onStatus?: (status: RuntimeStatus, reason?: string) => void;
  /**
   * Called when the code of a cell asks a person, as by input(); returns the answer, or null to end the input
   * (EOFError). The cell waits meanwhile. Without it, input() says that nobody can be asked here.
   */
  readonly onQuestion?: (question: Question) => Promise<string | null> | string | null;
  /**
   * Called with all stops that take longer than 2 seconds, whenever that changes; with an empty array once all of
   * those executions have ended. Nothing is restarted unasked: say so, and offer a restart.
   */
  readonly onPendingStops?: (stops: readonly PendingStop[]) => void;
  /** Called for problems that do not end the runtime, such as a store that refuses a batch. */
  readonly onError?: (error: Error) => void;
}

/** One thing that must be right before a provider can answer. */
export interface DiagnosisStep {
  /** "online", "mixed content", "reachable", "local network access", "CORS", "path", "key" or "model". */
  readonly name: string;
  /** A step is skipped if it cannot be tried, or need not be. */
  readonly outcome: "ok" | "failed" | "skipped";
  readonly found: string;
  /** What to do, if the step failed. */
  readonly fix: string;
}

/** What the doctor found: all steps, in the order in which they must be right. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly provider: string;
  readonly baseUrl?: string;
  readonly steps: readonly DiagnosisStep[];
}

/** The result of an undo. */
export interface UndoReport {
  /** The cells that were restored or removed; a deleted cell comes back with a new id. */
  readonly undone: readonly string[];
  /** The cells that were left as they are, and why, such as that they have been deleted since. */
  readonly kept: readonly { readonly cellId: string; readonly reason: string }[];
  /** The cells of `undone` that hold what somebody has written since; of the same lines, both versions. */
  readonly merged: readonly { readonly cellId: string; readonly isConflict: boolean }[];
}

export interface Runtime {
  /** A restart changes it. Empty while there is no session. */
  readonly sessionId: string;
  readonly status: RuntimeStatus;
  /** Why it is "restarting", "failed", or "stopped" without being asked: sentences for people. */
  readonly reason: string | undefined;
  /**
   * Returns the models of all providers that can list theirs; if one fails, the console says so. May ask
   * their servers.
   * @param provider lists only the models of this provider; throws if that fails
   */
  models(provider?: string): Promise<AiModel[]>;
  /**
   * Checks everything that a provider needs to answer a cell, in order, and says how to fix the first thing
   * that fails. May ask the server for a few tokens.
   * @throws if the configuration names no such provider
   */
  doctor(provider: string): Promise<Diagnosis>;
  /**
   * Replaces the AI configuration. If it is invalid, rejects and keeps the old one. While the status is "failed",
   * it is checked at the next restart. A provider of a type that nothing has registered yet fails alone, when it is
   * asked, until a cell registers the type.
   */
  configure(config: AIConfig): Promise<void>;
  /**
   * Stops whatever is running: its code gets a KeyboardInterrupt, once for each call. Resolves once it has ended,
   * which takes until the code awaits or ends if Python is busy in C code, or if the page is not cross-origin
   * isolated: see `onPendingStops`.
   */
  interrupt(): Promise<void>;
  /**
   * Restarts Python, whatever it is doing or if there is none: variables are lost. What ran ends with an error.
   * Python and SQL cells that wait are still run. AI cells that wait are cancelled, since they cost money.
   * @throws RuntimeStartError if Python could not be started again; then the status is "failed"
   */
  restart(): Promise<void>;
  /**
   * Continues an AI cell from where its last run ended: at a limit, an error or a stop.
   * @returns the id of the new run, which is its execution's queueId
   * @throws if the cell has no outputs of a run
   */
  continueRun(cellId: string): Promise<string>;
  /**
   * Reverts what a run of an AI cell changed in the notebook's cells.
   * @param runId the queueId of its execution
   * @throws if the notebook has no record of the run
   */
  undo(runId: string): Promise<UndoReport>;
  /** Returns what the model saw when the AI cell ran last, turn by turn, in Markdown. */
  explain(cellId: string): Promise<string>;
  /**
   * Returns the requests and answers of a run of an AI cell, as JSON that the Test provider can play
   * (`{type: "test", cassette}`), without keys. The session keeps those of its last few runs.
   * @param runId the queueId of its execution
   * @throws if they are not kept
   */
  cassette(runId: string): Promise<string>;
  /**
   * Completes Python code, for editors. Waits while Python is busy; no property is evaluated for it.
   * @param cursor in UTF-16 code units, as editors count; default: the end
   */
  complete(code: string, cursor?: number): Promise<CompleteReply>;
  /** Returns what is known about the name at the cursor, or the function whose call the cursor is in. */
  inspect(code: string, cursor?: number): Promise<InspectReply>;
  /** Returns rows of a table that an output names by an `id`; undefined if the session does not have it. */
  tableRows(id: string, query?: TableQuery): Promise<TablePage | undefined>;
  /** Ends the session and Python, and cancels all that runs or waits. May be called more than once. */
  stop(): Promise<void>;
}

/** A start that failed: at which stage, why, and what to do. */
export class RuntimeStartError extends Error {
  readonly stage: BootStage;
  constructor(stage: BootStage, message: string, options?: ErrorOptions);
}

/**
 * Starts Python and its agent for the notebook in the store. Resolves once it accepts executions; those
 * that were requested earlier have been waiting in the store, and run now, except AI cells that waited for
 * another runtime, which is gone.
 *
 * Each execution gets exactly one end. A Python that breaks down is restarted, at most three times within a
 * minute, and what it ran ends with an error, at its cell too. If Python cannot be started, what was requested is
 * cancelled, with a reason.
 * @throws TypeError if an option is wrong; RuntimeStartError if Python could not be started
 */
export function startRuntime(options: RuntimeOptions): Promise<Runtime>;

/**
 * Returns a fractional index between two others, for ordering cells; null means no bound on that side.
 * @throws RangeError if none fits, as between "a" and "a0", or if a bound is not made of 0-9a-z
 */
export function indexBetween(lower: string | null, upper: string | null): string;
