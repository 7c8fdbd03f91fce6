// The peers: each reads one streamed answer and gives the list of its deltas.

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import { createParser } from "eventsource-parser";
import { Ollama } from "ollama/browser";
import OpenAI from "openai";

const REQUEST = { model: "m", messages: [{ role: /** @type {const} */ ("user"), content: "?" }] };

/** @param {string} url */
const post = (url) => fetch(url, { method: "POST", body: JSON.stringify(REQUEST) });

/** @param {string} url @param {(bytes: Uint8Array) => void} take */
async function readAll(url, take) {
  const response = await post(url);
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value);
  }
}

/** Reads, and parses nothing. @param {string} base */
async function readBare(base) {
  let size = 0;
  await readAll(base, (bytes) => (size += bytes.length));
  return [`${size}`];
}

/** What one would write by hand for this stream alone. @param {string} base */
async function readByHand(base) {
  const decoder = new TextDecoder();
  /** @type {string[]} */
  const deltas = [];
  let rest = "";
  await readAll(base, (bytes) => {
    const events = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      if (event === "data: [DONE]") continue;
      const text = JSON.parse(event.slice(6)).choices[0]?.delta?.content;
      if (text) deltas.push(text);
    }
  });
  return deltas;
}

/** @param {string} base */
async function readEventSource(base) {
  const decoder = new TextDecoder();
  /** @type {string[]} */
  const deltas = [];
  const parser = createParser({
    onEvent({ data }) {
      if (data === "[DONE]") return;
      const text = JSON.parse(data).choices[0]?.delta?.content;
      if (text) deltas.push(text);
    },
  });
  await readAll(base, (bytes) => parser.feed(decoder.decode(bytes, { stream: true })));
  return deltas;
}

/** @param {string} base */
async function readOpenAI(base) {
  const client = new OpenAI({
    apiKey: "k",
    baseURL: base,
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
  });
  const stream = await client.chat.completions.create({ ...REQUEST, stream: true });
  const deltas = [];
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta?.content;
    if (text) deltas.push(text);
  }
  return deltas;
}

/** @param {string} base */
async function readAISDK(base) {
  const provider = createOpenAICompatible({ name: "bench", baseURL: base });
  const result = streamText({
    model: provider("m"),
    prompt: "?",
    maxRetries: 0,
    onError: ({ error }) => {
      throw error;
    },
  });
  const deltas = [];
  for await (const text of result.textStream) deltas.push(text);
  return deltas;
}

/** @param {string} base */
async function readOllama(base) {
  const stream = await new Ollama({ host: base }).chat({ ...REQUEST, stream: true });
  const deltas = [];
  for await (const part of stream) if (part.message.content) deltas.push(part.message.content);
  return deltas;
}

/** By hand, for NDJSON. @param {string} base */
async function readLines(base) {
  const decoder = new TextDecoder();
  /** @type {string[]} */
  const deltas = [];
  let rest = "";
  await readAll(base, (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const text = JSON.parse(line).message.content;
      if (text) deltas.push(text);
    }
  });
  return deltas;
}

/** The openai Python SDK, as sdk.py has it. @param {string} base */
async function readPythonSDK(base) {
  const promise = globalThis.benchPyodide.pyimport("bench_sdk").read(base);
  try {
    return JSON.parse(await promise);
  } finally {
    promise.destroy();
  }
}

/** @type {Record<string, (base: string) => Promise<string[]>>} */
export const PEERS = {
  bare: readBare,
  "by hand": readByHand,
  "eventsource-parser": readEventSource,
  "openai (JS)": readOpenAI,
  "AI SDK": readAISDK,
  "openai (Python)": readPythonSDK,
  "by hand, NDJSON": readLines,
  "ollama (JS)": readOllama,
};

/**
 * Tells of the first delta, in plain JavaScript; the rest is read, and not looked at.
 * @param {string} base
 * @param {(text: string) => void} tell
 */
export async function readFirst(base, tell) {
  const decoder = new TextDecoder();
  const response = await post(base);
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  let text = "";
  for (let rest = ""; !text;) {
    const { done, value } = await reader.read();
    if (done) break;
    rest += decoder.decode(value, { stream: true });
    for (let end; (end = rest.indexOf("\n\n")) >= 0 && !text; rest = rest.slice(end + 2)) {
      text = JSON.parse(rest.slice(6, end)).choices[0]?.delta?.content;
    }
  }
  tell(text);
  // To the end, as all others read: a connection that is left is not used again.
  while (!(await reader.read()).done);
}
