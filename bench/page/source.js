// Where the answers come from. Stands in front of the context's fetch, so that every contestant, Python
// too, gets the same bytes in the same pieces, and the clock starts at the same moment for each.

/** @typedef {"64 KiB" | "read" | "write" | "paced"} Pattern */

const REAL = globalThis.fetch;
const BIG = 65536;
/** @type {Map<string, Uint8Array[]>} */
const cuts = new Map();

/** Milliseconds of a clock that the page and its worker share. */
export const now = () => performance.timeOrigin + performance.now();

/** The last answer: when it was asked for, when its response was there, and whether it was cut. */
export const last = { askedAt: 0, startedAt: 0, cut: false };

// What Ollama tells of a model, for those who ask.
const SHOWN = {
  capabilities: ["completion"],
  details: { family: "llama" },
  model_info: { "general.architecture": "llama", "llama.context_length": 8192 },
};

let limit = Infinity;

/** Cuts answers that take longer than that to be read. @param {number} ms */
export function setLimit(ms) {
  limit = ms;
  last.cut = false;
}

/**
 * The base URL of an answer. The patterns "64 KiB" and "read" (one record a read) are streams made here;
 * with "write" the server on this machine sends one record a write, and the reads are the browser's.
 * @param {string} kind
 * @param {Pattern} pattern
 * @param {number} count
 */
export const baseURL = (kind, pattern, count) =>
  `${location.origin}/answers/${kind}/${encodeURIComponent(pattern)}/${count}`;

/** @param {RequestInfo | URL} input @param {RequestInit} [init] */
globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input, location.href);
  const [, answers, kind, pattern, count] = url.pathname.split("/").map(decodeURIComponent);
  if (answers !== "answers") return REAL(input, init);
  if (url.pathname.endsWith("/api/show")) return Response.json(SHOWN);
  last.askedAt = now();
  const response =
    pattern === "write" || pattern === "paced"
      ? await written(input, init)
      : streamed(`${kind}/${pattern}/${count}`, kind);
  last.startedAt = now();
  return response;
};

/** An answer of the server. @param {RequestInfo | URL} input @param {RequestInit} [init] */
async function written(input, init) {
  if (limit === Infinity) return REAL(input, init);
  const cut = new AbortController();
  const signal = init?.signal ? AbortSignal.any([init.signal, cut.signal]) : cut.signal;
  setTimeout(() => {
    last.cut = true;
    cut.abort();
  }, limit);
  return REAL(input, { ...init, signal });
}

/** @param {string} kind @param {string} pattern @param {string} count */
export async function prepare(kind, pattern, count) {
  const key = `${kind}/${pattern}/${count}`;
  if (cuts.has(key) || pattern === "write" || pattern === "paced") return;
  const body = await REAL(`/answers/${kind}/${pattern}/${count}`);
  const bytes = new Uint8Array(await body.arrayBuffer());
  cuts.set(key, pattern === "read" ? cutRecords(bytes, kind) : cutEven(bytes));
}

/** An answer made here. @param {string} key @param {string} kind */
function streamed(key, kind) {
  const pieces = cuts.get(key) ?? [];
  const deadline = now() + limit;
  let next = 0;
  const body = new ReadableStream(
    {
      pull(controller) {
        if (now() > deadline) {
          // No timer comes through where a reader never waits.
          last.cut = true;
          controller.error(new Error("cut by the benchmark"));
        } else if (next < pieces.length) controller.enqueue(pieces[next++]);
        else controller.close();
      },
    },
    { highWaterMark: 0 }, // a piece is made when it is asked for, so each read brings one
  );
  const type = kind === "ndjson" ? "application/x-ndjson" : "text/event-stream";
  return new Response(body, { headers: { "content-type": type } });
}

/** @param {Uint8Array} bytes */
function cutEven(bytes) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += BIG) pieces.push(bytes.slice(at, at + BIG));
  return pieces;
}

/** @param {Uint8Array} bytes @param {string} kind */
function cutRecords(bytes, kind) {
  const width = kind === "ndjson" ? 1 : 2; // a line, or an event and its blank line
  const pieces = [];
  for (let from = 0, end; from < bytes.length; from = end) {
    end = bytes.indexOf(10, from) + width;
    pieces.push(bytes.slice(from, end));
  }
  return pieces;
}
