// Written by `make schema` from schema/ai-record.json: change the models, not this file.

import type { Json, JsonObject } from "./types.d.ts";

/** What an AI run records about one output. Every output names its run and its turn (`iteration`, from 1). The first text of a run holds the `prompt` as it was sent, if that is not the cell's source; the first text of a turn holds the `manifest`, the last one `finish_reason` and `usage`; a call holds its `state` and, if a person was asked for it, the sources of the cells that it depends on as the model had `seen` them, by the cells' ids; a result holds the `change` that it made; the last output of a turn holds what the `run` took until then. `continued_by` names the execution that continued from here. The manifest is left as JSON, since it is long and seldom read: see `manifest_of`. The last text of a turn, and a call, hold the `service_state` that the service wants back with it and alone understands, and the `origin` that names the service and the model that it goes back to. The last text of a turn also holds the `sources` that the service found on the web for it. */
export type AIRecord = {
  readonly role?: "assistant" | "function_call" | "tool";
  readonly run_id?: string;
  readonly iteration?: number;
  readonly ai_provider?: string;
  readonly ai_model?: string;
  readonly thinking?: boolean;
  readonly notices?: readonly Notice[];
  readonly prompt?: string;
  readonly manifest?: JsonObject;
  readonly finish_reason?:
    "stop" | "length" | "tool_calls" | "content_filter" | "cancelled" | "error";
  readonly usage?: Usage;
  readonly tool_call?: boolean;
  readonly tool_call_id?: string;
  readonly tool_name?: string;
  readonly tool_args?: JsonObject;
  readonly tool_error?: boolean;
  readonly state?: "pending" | "waiting" | "running" | "success" | "error" | "denied" | "cancelled";
  readonly seen?: JsonObject;
  readonly duration_ms?: number;
  readonly change?: Change;
  readonly run?: RunAccount;
  readonly continued_by?: string;
  readonly origin?: string;
  readonly service_state?: readonly JsonObject[];
  readonly sources?: readonly Source[];
};

export type AiSettings = {
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly systemPrompt?: string;
};

/** A tool call as it is shown. `arguments` is the model's text if that isn't a JSON object. */
export type CallData = {
  readonly tool_call_id: string;
  readonly tool_name: string;
  readonly arguments?: JsonObject | string;
};

/** One change to one cell: the cell before and after it; None if it did not exist then. */
export type Change = {
  readonly kind: "created" | "modified" | "moved" | "deleted";
  readonly cell_id: string;
  readonly before?: Snapshot;
  readonly after?: Snapshot;
};

/** What a model was sent in a turn. `window` is the model's context window in tokens, `reserved` the part of it that is kept for the answer, and `tokens` an estimate of all that was sent. `hidden` are the cells above that are hidden from AI. */
export type Manifest = {
  readonly window: number;
  readonly reserved: number;
  readonly tokens: number;
  readonly messages?: readonly ManifestEntry[];
  readonly hidden?: readonly string[];
  readonly no_room?: NoRoom;
  readonly images_left_out?: number;
};

/** One message. `source` is the id of the cell that it is about, or "prompt", "turn" (of this run), "system" or "tools"; `cut` counts the characters that were left out of it. */
export type ManifestEntry = {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly source: string;
  readonly characters: number;
  readonly tokens: number;
  readonly images?: number;
  readonly cut?: number;
};

/** The cells above for which there was no room: their number, the topmost and the lowest. */
export type NoRoom = {
  readonly cells: number;
  readonly first: string;
  readonly last: string;
};

/** What the reader is told during a turn; from the time `until` it no longer holds. */
export type Notice = {
  readonly kind: "retry" | "fallback" | "warning";
  readonly text: string;
  readonly until?: string;
};

/** A cell's own provider, model and settings. */
export type OwnSettings = {
  readonly provider: string;
  readonly model: string;
  readonly settings: AiSettings;
};

/** The result of a tool call: ours is a text, a runt notebook's may be any JSON. */
export type ResultData = {
  readonly tool_call_id: string;
  readonly status?: "success" | "error";
  readonly result?: Json;
  readonly tool_name?: string;
  readonly arguments?: JsonObject | string;
  readonly timestamp?: string;
};

/** What a run itself took so far; what it started has accounts of its own. `usage` sums up the service's counts; `price_usd` is what the turns cost whose price is known, None if there is none; `unpriced` names the models of the others, of which only a part is known; `limit` names the limit that ended the run. */
export type RunAccount = {
  readonly turns?: number;
  readonly tool_calls?: number;
  readonly duration_ms?: number;
  readonly usage?: Usage;
  readonly first_token_ms?: number;
  readonly tokens_per_second?: number;
  readonly price_usd?: number;
  readonly unpriced?: readonly string[];
  readonly limit?: string;
};

/** A cell as it was. Two are equal if they agree in everything that a run may change. */
export type Snapshot = {
  readonly cell_type: "code" | "markdown" | "sql" | "ai" | "raw";
  readonly source: string;
  readonly fractional_index: string;
  readonly source_visible: boolean;
  readonly output_visible: boolean;
  readonly ai_context_visible: boolean;
  readonly ai?: OwnSettings;
  readonly sql_variable?: string;
  readonly metadata?: JsonObject;
};

/** A page of the web that an answer rests on, with an address of http or https. */
export type Source = {
  readonly url: string;
  readonly title?: string;
};

/** Tokens of a turn or a run, as the service counted them; None if it did not say. Of the input, `cached_tokens` were read from the service's cache, and `written_tokens` were written to it, if that has a price of its own. Of the output, `reasoning_tokens` were thinking. The service searched the web `searches` times. `cost_usd` is the price in US dollars, if the service tells it. */
export type Usage = {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cached_tokens?: number;
  readonly reasoning_tokens?: number;
  readonly written_tokens?: number;
  readonly searches?: number;
  readonly cost_usd?: number;
};

export type CallState = NonNullable<AIRecord["state"]>;
