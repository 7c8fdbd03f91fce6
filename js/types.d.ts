// The types of runt-pyodide: AI and Python cells for notebooks that run in the browser.

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A JSON object. A key whose value is undefined counts as absent. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** One event of the vocabulary: a versioned name, such as "v1.ExecutionRequested", and its args. */
export interface WireEvent {
  readonly name: string;
  readonly args: JsonObject;
}

export type EventListener = (events: readonly WireEvent[]) => void;

/** Where a notebook lives: what a runtime needs of the page, and all that it knows of it. */
export interface EventStore {
  /**
   * Takes all of the events, in order and as one batch, or throws and takes none: a TypeError if it
   * never will, anything else if it may when it is asked again.
   */
  commit(...events: WireEvent[]): void;
  /**
   * Calls the listener once with the events that rebuild the present state (an empty array if
   * there is none), then with every later batch as it was committed, one's own included. Always
   * from a microtask or later, never from inside commit or subscribe, so a listener may commit.
   * @returns a function that ends the subscription; it may be called at any time
   */
  subscribe(listener: EventListener): () => void;
  /** Milliseconds for which text that streams is joined into one event. Default: 50. */
  readonly interval?: number;
}

/** An EventStore in memory. A listener that throws is reported and disturbs no other. */
export interface MemoryStore extends EventStore {
  /** All events so far, for an export: the array is a copy, the events are frozen. */
  events(): WireEvent[];
}

/** @throws TypeError if an event is not a name with JSON args; commit throws the same */
export function memoryStore(initialEvents?: readonly WireEvent[]): MemoryStore;

/** One provider's settings; which there are depends on the provider. */
export interface ProviderConfig {
  readonly [setting: string]: Json | undefined;
}

/** OpenAI, or any server that speaks its chat completions. */
export interface OpenAIConfig extends ProviderConfig {
  /** Kept in memory alone; sent to baseUrl and nowhere else. */
  readonly apiKey?: string;
  /** For example "https://api.openai.com/v1", which is the default. */
  readonly baseUrl?: string;
  readonly model?: string;
}

/** The Test provider: scripted answers, no key, no network. */
export interface TestConfig extends ProviderConfig {
  /** Answers by the exact prompt, or a list of rules ({prompt or pattern, text or turns}). */
  readonly responses?: JsonObject | readonly JsonObject[];
  /** Seconds between two pieces of an answer. */
  readonly delay?: number;
}

/** What one run of an AI cell may use up. null: no limit. */
export interface Limits {
  /** Requests to the model. Default: 10; the notebook's `max_ai_iterations` comes before it. */
  readonly turns?: number;
  /** Default: 50. */
  readonly toolCalls?: number | null;
  /** Tokens in and out, as the service counts them. Default: null. */
  readonly tokens?: number | null;
  /** Without the time that it waits for a person. Default: null. */
  readonly seconds?: number | null;
}

/** Whether a tool may be called: at once, after a person allowed it, or never. */
export type ToolPolicy = "auto" | "ask" | "never";

export interface AIConfig {
  readonly defaultProvider?: string;
  /** Who is asked, in order, where the first fails before it said anything. */
  readonly fallback?: readonly string[];
  readonly limits?: Limits;
  /** Policies by the tool's name; others keep their own. */
  readonly tools?: { readonly [tool: string]: ToolPolicy };
  readonly providers?: {
    readonly openai?: OpenAIConfig;
    readonly test?: TestConfig;
    readonly [name: string]: ProviderConfig | undefined;
  };
}

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
  /** From 0 to 1, over all stages; never falls. */
  readonly fraction: number;
  /** Fetched so far, from a cache too, where the browser tells; compressed, as it was sent. */
  readonly bytes?: number;
}

/**
 * "loading" until startRuntime resolves, then "ready" and "busy" in turn, and "restarting" while
 * Python is started again as a new session. "stopped" and "failed" are the end: start another runtime.
 */
export type RuntimeStatus = "loading" | "ready" | "busy" | "restarting" | "stopped" | "failed";

export interface RuntimeOptions {
  readonly store: EventStore;
  /** The folder with pyodide.mjs and its lock file. Default: `pyodide/` beside this package. */
  readonly pyodideURL?: string | URL;
  /** What micropip installs: names, or URLs of wheels. Default: ["runt-pyodide"]. */
  readonly packages?: readonly string[];
  /** The package index (PEP 503) that they come from. Default: `pypi/simple` beside this package. */
  readonly indexURL?: string | URL;
  readonly config?: AIConfig;
  /** How events are worded that the runtime writes: "runt" is what the runt notebooks' schema has. */
  readonly vocabulary?: "default" | "runt";
  /** Names the runtime over restarts; each start is a session of its own. */
  readonly runtimeId?: string;
  readonly notebookId?: string;
  /** Run Python in a Web Worker (default: true) or on the page's own thread. */
  readonly worker?: boolean;
  readonly onProgress?: (progress: BootProgress) => void;
  /** Called at each change; a reason stands with "restarting" and "failed", and with a "stopped" not asked for. */
  readonly onStatus?: (status: RuntimeStatus, reason?: string) => void;
  /** Told of trouble that does not end the runtime, such as a store that refuses a batch. */
  readonly onError?: (error: Error) => void;
}

/** One thing that has to be right before a provider answers. */
export interface DiagnosisStep {
  /** "online", "mixed content", "reachable", "local network access", "CORS", "path", "key" or "model". */
  readonly name: string;
  /** A step that could not be tried, or need not be, was skipped. */
  readonly outcome: "ok" | "failed" | "skipped";
  readonly found: string;
  /** What to do, where it failed. */
  readonly fix: string;
}

/** What the doctor found: all steps, in the order in which they have to be right. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly provider: string;
  readonly baseUrl?: string;
  readonly steps: readonly DiagnosisStep[];
}

/** What came of an undo. */
export interface UndoReport {
  /** The cells that were put back or taken away; a deleted cell comes back under a new id. */
  readonly undone: readonly string[];
  /** Those that were left as they are, since somebody changed them. */
  readonly kept: readonly { readonly cellId: string; readonly reason: string }[];
}

/** What could stand at a place in a source: Jupyter's complete_reply. Places as in `complete`. */
export interface CompleteReply {
  readonly status: "ok";
  /** Each may replace what stands from cursorStart to cursorEnd. */
  readonly matches: readonly string[];
  readonly cursorStart: number;
  readonly cursorEnd: number;
  readonly metadata: {
    /** One for each match, in the same order; the type is one of jedi's, or "<unknown>". */
    readonly _jupyter_types_experimental: readonly {
      readonly text: string;
      readonly type: string;
      readonly signature: string;
      readonly start: number;
      readonly end: number;
    }[];
  };
}

/** What is known of a name in a source: Jupyter's inspect_reply. */
export interface InspectReply {
  readonly status: "ok";
  readonly found: boolean;
  /** By MIME type: text/plain, and text/html, which is not to be trusted. */
  readonly data: { readonly [mime: string]: string };
  readonly metadata: JsonObject;
}

export interface Runtime {
  /** Another one after a restart. */
  readonly sessionId: string;
  readonly status: RuntimeStatus;
  /**
   * The models of all providers that can tell of theirs; a failure of one is in the console. May ask
   * their servers.
   * @param provider only those that this one's server lists; throws what it fails with
   */
  models(provider?: string): Promise<AiModel[]>;
  /**
   * Tries what lies between a cell and this provider's answer, in its order, and says of the first
   * thing that fails how to mend it. May ask the server for a few tokens.
   * @throws if the configuration names no such provider
   */
  doctor(provider: string): Promise<Diagnosis>;
  /** Replaces the AI configuration. Rejects, and keeps the old one, if it is invalid. */
  configure(config: AIConfig): Promise<void>;
  /**
   * Stops what runs now; resolves once it has ended. Busy Python gets a KeyboardInterrupt where the
   * page is cross-origin isolated. What has not ended after 2 seconds, or when this is called again,
   * is ended by a restart; without a worker that cannot be done.
   */
  interrupt(): Promise<void>;
  /** Ends Python, whatever it does, and starts it again: variables are lost, what waits is run. */
  restart(): Promise<void>;
  /**
   * Lets an AI cell go on from where its last run ended: at a limit, an error or a stop.
   * @returns the id of the new run, which is its execution's queueId
   * @throws if the cell has no outputs of a run
   */
  continueRun(cellId: string): Promise<string>;
  /**
   * Puts back what a run of an AI cell changed in the notebook's cells.
   * @param runId the queueId of its execution
   * @throws if the notebook has no record of the run
   */
  undo(runId: string): Promise<UndoReport>;
  /** What the model saw when the AI cell ran last, turn by turn, in Markdown. */
  explain(cellId: string): Promise<string>;
  /**
   * What was asked and answered in a run of an AI cell, as JSON for the Test provider to play
   * (`{type: "test", cassette}`); keys are taken out. Those of the session's last runs are kept.
   * @param runId the queueId of its execution
   * @throws if it is not kept
   */
  cassette(runId: string): Promise<string>;
  /**
   * Completions of Python code, for editors. Waits while Python is busy; no property is run for it.
   * @param cursor in UTF-16 code units, as editors count; default: the end
   */
  complete(code: string, cursor?: number): Promise<CompleteReply>;
  /** What is known of the name at the cursor, or of the function whose call it stands in. */
  inspect(code: string, cursor?: number): Promise<InspectReply>;
  /** Ends the session and Python. May be called twice. */
  stop(): Promise<void>;
}

/** A start that failed: where, why and what to do. */
export class RuntimeStartError extends Error {
  readonly stage: BootStage;
  constructor(stage: BootStage, message: string, options?: ErrorOptions);
}

/**
 * Starts Python and its agent for the notebook in the store. Resolves once it takes executions;
 * those requested before then have been waiting in the store, and run.
 * @throws TypeError if an option is wrong; RuntimeStartError if Python could not be started
 */
export function startRuntime(options: RuntimeOptions): Promise<Runtime>;

/**
 * A fractional index between two others (null: open end), as cells are ordered by.
 * @throws RangeError if none fits, as between "a" and "a0", or if a bound is not made of 0-9a-z
 */
export function indexBetween(lower: string | null, upper: string | null): string;
