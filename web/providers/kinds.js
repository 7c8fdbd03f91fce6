// The kinds of providers that the page offers, and what a person has to know about each.

import presets from "../../runt_pyodide/llm/openai/presets.json" with { type: "json" };
import services from "../../runt_pyodide/llm/services/services.json" with { type: "json" };

/**
 * @typedef {object} Kind
 * @property {string} title what people call it
 * @property {string} baseUrl its usual address
 * @property {string} [keyFrom] where to get a key: an address, or a sentence
 * @property {string} [note] what must be set up so that a page can reach the server
 * @property {string | null} [lists] null: it lists no models
 * @property {string} type the type of its provider in AIConfig
 */

/** @type {Record<string, Kind>} */
export const KINDS = {
  openai: kindOfPreset("openai", presets.openai),
  ollama: {
    type: "ollama",
    title: "Ollama",
    baseUrl: "http://localhost:11434",
    note: `To let this page use Ollama, start it with OLLAMA_ORIGINS=${globalThis.location?.origin ?? "*"}`,
  },
  ...kindsOf(services),
  ...kindsOf(presets, Object.keys(services)),
  compatible: {
    type: "openai",
    title: "Another OpenAI-compatible server",
    baseUrl: "",
    note: "The server must allow requests from other origins (CORS).",
  },
};

/** The kinds whose services can search the web. */
export const SEARCHING = ["openai", "openrouter", ...Object.keys(services)];

/** The one provider that is always there. */
export const TEST = "test";

/**
 * @param {Record<string, Preset>} described
 * @param {string[]} [but] what is described better elsewhere
 * @returns {Record<string, Kind>}
 */
function kindsOf(described, but = []) {
  const shown = Object.entries(described).filter(([name]) => !but.includes(name));
  return Object.fromEntries(shown.map(([name, preset]) => [name, kindOfPreset(name, preset)]));
}

/**
 * @typedef {object} Preset as in presets.json and services.json
 * @property {string} title
 * @property {string} base_url
 * @property {string} [key_from]
 * @property {string | null} [lists]
 * @property {string} cors
 * @property {string} cors_checked a year or a month; empty: never
 */

/** @param {string} type @param {Preset} preset @returns {Kind} */
function kindOfPreset(type, { title, base_url: baseUrl, key_from: keyFrom, ...preset }) {
  const note = preset.cors_checked ? `${preset.cors} (As of ${preset.cors_checked}.)` : preset.cors;
  return { type, title, baseUrl, keyFrom, note, lists: preset.lists };
}

/** What a provider is called on the page. @param {string} name @param {string} [kind] */
export function titleOf(name, kind = name) {
  if (name === TEST) return "Test provider";
  const title = KINDS[kind]?.title;
  return kind === name && title ? title : name;
}
