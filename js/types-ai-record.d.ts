// What an AI run writes into its outputs, by its names on the wire: an AIRecord is under `anode` in an
// output's metadata, CallData and ResultData under MIME types of their own. Values of the wrong type in a
// log are skipped, so any field may be missing.

import type { Json, JsonObject } from "./types.d.ts";

/** What an AI run says about one output. */
export interface AIRecord {
  readonly role?: "assistant" | "function_call" | "tool";
  readonly run_id?: string;
  readonly iteration?: number;
  readonly ai_provider?: string;
  readonly ai_model?: string;
  readonly thinking?: boolean;
  readonly notices?: readonly Notice[];
  readonly manifest?: JsonObject;
  readonly finish_reason?:
    "stop" | "length" | "tool_calls" | "content_filter" | "cancelled" | "error";
  readonly usage?: Usage;
  readonly tool_call?: boolean;
  readonly tool_call_id?: string;
  readonly tool_name?: string;
  readonly tool_args?: JsonObject;
  readonly tool_error?: boolean;
  readonly state?: CallState;
  readonly duration_ms?: number;
  readonly change?: Change;
  readonly run?: RunAccount;
  readonly continued_by?: string;
}

export type CallState =
  "pending" | "waiting" | "running" | "success" | "error" | "denied" | "cancelled";

/** Something to tell the reader during a turn; `until` is the time until which it holds. */
export interface Notice {
  readonly kind: "retry" | "fallback" | "warning";
  readonly text: string;
  readonly until?: string;
}

/** Tokens, as the service counted them. */
export interface Usage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cached_tokens?: number;
  readonly reasoning_tokens?: number;
}

/** The turns, time, tokens and price of a run. */
export interface RunAccount {
  readonly turns?: number;
  readonly tool_calls?: number;
  readonly duration_ms?: number;
  readonly usage?: Usage;
  readonly first_token_ms?: number;
  readonly tokens_per_second?: number;
  readonly price_usd?: number;
  /** The limit that ended it, if one did. */
  readonly limit?: string;
}

/** One change to one cell, with the cell before and after it. */
export interface Change {
  readonly kind: "created" | "modified" | "moved" | "deleted";
  readonly cell_id: string;
  readonly before?: Snapshot;
  readonly after?: Snapshot;
}

/** A cell as it was. */
export interface Snapshot {
  readonly cell_type: "code" | "markdown" | "sql" | "ai" | "raw";
  readonly source: string;
  readonly fractional_index: string;
  readonly source_visible: boolean;
  readonly output_visible: boolean;
  readonly ai_context_visible: boolean;
  readonly ai?: JsonObject;
  readonly sql_variable?: string;
  /** What a file holds of a cell that was deleted. */
  readonly metadata?: JsonObject;
}

/** A tool call, as it is shown. */
export interface CallData {
  readonly tool_call_id: string;
  readonly tool_name: string;
  /** An object, or the model's text if that is not an object. */
  readonly arguments?: JsonObject | string;
}

/** The result of a tool call: ours is text, that of a runt notebook may be any JSON. */
export interface ResultData {
  readonly tool_call_id: string;
  readonly status?: "success" | "error";
  readonly result?: Json;
  readonly tool_name?: string;
  readonly arguments?: JsonObject | string;
  readonly timestamp?: string;
}
