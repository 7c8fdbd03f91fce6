// The first line of an AI or SQL cell in a file, which holds its settings; those that do not fit on it are under
// `runt` in the cell's metadata.

/** @import { AISettings } from "../../types-notebook.d.ts" */
/** @import { Cell } from "../state/cells.js" */

import { ASKING, SAMPLING, settingsOf } from "../state/cell-settings.js";
import { pickPresent } from "../state/fields.js";
import { readLine, readSqlLine, splitMagic, writeLine } from "./ai-line.js";
import { CARRIED } from "./carried.js";
import { isEqual, isObject } from "./exact-json.js";

/**
 * What a cell of a file is in our notebook, besides its id and place.
 * @typedef {Pick<Cell, "cellType" | "source" | "ai" | "sqlVariable" | "metadata">} Content
 */

/**
 * @param {string} source of a code cell
 * @param {Record<string, any>} runt what its metadata say of it
 * @param {{ choice: string, isPython: boolean }} notebook the choice of a model for cells that make none
 * @returns {Content}
 */
export function readMagic(source, runt, { choice, isPython }) {
  const metadata = ownMetadata(runt.metadata);
  const asked = splitMagic(source, "%%ai");
  const told = asked && readLine(asked.line);
  if (asked && told) return readAi(asked.below, told, metadata, runt.ai_settings, choice);
  const queried = isPython ? splitMagic(source, "%%sql") : undefined;
  const query = queried && readSqlLine(queried.line);
  const sqlVariable = typeof runt.sql_variable === "string" ? runt.sql_variable : undefined;
  if (queried && query) {
    const { first, name = sqlVariable } = query;
    const statements = first ? `${first}\n${queried.below}` : queried.below;
    return { cellType: "sql", source: statements, metadata, ...pickPresent({ sqlVariable: name }) };
  }
  return {
    cellType: "code",
    source,
    metadata,
    ...pickPresent({ ai: readAiSettings(runt.ai_settings), sqlVariable }),
  };
}

/** @param {unknown} metadata @returns {Map<string, any>} */
function ownMetadata(metadata) {
  const entries = Object.entries(isObject(metadata) ? metadata : {});
  return new Map(entries.filter(([key, value]) => key !== CARRIED && value !== null));
}

/**
 * @param {string} source
 * @param {import("./ai-line.js").AILine} told
 * @param {Map<string, any>} metadata
 * @param {unknown} besides
 * @param {string} choice
 * @returns {Content}
 */
function readAi(source, told, metadata, besides, choice) {
  const kept = readAiSettings(besides);
  const { model: word, temperature, maxTokens, systemPrompt } = told;
  const isChoice = word === choice && !kept;
  const { provider, model } =
    word && !isChoice ? splitModel(word) : (kept ?? { provider: "", model: "" });
  const settings = { ...kept?.settings, ...pickPresent({ temperature, maxTokens, systemPrompt }) };
  const hasOwn = provider || model || Object.keys(settings).length > 0;
  for (const [key, own] of Object.entries({
    [SAMPLING]: samplingOf(told),
    [ASKING]: askingOf(told),
  })) {
    const before = metadata.get(key);
    if (Object.keys(own).length > 0) metadata.set(key, { ...(isObject(before) && before), ...own });
  }
  return { cellType: "ai", source, metadata, ...(hasOwn && { ai: { provider, model, settings } }) };
}

/** @param {string} word */
function splitModel(word) {
  const [provider, ...model] = word.split("/");
  return model.length > 0 ? { provider, model: model.join("/") } : { provider: "", model: word };
}

/** @param {unknown} value of a file, which may hold anything */
function readAiSettings(value) {
  if (!isObject(value)) return undefined;
  const { provider, model, settings } = value;
  const { temperature, maxTokens, systemPrompt } = isObject(settings) ? settings : {};
  const number = (/** @type {unknown} */ one) =>
    Number.isFinite(one) ? /** @type {number} */ (one) : undefined;
  return {
    provider: typeof provider === "string" ? provider : "",
    model: typeof model === "string" ? model : "",
    settings: pickPresent({
      temperature: number(temperature),
      maxTokens: number(maxTokens),
      systemPrompt: typeof systemPrompt === "string" ? systemPrompt : undefined,
    }),
  };
}

/** @param {AISettings} settings */
function samplingOf({ topP, seed, stop, reasoningEffort, webSearch }) {
  return pickPresent({ topP, seed, stop, reasoningEffort, webSearch });
}

/** @param {AISettings} settings */
function askingOf({ tools, context, raw, format, answer }) {
  return pickPresent({ tools, context, raw, format, ...answer });
}

/**
 * @param {Cell} cell
 * @param {string} choice of a model for cells that make none
 * @returns {{ source: string, runt: Record<string, any> }} the source in a file, and what does not stand in it
 */
export function writeMagic(cell, choice) {
  const { cellType, source, ai, sqlVariable } = cell;
  const metadata = Object.fromEntries([...cell.metadata].filter(([key]) => key !== CARRIED));
  if (cellType === "ai") return writeAi(cell, choice, metadata);
  const isOnLine =
    cellType === "sql" &&
    sqlVariable !== undefined &&
    readSqlLine(`-> ${sqlVariable}`)?.name === sqlVariable;
  const line = isOnLine ? `%%sql -> ${sqlVariable}` : "%%sql";
  return {
    source: cellType === "sql" ? `${line}\n${source}` : source,
    runt: pickPresent({
      ai_settings: ai,
      sql_variable: isOnLine ? undefined : sqlVariable,
      metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
    }),
  };
}

/** @param {Cell} cell @param {string} choice @param {Record<string, any>} metadata */
function writeAi(cell, choice, { [SAMPLING]: sampling, [ASKING]: asking, ...metadata }) {
  const { source, ai } = cell;
  const word = ai && (ai.provider ? [ai.provider, ai.model].filter(Boolean).join("/") : ai.model);
  const settings = pickPresent({ ...settingsOf(cell), model: word || choice || undefined });
  const written = writeLine(settings);
  const told = readLine(written.slice("%%ai".length).trim());
  const line = told ? written : "%%ai";
  const { model, ...own } = told ?? {};
  const isChosen =
    !word ||
    (model === word &&
      model !== choice &&
      isEqual(splitModel(word), { provider: ai?.provider, model: ai?.model }));
  const left = Object.entries(ai?.settings ?? {}).filter(
    ([key, value]) => !isEqual(/** @type {any} */ (own)[key], value),
  );
  const others = {
    ...metadata,
    ...(sampling !== undefined && !isEqual(samplingOf(own), sampling) && { [SAMPLING]: sampling }),
    ...(asking !== undefined && !isEqual(askingOf(own), asking) && { [ASKING]: asking }),
  };
  return {
    source: `${line}\n${source}`,
    runt: pickPresent({
      ai_settings:
        ai && (!isChosen || left.length > 0)
          ? { ...ai, settings: Object.fromEntries(left) }
          : undefined,
      metadata: Object.keys(others).length > 0 ? others : undefined,
    }),
  };
}
