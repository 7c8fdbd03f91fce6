// What an AI run writes into its outputs, by the names on the wire: an AIRecord stands under `anode` in
// an output's metadata, CallData and ResultData under MIME types of their own. A value that a log holds
// in another type is passed over: all fields of what is read may be missing.

import type { Json, JsonObject } from "./types.d.ts";

/** What an AI run says of one output. */
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

/** What the reader is told while a turn goes on; `until` is when that is over. */
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

/** What a run took. */
export interface RunAccount {
  readonly turns?: number;
  readonly tool_calls?: number;
  readonly duration_ms?: number;
  readonly usage?: Usage;
  readonly first_token_ms?: number;
  readonly tokens_per_second?: number;
  readonly price_usd?: number;
  /** Which limit ended it. */
  readonly limit?: string;
}

/** One change to one cell: as it was before and after. */
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

/** A tool call as it is shown. */
export interface CallData {
  readonly tool_call_id: string;
  readonly tool_name: string;
  /** An object, or the model's text if that is not one. */
  readonly arguments?: JsonObject | string;
}

/** The result of a tool call: ours is a text, that of a runt notebook any JSON. */
export interface ResultData {
  readonly tool_call_id: string;
  readonly status?: "success" | "error";
  readonly result?: Json;
  readonly tool_name?: string;
  readonly arguments?: JsonObject | string;
  readonly timestamp?: string;
}
