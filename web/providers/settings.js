// The providers that are set up, and the one that answers if a notebook does not name any. The browser remembers
// these settings; keys, and what else may be secret, are not among them (keys.js).

/** @import { AIConfig, TestConfig } from "../../js/types.d.ts" */
/** @import { Extra } from "./extra.js" */

import { KINDS, TEST } from "./kinds.js";

/**
 * @typedef {object} Provider
 * @property {string} kind one of KINDS
 * @property {string} baseUrl empty: the kind's own
 * @property {string} model empty: the server's first
 * @property {boolean} [webSearch] whether the service searches the web, unless a cell says otherwise
 * @property {boolean} [vision] whether the models see images; undefined: as is known of them
 * @property {boolean} [tools] whether they are sent tools; undefined: as is known of them
 * @property {number} [timeout] in seconds without a byte from the server
 * @property {boolean} [keyed] whether a key was entered for it, which may be forgotten by now
 *
 * @typedef {object} AiSettings
 * @property {string} preferred the name of the provider that answers by default
 * @property {Record<string, Provider>} providers by name; the Test provider is not among them
 */

export const KEY = "runt-pyodide.ai";

/** @type {AiSettings} */
export const NO_SETTINGS = { preferred: TEST, providers: {} };

/** What was remembered; what cannot be read is left out. @param {Storage} [storage] @returns {AiSettings} */
export function loadSettings(storage) {
  try {
    const { preferred, providers } = JSON.parse(storage?.getItem(KEY) ?? "{}");
    const known = Object.entries(providers ?? {}).filter(([, one]) => isProvider(one));
    const names = [TEST, ...known.map(([name]) => name)];
    return {
      preferred: names.includes(preferred) ? preferred : TEST,
      providers: Object.fromEntries(known),
    };
  } catch {
    return NO_SETTINGS;
  }
}

/** @param {Storage | undefined} storage @param {AiSettings} settings */
export function saveSettings(storage, settings) {
  try {
    storage?.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Storage that is full: they hold in this page.
  }
}

/** @param {any} value */
function isProvider(value) {
  const { kind, baseUrl, model, webSearch, vision, tools, timeout, keyed } = value ?? {};
  return (
    Object.hasOwn(KINDS, kind) &&
    [baseUrl, model].every((one) => typeof one === "string") &&
    [webSearch, vision, tools, keyed].every(
      (one) => one === undefined || typeof one === "boolean",
    ) &&
    (timeout === undefined || typeof timeout === "number")
  );
}

/** A name for another provider of a kind. @param {AiSettings} settings @param {string} kind */
export function freeName({ providers }, kind) {
  const first = kind === "compatible" ? "server" : kind;
  for (let number = 1; ; number++) {
    const name = number === 1 ? first : `${first}-${number}`;
    if (!Object.hasOwn(providers, name) && name !== TEST) return name;
  }
}

/**
 * @param {AiSettings} settings
 * @param {(name: string) => string} keyOf empty if there is none
 * @param {TestConfig | undefined} test
 * @param {(name: string) => Extra} [extraOf]
 * @returns {AIConfig}
 */
export function configOf({ preferred, providers }, keyOf, test, extraOf = () => ({})) {
  const configured = Object.entries(providers).map(([name, provider]) => {
    const { kind, baseUrl, model, ...more } = provider;
    delete more.keyed; // for the page alone
    const apiKey = keyOf(name);
    const config = {
      type: KINDS[kind].type,
      ...(baseUrl && { baseUrl }),
      ...(model && { model }),
      ...(apiKey && { apiKey }),
      ...more,
      ...extraOf(name),
    };
    return [name, config];
  });
  return {
    defaultProvider: preferred,
    providers: { ...Object.fromEntries(configured), [TEST]: test ?? {} },
  };
}
