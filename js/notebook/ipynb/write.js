// Writes the notebook as a Jupyter notebook of format 4.5. An AI cell becomes a code cell that begins with
// `%%ai`, which runs in Jupyter with this project's wheel and is readable without it; an SQL cell becomes
// one that begins with `%%sql`. Whatever Jupyter has no field for goes under `runt` in the metadata.
// https://nbformat.readthedocs.io/en/latest/format_description.html

/** @import { Cell } from "../state/cells.js" */
/** @import { Notebook } from "../state/notebook.js" */
/** @import { Output } from "../state/output.js" */

import { callOf, recordOf, resultOf } from "../ai-record.js";
import { lastRunOf } from "../ai-run.js";
import { readFromFile } from "../person/from-file.js";

/** The magic that marks a cell of each type. */
export const MAGICS = { ai: "%%ai", sql: "%%sql" };

/** @param {Notebook} notebook @returns {any} as JSON */
export function writeIpynb(notebook) {
  const { metadata, cells, order } = notebook;
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "python3", display_name: "Python 3", language: "python" },
      language_info: { name: "python" },
      ...(metadata.get("title") && { title: metadata.get("title") }),
      runt: { metadata: { ...Object.fromEntries(metadata), ...heldSettings(notebook) } },
    },
    cells: order.flatMap((id) => {
      const cell = cells.get(id);
      return cell ? [writeCell(notebook, cell)] : [];
    }),
  };
}

/** @param {Notebook} notebook @param {Cell} cell */
function writeCell(notebook, cell) {
  const outputs = notebook.outputs.of(cell.id);
  const magic = MAGICS[/** @type {keyof typeof MAGICS} */ (cell.cellType)];
  const isCode = cell.cellType === "code" || magic !== undefined;
  return {
    cell_type: isCode ? "code" : cell.cellType,
    id: validId(cell.id),
    metadata: cellMetadata(withPrompt(notebook, cell), outputs),
    source: lines(magic ? `${magic}\n${cell.source}` : cell.source),
    ...(isCode && {
      execution_count: notebook.executions.countOf(cell.id) ?? countOf(outputs),
      outputs: outputs.map(writeOutput),
    }),
  };
}

/** What another file said to the model goes on with this one, used or not. @param {Notebook} notebook */
function heldSettings(notebook) {
  const { settings = {} } = readFromFile(notebook) ?? {};
  return Object.fromEntries(
    Object.entries(settings).filter(([key]) => !notebook.metadata.get(key)),
  );
}

/** The same of a cell. @param {Notebook} notebook @param {Cell} cell @returns {Cell} */
function withPrompt(notebook, cell) {
  const systemPrompt = readFromFile(notebook)?.prompts[cell.id];
  if (!cell.ai || systemPrompt === undefined) return cell;
  return { ...cell, ai: { ...cell.ai, settings: { systemPrompt, ...cell.ai.settings } } };
}

/** Jupyter's schema allows fewer characters than our vocabulary. @param {string} id */
function validId(id) {
  return id.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 64) || "cell";
}

/** @param {readonly Output[]} outputs */
function countOf(outputs) {
  return outputs.findLast(({ kind }) => kind === "result")?.executionCount ?? null;
}

/** @param {Cell} cell @param {readonly Output[]} outputs */
function cellMetadata(cell, outputs) {
  const { cellType, sourceVisible, outputVisible, aiContextVisible, ai, sqlVariable } = cell;
  const { metadata } = cell;
  const hidden = {
    ...(!sourceVisible && { source_hidden: true }),
    ...(!outputVisible && { outputs_hidden: true }),
  };
  const runt = {
    cell_type: cellType,
    ...(!aiContextVisible && { ai_context: false }),
    ...(ai && { ai_settings: ai }),
    ...(sqlVariable !== undefined && { sql_variable: sqlVariable }),
    ...(metadata.size > 0 && { metadata: Object.fromEntries(metadata) }),
    ...(cellType === "ai" && outputs.length > 0 && { run: runOf(cell, outputs) }),
  };
  return { ...(Object.keys(hidden).length > 0 && { jupyter: hidden }), runt };
}

/** A cell's last run, for people who read the file. @param {Cell} cell @param {readonly Output[]} outputs */
function runOf({ source: prompt }, outputs) {
  const { source, account, runId } = lastRunOf(outputs);
  const its = outputs.filter((output) => recordOf(output).run_id === runId);
  const results = new Map(its.map(resultOf).map((result) => [result?.tool_call_id, result]));
  return {
    prompt,
    answer: its
      .filter((output) => output.kind === "markdown" && !recordOf(output).thinking)
      .map(({ text }) => text)
      .join("\n\n"),
    calls: its.flatMap((output) => {
      const call = callOf(output);
      if (!call) return [];
      const { tool_call_id: id, tool_name: name, arguments: args } = call;
      const { status, result } = results.get(id) ?? {};
      return [{ name, arguments: args, state: recordOf(output).state, status, result }];
    }),
    provider: source?.ai_provider,
    model: source?.ai_model,
    ...account,
  };
}

/** @param {Output} output */
function writeOutput(output) {
  const { kind, error } = output;
  switch (kind) {
    case "terminal":
      return {
        output_type: "stream",
        name: output.streamName ?? "stdout",
        text: lines(output.text),
      };
    case "error": {
      const { ename = "", evalue = "", traceback } = error;
      const trace = Array.isArray(traceback) ? traceback.map(String) : [];
      return {
        output_type: "error",
        ename: String(ename),
        evalue: String(evalue),
        traceback: trace,
      };
    }
    case "markdown":
      return {
        output_type: "display_data",
        data: { "text/markdown": lines(output.text) },
        metadata: { ...output.metadata, runt: { kind } },
      };
    case "result":
      return {
        output_type: "execute_result",
        execution_count: output.executionCount ?? null,
        ...writeBundle(output),
      };
    case "display":
      return { output_type: "display_data", ...writeBundle(output) };
  }
}

/** @param {Output} output */
function writeBundle({ bundle, metadata }) {
  /** @type {Record<string, any>} */
  const data = {};
  /** @type {Record<string, string>} */
  const artifacts = {};
  for (const [type, representation] of Object.entries(bundle)) {
    if (representation.type === "artifact") artifacts[type] = String(representation.artifactId);
    else data[type] = isJson(type) ? representation.data : lines(asText(representation.data));
  }
  const runt = Object.keys(artifacts).length > 0 ? { runt: { artifacts } } : {};
  return { data, metadata: { ...metadata, ...runt } };
}

/** @param {string} type */
export function isJson(type) {
  return type === "application/json" || type.endsWith("+json");
}

/** @param {unknown} data */
function asText(data) {
  return typeof data === "string" ? data : JSON.stringify(data);
}

/** Text as a list of lines, as Jupyter writes it, so that files can be compared. @param {string} text */
function lines(text) {
  return text.split(/(?<=\n)/).filter(Boolean);
}
