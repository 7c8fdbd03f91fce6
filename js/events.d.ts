// Written by `make schema` from schema/events.json: change the models, not this file.

import type { Json, JsonObject } from "./types.d.ts";

export type AiSettings = {
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly systemPrompt?: string;
};

/** A representation that refers to where its data is kept. */
export type Artifact = {
  readonly type: "artifact";
  readonly artifactId: string;
  readonly metadata?: JsonObject;
};

export type Bundle = { readonly [name: string]: Representation };

export type Capabilities = {
  readonly canExecuteCode: boolean;
  readonly canExecuteSql: boolean;
  readonly canExecuteAi: boolean;
  readonly availableAiModels?: readonly JsonObject[];
};

/** What an OutputDelta brings: text to append, representations and metadata to merge. */
export type DeltaBody = {
  readonly text?: string;
  readonly data?: Bundle;
  readonly metadata?: JsonObject;
};

/** A representation that holds its data. */
export type Inline = {
  readonly type: "inline";
  readonly data: Json;
  readonly metadata?: JsonObject;
};

/** The cell or the run in which a policy holds; it holds everywhere if neither is named. */
export type PolicyScope = {
  readonly cellId?: string;
  readonly runId?: string;
};

export type Representation = Inline | Artifact;

export type RequestedCell = {
  readonly id: string;
  readonly executionCount: number;
  readonly queueId: string;
};

/** An output as it stood: a terminal's or Markdown output's `text`, a display's or result's `bundle`, an error's `error`; and the metadata that deltas left beside the representations' own. */
export type RestoredOutput = {
  readonly kind: "terminal" | "markdown" | "display" | "result" | "error";
  readonly text?: string;
  readonly bundle?: Bundle;
  readonly error?: JsonObject;
  readonly metadata?: JsonObject;
  readonly streamName?: "stdout" | "stderr";
  readonly displayId?: string;
};

/** What a source was made from: its first `head` lines, then `lines`, then its last `tail` lines. */
export type SourceBase = {
  readonly head: number;
  readonly lines: readonly string[];
  readonly tail: number;
};

/** What each event says, by its name. */
export interface EventArgs {
  /** Replaces an AI cell's own provider, model and settings; empty texts leave the choice to the notebook. */
  readonly "v1.AiSettingsChanged": {
    readonly cellId: string;
    readonly provider: string;
    readonly model: string;
    readonly settings: AiSettings;
  };
  /** Stops all that run or wait. */
  readonly "v1.AllExecutionsCancelled": Record<string, never>;
  /** Removes the outputs of all cells. */
  readonly "v1.AllOutputsCleared": { readonly clearedBy: string };
  /** Hides a cell from models, or lets them see it again. */
  readonly "v1.CellAiContextVisibilityToggled": {
    readonly id: string;
    readonly aiContextVisible: boolean;
    readonly actorId?: string;
  };
  /** Adds a cell, as earlier versions wrote it. */
  readonly "v1.CellCreated": {
    readonly id: string;
    readonly cellType: "code" | "markdown" | "sql" | "ai" | "raw";
    readonly position: number;
    readonly createdBy: string;
    readonly actorId?: string;
  };
  /** Deletes a cell for good: no event creates its id again. */
  readonly "v1.CellDeleted": {
    readonly id: string;
    readonly actorId?: string;
  };
  /** Sets a value of what the notebook's file holds about a cell and no other event has a place for; null removes it. */
  readonly "v1.CellMetadataSet": {
    readonly key: string;
    readonly value: Json;
    readonly cellId: string;
  };
  /** Moves a cell, as earlier versions wrote it. */
  readonly "v1.CellMoved": {
    readonly id: string;
    readonly newPosition: number;
    readonly actorId?: string;
  };
  /** Shows or hides a cell's outputs. */
  readonly "v1.CellOutputVisibilityToggled": {
    readonly id: string;
    readonly outputVisible: boolean;
    readonly actorId?: string;
  };
  /** Removes the outputs of a cell: at once, or if it is to `wait`, when the next one arrives. */
  readonly "v1.CellOutputsCleared": {
    readonly cellId: string;
    readonly wait: boolean;
    readonly clearedBy: string;
  };
  /** Sets a cell's source. `base` is what it was made from, for stores in which others may have written between: they merge the two (`js/notebook/merge/sources.js`). */
  readonly "v1.CellSourceChanged": {
    readonly id: string;
    readonly source: string;
    readonly modifiedBy: string;
    readonly base?: SourceBase;
  };
  /** Shows or hides a cell's source. */
  readonly "v1.CellSourceVisibilityToggled": {
    readonly id: string;
    readonly sourceVisible: boolean;
    readonly actorId?: string;
  };
  /** Makes a cell one of another type. */
  readonly "v1.CellTypeChanged": {
    readonly id: string;
    readonly cellType: "code" | "markdown" | "sql" | "ai" | "raw";
    readonly actorId?: string;
  };
  /** Adds an error; the content's data is `{ename, evalue, traceback}`, whose traceback is a list of lines. */
  readonly "v1.ErrorOutputAdded": {
    readonly id: string;
    readonly cellId: string;
    readonly position: number;
    readonly content: Representation;
  };
  /** Says that a session has taken an execution. */
  readonly "v1.ExecutionAssigned": {
    readonly queueId: string;
    readonly runtimeSessionId: string;
  };
  /** Stops an execution, or takes it out of the queue; `reason` is a sentence for the reader. */
  readonly "v1.ExecutionCancelled": {
    readonly queueId: string;
    readonly cellId: string;
    readonly cancelledBy: string;
    readonly reason: string;
    readonly actorId?: string;
  };
  /** Ends an execution, once. */
  readonly "v1.ExecutionCompleted": {
    readonly queueId: string;
    readonly cellId: string;
    readonly status: "success" | "error" | "cancelled";
    readonly error?: string;
    readonly completedAt: string;
    readonly executionDurationMs: number;
  };
  /** Requests that a cell is run. The count is only a wish. */
  readonly "v1.ExecutionRequested": {
    readonly queueId: string;
    readonly cellId: string;
    readonly executionCount: number;
    readonly requestedBy: string;
    readonly actorId?: string;
  };
  /** Says that an execution has begun; `executionCount` is the session's own counter, the number of In and Out. */
  readonly "v1.ExecutionStarted": {
    readonly queueId: string;
    readonly cellId: string;
    readonly runtimeSessionId: string;
    readonly startedAt: string;
    readonly executionCount?: number;
  };
  /** Adds Markdown, such as the answer of a model; the content's data is text. */
  readonly "v1.MarkdownOutputAdded": {
    readonly id: string;
    readonly cellId: string;
    readonly position: number;
    readonly content: Representation;
  };
  /** Adds a display, or shows one again under its `displayId`. */
  readonly "v1.MultimediaDisplayOutputAdded": {
    readonly id: string;
    readonly cellId: string;
    readonly position: number;
    readonly representations: Bundle;
    readonly displayId?: string;
  };
  /** Replaces representations in all outputs that show the display. */
  readonly "v1.MultimediaDisplayOutputUpdated": {
    readonly displayId: string;
    readonly representations: Bundle;
  };
  /** Adds the value of a cell's last expression, or the table of an SQL cell. */
  readonly "v1.MultimediaResultOutputAdded": {
    readonly id: string;
    readonly cellId: string;
    readonly position: number;
    readonly representations: Bundle;
    readonly executionCount: number;
  };
  /** Requests that cells are run in this order; they stop together. */
  readonly "v1.MultipleExecutionRequested": {
    readonly requestedBy: string;
    readonly cellsInfo: readonly RequestedCell[];
  };
  /** Sets a value of what the notebook's file holds about the notebook and no other event has a place for; null removes it. */
  readonly "v1.NotebookJsonSet": {
    readonly key: string;
    readonly value: Json;
  };
  /** Sets one entry of the notebook's metadata, such as `user_saved_prompt`, which models are told in every run, `max_ai_iterations`, `ai_provider` and `ai_model`. */
  readonly "v1.NotebookMetadataSet": {
    readonly key: string;
    readonly value: string;
  };
  /** Sets the title. */
  readonly "v1.NotebookTitleChanged": { readonly title: string };
  /** Adds to an output; deltas are numbered from 0 for each output. */
  readonly "v1.OutputDelta": {
    readonly id: string;
    readonly cellId: string;
    readonly outputId: string;
    readonly sequenceNumber: number;
    readonly delta: DeltaBody;
  };
  /** Adds an output that came complete, from a file or from compaction. */
  readonly "v1.OutputRestored": {
    readonly id: string;
    readonly cellId: string;
    readonly position: number;
    readonly output: RestoredOutput;
    readonly executionCount?: number;
  };
  /** Says that a session is alive: every 15 seconds. */
  readonly "v1.RuntimeSessionRenewal": {
    readonly sessionId: string;
    readonly renewedAt: string;
    readonly validForMs: number;
  };
  /** Begins a session of a runtime, which takes the notebook over. */
  readonly "v1.RuntimeSessionStarted": {
    readonly sessionId: string;
    readonly runtimeId: string;
    readonly runtimeType: string;
    readonly capabilities: Capabilities;
  };
  /** Says what a session does. */
  readonly "v1.RuntimeSessionStatusChanged": {
    readonly sessionId: string;
    readonly status: "ready" | "busy" | "restarting";
  };
  /** Ends a session, by itself or by the one that takes over. */
  readonly "v1.RuntimeSessionTerminated": {
    readonly sessionId: string;
    readonly reason: "shutdown" | "restart" | "error" | "timeout" | "displaced";
  };
  /** Sets the variable that an SQL cell's result is assigned to; without a name there is none. */
  readonly "v1.SqlResultVariableChanged": {
    readonly cellId: string;
    readonly resultVariable?: string;
    readonly changedBy: string;
  };
  /** Adds what code printed; the content's data is text. */
  readonly "v1.TerminalOutputAdded": {
    readonly id: string;
    readonly cellId: string;
    readonly position: number;
    readonly content: Representation;
    readonly streamName: "stdout" | "stderr";
  };
  /** Asks a person about a call of a tool, which waits for the answer. */
  readonly "v1.ToolApprovalRequested": {
    readonly toolCallId: string;
    readonly cellId: string;
    readonly toolName: string;
    readonly arguments: JsonObject;
    readonly requestedAt: string;
  };
  /** Answers: allows this call (`approved_once`), this and all later calls of the tool in the notebook (`approved_always`), or refuses (`denied`); a model is told the `reason`. */
  readonly "v1.ToolApprovalResponded": {
    readonly toolCallId: string;
    readonly status: "approved_once" | "approved_always" | "denied";
    readonly approvedBy: string;
    readonly respondedAt: string;
    readonly reason?: string;
  };
  /** Says whether calls of a tool run at once (`auto`), after a person has allowed each (`ask`; `risky` too, so far), or never (`never`), in a run, a cell or the notebook. */
  readonly "v1.ToolPolicySet": {
    readonly tool: string;
    readonly policy: "auto" | "ask" | "never" | "risky";
    readonly scope?: PolicyScope;
    readonly setBy: string;
  };
  /** Adds a cell. Cells are in the order of their fractional indexes. */
  readonly "v2.CellCreated": {
    readonly id: string;
    readonly cellType: "code" | "markdown" | "sql" | "ai" | "raw";
    readonly fractionalIndex: string;
    readonly createdBy: string;
  };
  /** Moves a cell to another place. */
  readonly "v2.CellMoved": {
    readonly id: string;
    readonly fractionalIndex: string;
    readonly actorId?: string;
  };
  /** Appends text to Markdown, in the vocabulary of the runt notebooks. */
  readonly "v2.MarkdownOutputAppended": {
    readonly id: string;
    readonly outputId: string;
    readonly delta: string;
    readonly sequenceNumber: number;
  };
  /** Appends text to what code printed, in the vocabulary of the runt notebooks. */
  readonly "v2.TerminalOutputAppended": {
    readonly id: string;
    readonly outputId: string;
    readonly delta: string;
    readonly sequenceNumber: number;
  };
}
