// How the page puts things into words: states, durations, models.

/** @import { CellType } from "../../js/types-notebook.d.ts" */
/** @import { AIRecord, RunAccount } from "../../js/types-ai-record.d.ts" */
/** @import { Execution } from "../../js/notebook/state/executions.js" */

import { titleOf } from "../providers/kinds.js";

/** The state of an execution, for styles and tests. @typedef {"idle" | "queued" | "running" | "completed" | "error" | "cancelled"} ExecutionMark */

/** @type {Readonly<Record<string, string>>} */
export const TYPE_NAMES = {
  ai: "AI",
  markdown: "Markdown",
  code: "Python",
  sql: "SQL",
  raw: "Raw",
};

const LONGEST_LANGUAGE = 40;

/** The types that a person can give a cell, in the order of menus. @type {CellType[]} */
export const CELL_TYPES = ["ai", "markdown", "code", "sql"];

/** @param {string} cellType @param {string} [language] of the notebook's code, if that is not Python */
export function typeName(cellType, language) {
  if (cellType === "code" && language) {
    const [first = "", ...rest] = language.slice(0, LONGEST_LANGUAGE);
    return first.toUpperCase() + rest.join("");
  }
  return Object.hasOwn(TYPE_NAMES, cellType) ? TYPE_NAMES[cellType] : cellType;
}

/**
 * @param {Execution | undefined} execution
 * @param {boolean} isOver whether the session that ran it is over
 * @returns {ExecutionMark}
 */
export function markOf(execution, isOver) {
  switch (execution?.state) {
    case undefined:
      return "idle";
    case "pending":
    case "assigned":
      return "queued";
    case "executing":
      return isOver ? "error" : "running";
    case "completed":
      return "completed";
    case "failed":
      return execution.outcome === "cancelled" ? "cancelled" : "error";
    case "cancelled":
      return "cancelled";
  }
}

/**
 * @param {ExecutionMark} mark
 * @param {Execution | undefined} execution
 * @param {{ pythonReady: boolean, now: number, ahead?: number }} world ahead: how many run before it
 */
export function formatExecution(mark, execution, { pythonReady, now, ahead = 0 }) {
  if (mark === "idle" || !execution) return "";
  if (mark === "queued" && !pythonReady) return "waiting for Python";
  if (mark === "queued") return ahead > 0 ? `queued, ${ahead} ahead of it` : "queued";
  if (mark === "cancelled")
    return execution.state === "cancelled" && !execution.startedAt ? "not run" : "stopped";
  if (mark === "running") {
    const seconds = (now - Date.parse(execution.startedAt ?? "")) / 1000;
    return seconds >= 1 ? `running, ${formatDuration(Math.floor(seconds) * 1000)}` : "running";
  }
  if (execution.state === "executing") return "Python ended";
  if (mark === "completed") return `done in ${formatDuration(execution.durationMs ?? 0)}`;
  // A session that ended an execution of an earlier session does not know how long it took.
  return execution.durationMs ? `failed after ${formatDuration(execution.durationMs)}` : "failed";
}

/** @param {number} ms */
export function formatDuration(ms) {
  const whole = Math.round(ms);
  if (whole < 1000) return `${whole} ms`;
  const seconds = Math.round(ms / 100) / 10;
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** @param {number} bytes */
export function formatMegabytes(bytes) {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** @param {number} bytes */
export function formatSize(bytes) {
  return bytes < 950_000 ? `${Math.ceil(bytes / 1000)} kB` : formatMegabytes(bytes);
}

/** @param {Date} time */
export function formatTime(time) {
  return time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/**
 * Describes a run of an AI cell: provider, model, and, once it has ended, turns, tokens, time and price.
 * @param {AIRecord} source the record of an answer
 * @param {RunAccount} [account]
 */
export function formatRun({ ai_provider: provider = "", ai_model: model }, account = {}) {
  const words = [provider === "mock" ? "no provider" : titleOf(provider)];
  if (model && provider !== "mock") words.push(model);
  const {
    turns = 0,
    usage,
    first_token_ms: first,
    tokens_per_second: speed,
    price_usd: price,
    unpriced = [],
  } = account;
  if (turns > 1) words.push(`${turns} turns`);
  const { input_tokens: read, output_tokens: written } = usage ?? {};
  if (read !== undefined && written !== undefined) {
    words.push(`${amount(read)} tokens in, ${amount(written)} out`);
  }
  if (first !== undefined && provider !== "mock")
    words.push(`first text after ${formatDuration(first)}`);
  if (speed !== undefined) words.push(`${amount(Math.round(speed))} tokens/s`);
  if (price !== undefined) words.push(formatRunPrice(price, unpriced));
  return words.join(" · ");
}

/** @param {number} price of what is known @param {readonly string[]} unpriced the models of the rest */
function formatRunPrice(price, unpriced) {
  if (unpriced.length === 0) return formatPrice(price);
  return `at least ${formatPrice(price)} (for turns of ${unpriced.join(" and ")} the price is not known)`;
}

/** Describes all runs of a notebook together. @param {{ runs: number, read: number, written: number, price?: number, unpriced: number }} total */
export function formatTotal({ runs, read, written, price, unpriced }) {
  const words = [runs === 1 ? "1 run" : `${amount(runs)} runs`];
  words.push(`${amount(read)} tokens in, ${amount(written)} out`);
  if (price !== undefined) {
    const known = formatPrice(price);
    const part = `at least ${known} (for ${formatCount(unpriced, "run")} the price is not known, or not all of it)`;
    words.push(unpriced > 0 ? part : known);
  }
  return words.join(" · ");
}

/** @param {number} usd */
export function formatPrice(usd) {
  return usd < 0.01 ? `${(usd * 100).toPrecision(2)} ¢` : `$${usd.toFixed(2)}`;
}

/** @param {number} count @param {string} noun */
export function formatCount(count, noun) {
  return `${amount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {number} count */
function amount(count) {
  return count.toLocaleString("en");
}
