// The page's AI: which providers there are, with their keys, and what models they offer.

/** @import { AIConfig, AiModel, Diagnosis, Json, ProviderConfig } from "../../js/types.d.ts" */
/** @import { Signal } from "@preact/signals" */
/** @import { Storages } from "./keys.js" */
/** @import { AiSettings, Provider } from "./settings.js" */

import { computed, signal } from "@preact/signals";

import { Keys } from "./keys.js";
import { TEST } from "./kinds.js";
import { configOf, loadSettings, saveSettings } from "./settings.js";
import { messageOf } from "../render/error.js";

/**
 * What Python is asked for.
 * @typedef {object} Python
 * @property {(config: AIConfig) => Promise<void>} configure rejects if it refuses the configuration
 * @property {(provider: string) => Promise<AiModel[]>} models
 * @property {(provider: string) => Promise<Diagnosis>} doctor
 *
 * What a provider offers: the models that are known, whether it is being asked, and why it did not say.
 * @typedef {{ models: readonly AiModel[], isAsked: boolean, problem: string }} Offer
 */

export class Ai {
  /** @type {Signal<AiSettings>} */
  settings;
  keys;
  /** By the provider's name. @type {Signal<ReadonlyMap<string, Offer>>} */
  offers = signal(new Map());
  /** Whether the Test provider plays a cassette instead of its script. */
  isPlaying = computed(() => this.#test.value !== this.#script);
  #python;
  #storage;
  #script;
  /** What the Test provider is to do. @type {Signal<ProviderConfig | undefined>} */
  #test;

  /**
   * @param {Python} python
   * @param {Storages} storages
   * @param {ProviderConfig} [script] of the Test provider
   */
  constructor(python, storages, script) {
    this.#python = python;
    this.#storage = storages.browser;
    this.#script = script;
    this.#test = signal(script);
    this.settings = signal(loadSettings(storages.browser));
    this.keys = new Keys(storages);
  }

  /** The names of all providers, the Test provider first. */
  get names() {
    return [TEST, ...Object.keys(this.settings.value.providers)];
  }

  /** What Python is to know. @returns {AIConfig} */
  get config() {
    return this.#configOf(this.settings.value, this.#test.value);
  }

  /** Whether there is a key for a provider as it is set. @param {string} name */
  hasKey(name) {
    const provider = this.settings.value.providers[name];
    return provider !== undefined && this.keys.of(name, provider.baseUrl) !== "";
  }

  /**
   * Adds a provider, or changes it. Rejects, and changes nothing, if Python refuses it.
   * @param {string} name
   * @param {Provider} provider
   * @param {string} key empty: the one there is for this base URL
   */
  async save(name, provider, key) {
    const { preferred, providers } = this.settings.value;
    const next = { preferred, providers: { ...providers, [name]: provider } };
    const given = key || this.keys.of(name, provider.baseUrl);
    const keyOf = (/** @type {string} */ one) => (one === name ? given : undefined);
    await this.#python.configure(this.#configOf(next, this.#test.value, keyOf));
    if (key) await this.keys.set(name, provider.baseUrl, key);
    this.#set(next);
    this.#setOffer(name, undefined);
  }

  /** Takes a provider away, and its key. @param {string} name */
  async remove(name) {
    const { preferred, providers } = this.settings.value;
    const others = Object.fromEntries(Object.entries(providers).filter(([one]) => one !== name));
    if (this.hasKey(name)) await this.keys.set(name, "", "");
    this.#set({ preferred: preferred === name ? TEST : preferred, providers: others });
    this.#setOffer(name, undefined);
    await this.#python.configure(this.config);
  }

  /** Lets a provider answer wherever nothing else is chosen. @param {string} name */
  async prefer(name) {
    this.#set({ ...this.settings.value, preferred: name });
    await this.#python.configure(this.config);
  }

  /**
   * Lets the Test provider play what a run's export holds, until the page is reloaded. Rejects, and
   * changes nothing, if it cannot be played.
   * @param {string | undefined} cassette as JSON; undefined: its script again
   */
  async play(cassette) {
    const test = cassette === undefined ? this.#script : { cassette: readCassette(cassette) };
    await this.#python.configure(this.#configOf(this.settings.value, test));
    this.#test.value = test;
    this.#setOffer(TEST, undefined);
  }

  /** Opens the vault, and tells Python the keys. @param {string} passphrase */
  async unlock(passphrase) {
    await this.keys.unlock(passphrase);
    await this.#python.configure(this.config);
  }

  /** Saves nothing: tries a provider as it is set. @param {string} name */
  check(name) {
    return this.#python.doctor(name);
  }

  /** Asks all providers what they offer; those that were asked before are shown meanwhile. */
  async askForModels() {
    await Promise.all(this.names.map((name) => this.#askForModelsOf(name)));
  }

  /** @param {string} name */
  async #askForModelsOf(name) {
    const { models = [], isAsked = false } = this.offers.value.get(name) ?? {};
    if (isAsked) return;
    this.#setOffer(name, { models, isAsked: true, problem: "" });
    try {
      this.#setOffer(name, {
        models: await this.#python.models(name),
        isAsked: false,
        problem: "",
      });
    } catch (error) {
      const problem = messageOf(error);
      this.#setOffer(name, { models, isAsked: false, problem });
    }
  }

  /**
   * @param {AiSettings} settings
   * @param {ProviderConfig | undefined} test
   * @param {(name: string) => string | undefined} [instead] other keys
   */
  #configOf(settings, test, instead = () => undefined) {
    const keyOf = (/** @type {string} */ name) =>
      instead(name) ?? this.keys.of(name, settings.providers[name].baseUrl);
    return configOf(settings, keyOf, test);
  }

  /** @param {AiSettings} settings */
  #set(settings) {
    this.settings.value = settings;
    saveSettings(this.#storage, settings);
  }

  /** @param {string} name @param {Offer | undefined} offer */
  #setOffer(name, offer) {
    const offers = new Map(this.offers.value);
    if (offer) offers.set(name, offer);
    else offers.delete(name);
    this.offers.value = offers;
  }
}

/** What this browser lets the page store in. @returns {Storages} */
export function browserStorages() {
  const open = (/** @type {() => Storage} */ get) => {
    try {
      return get();
    } catch {
      return undefined; // it is forbidden
    }
  };
  return { tab: open(() => sessionStorage), browser: open(() => localStorage) };
}

/** @param {string} json @returns {Json} */
function readCassette(json) {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error("The file is not a cassette: it is not JSON.");
  }
}
