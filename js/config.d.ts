// Written by `make schema` from schema/config.json: change the models, not this file.

import type { Json, JsonObject } from "./types.d.ts";

/** The limits of one run, and of all that it starts. `turns` counts the requests that the model answered, `tokens` both input and output, `seconds` the time without the waits for a person. None sets no limit. */
export type Limits = {
  readonly turns?: number;
  readonly toolCalls?: number | null;
  readonly tokens?: number | null;
  readonly seconds?: number | null;
};

/** Anthropic's models, or any server that speaks its Messages API. `base_url` is any form of its address, with or without `/v1`. `timeout` is in seconds without a byte from the server. */
export type AnthropicConfig = {
  readonly type?: string;
  readonly model?: string | null;
  readonly apiKey?: string | null;
  readonly baseUrl?: string | null;
  readonly headers?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string };
  readonly extraBody?: JsonObject;
  readonly webSearch?: boolean;
  readonly vision?: boolean | null;
  readonly tools?: boolean | null;
  readonly timeout?: number;
  readonly maxLine?: number;
  readonly maxAnswer?: number;
};

/** Google's Gemini, by its own API. `base_url` is any form of its address, with or without `/v1beta`. `timeout` is in seconds without a byte from the server. */
export type GeminiConfig = {
  readonly type?: string;
  readonly model?: string | null;
  readonly apiKey?: string | null;
  readonly baseUrl?: string | null;
  readonly headers?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string };
  readonly extraBody?: JsonObject;
  readonly webSearch?: boolean;
  readonly vision?: boolean | null;
  readonly tools?: boolean | null;
  readonly timeout?: number;
  readonly maxLine?: number;
  readonly maxAnswer?: number;
};

/** Ollama, by its native API. `base_url` is any form of its address, OLLAMA_HOST's too. `num_ctx` is the window in tokens; without it the prompt and the model decide. `keep_alive` is how long the model stays loaded: seconds, or a text such as "10m". `timeout` is in seconds without a byte from the server, which loads a model for up to five minutes. `api_key` is for a server behind a proxy that asks for one. */
export type OllamaConfig = {
  readonly type?: string;
  readonly model?: string | null;
  readonly apiKey?: string | null;
  readonly baseUrl?: string | null;
  readonly headers?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string };
  readonly extraBody?: JsonObject;
  readonly webSearch?: boolean;
  readonly vision?: boolean | null;
  readonly tools?: boolean | null;
  readonly timeout?: number;
  readonly maxLine?: number;
  readonly maxAnswer?: number;
  readonly numCtx?: number | null;
  readonly keepAlive?: number | string | null;
};

/** OpenAI, or any server that speaks its chat completions or its Responses API. `preset` is a known server's name (see presets.py): it gives the base URL, unless there is one, and what else is known of it. `api` "auto" asks OpenAI's reasoning models by the Responses API and all else by chat completions. `timeout` is in seconds without a byte from the server; `models` are listed if the server does not list its own. */
export type OpenAIConfig = {
  readonly type?: string;
  readonly model?: string | null;
  readonly apiKey?: string | null;
  readonly baseUrl?: string | null;
  readonly headers?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string };
  readonly extraBody?: JsonObject;
  readonly webSearch?: boolean;
  readonly vision?: boolean | null;
  readonly tools?: boolean | null;
  readonly timeout?: number;
  readonly maxLine?: number;
  readonly maxAnswer?: number;
  readonly preset?:
    | "azure"
    | "cerebras"
    | "dashscope"
    | "deepseek"
    | "fireworks"
    | "gemini"
    | "github-models"
    | "groq"
    | "huggingface"
    | "jan"
    | "litellm"
    | "llamacpp"
    | "lmstudio"
    | "minimax"
    | "mistral"
    | "moonshot"
    | "nebius"
    | "nvidia"
    | "openai"
    | "openrouter"
    | "scaleway"
    | "sglang"
    | "together"
    | "vllm"
    | "xai"
    | "zai"
    | null;
  readonly api?: "auto" | "chat" | "responses";
  readonly models?: readonly string[];
};

/** The Test provider. `responses` maps exact prompts to answers, or to lists of answers that are given one after the other; or lists scripted responses, of which the first that matches is used. `strict` says whether a prompt without an answer is an error: without it, that is so where the environment variable CI is set. `cassette` is what a Recorder made, and is played instead. `respond`, which only Python can give and no JSON keeps, is asked before the responses, and returns None for what they answer. `delay` is in seconds before each delta; `tools` says whether the models take tools, and `context_length` how many tokens their window has. */
export type TestConfig = {
  readonly type?: string;
  readonly model?: string | null;
  readonly responses?: JsonObject | readonly JsonObject[];
  readonly strict?: boolean | null;
  readonly cassette?: JsonObject | null;
  readonly delay?: number;
  readonly tools?: boolean;
  readonly contextLength?: number | null;
};

/** The providers by name, and the one that cells use unless they name another; what a run of an AI cell may use up (`limits`), and which tools it may call (`tools`, policies by name). A provider without a `type` has its name as its type: {"openai": {...}} is of type openai, and {"work": {"type": "openai", ...}} is another provider of that type. `fallback` names the providers that are asked, in order, when the first one fails before its first delta. */
export type AIConfig = {
  readonly defaultProvider?: string | null;
  readonly fallback?: readonly string[];
  readonly providers?: {
    readonly openai?: OpenAIConfig;
    readonly anthropic?: AnthropicConfig;
    readonly gemini?: GeminiConfig;
    readonly ollama?: OllamaConfig;
    readonly test?: TestConfig;
    readonly azure?: OpenAIConfig;
    readonly cerebras?: OpenAIConfig;
    readonly dashscope?: OpenAIConfig;
    readonly deepseek?: OpenAIConfig;
    readonly fireworks?: OpenAIConfig;
    readonly "github-models"?: OpenAIConfig;
    readonly groq?: OpenAIConfig;
    readonly huggingface?: OpenAIConfig;
    readonly jan?: OpenAIConfig;
    readonly litellm?: OpenAIConfig;
    readonly llamacpp?: OpenAIConfig;
    readonly lmstudio?: OpenAIConfig;
    readonly minimax?: OpenAIConfig;
    readonly mistral?: OpenAIConfig;
    readonly moonshot?: OpenAIConfig;
    readonly nebius?: OpenAIConfig;
    readonly nvidia?: OpenAIConfig;
    readonly openrouter?: OpenAIConfig;
    readonly scaleway?: OpenAIConfig;
    readonly sglang?: OpenAIConfig;
    readonly together?: OpenAIConfig;
    readonly vllm?: OpenAIConfig;
    readonly xai?: OpenAIConfig;
    readonly zai?: OpenAIConfig;
    readonly [name: string]:
      | OpenAIConfig
      | AnthropicConfig
      | GeminiConfig
      | OllamaConfig
      | TestConfig
      | {
          readonly type: string;
          readonly [name: string]: string | Json | undefined;
        }
      | undefined;
  };
  readonly limits?: Limits;
  readonly tools?: { readonly [name: string]: "auto" | "ask" | "never" };
};
