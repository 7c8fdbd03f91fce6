// The page's providers, with their keys and the models that they offer.

/** @import { AIConfig, AiModel, Diagnosis, JsonObject, TestConfig } from "../../js/types.d.ts" */
/** @import { Signal } from "@preact/signals" */
/** @import { Extra } from "./extra.js" */
/** @import { Storages } from "./keys.js" */
/** @import { AiSettings, Provider } from "./settings.js" */

import { computed, signal } from "@preact/signals";

import { joinExtra, partAddress } from "./extra.js";
import { Keys } from "./keys.js";
import { TEST } from "./kinds.js";
import { configOf, KEY as SETTINGS_KEY, loadSettings, saveSettings } from "./settings.js";
import { messageOf } from "../render/error.js";

/**
 * The methods of Python that are used here.
 * @typedef {object} Python
 * @property {(config: AIConfig) => Promise<void>} configure rejects if it refuses the configuration
 * @property {(provider: string) => Promise<AiModel[]>} models
 * @property {(provider: string) => Promise<Diagnosis>} doctor
 *
 * The models of a provider known so far, whether it is being asked for them, and why asking failed.
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
  /** The settings of the Test provider: its script or a cassette. @type {Signal<TestConfig | undefined>} */
  #test;

  /**
   * @param {Python} python
   * @param {Storages} storages
   * @param {TestConfig} [script] of the Test provider
   */
  constructor(python, storages, script) {
    this.#python = python;
    this.#storage = storages.browser;
    this.#script = script;
    this.#test = signal(script);
    this.settings = signal(loadSettings(storages.browser));
    this.keys = new Keys(storages);
    void this.#forgetRemoved(this.settings.value);
  }

  /** Takes over what another tab has changed. @param {EventTarget} events of the browser's storage */
  followTabs(events) {
    events.addEventListener("storage", (event) => {
      const { key } = /** @type {StorageEvent} */ (event);
      if (key !== null && key !== SETTINGS_KEY) return;
      const before = this.settings.value;
      this.settings.value = this.#latest;
      void this.#forgetRemoved(before)
        .then(() => this.#python.configure(this.config))
        .catch(() => {}); // it says so when it is asked
    });
  }

  /** The names of all providers, the Test provider first. */
  get names() {
    return [TEST, ...Object.keys(this.settings.value.providers)];
  }

  /** The configuration for Python. @returns {AIConfig} */
  get config() {
    return this.#configOf(this.settings.value, this.#test.value);
  }

  /** Whether there is a key for a provider with its present settings. @param {string} name */
  hasKey(name) {
    const provider = this.settings.value.providers[name];
    return provider !== undefined && this.keys.of(name, provider.baseUrl) !== "";
  }

  /** Whether a key was entered for a provider and is gone, since it was kept only until the page was left. @param {string} name */
  hasForgotten(name) {
    const isKeyed = this.settings.value.providers[name]?.keyed === true;
    return isKeyed && !this.hasKey(name) && !this.keys.isLocked.value;
  }

  /**
   * Adds or changes a provider. If Python refuses it, rejects and changes nothing.
   * @param {string} name
   * @param {Provider} provider
   * @param {string} key empty to keep the one for this base URL
   * @param {Extra} [extra] what else is sent; undefined to keep it
   */
  async save(name, provider, key, extra) {
    const { baseUrl, extra: parted } = partAddress(provider.baseUrl, {}, false);
    const { preferred, providers } = this.#latest;
    const before = providers[name];
    const wasKeyed = before?.baseUrl === baseUrl && before.keyed === true;
    const isKeyed = key !== "" || Object.keys(parted).length > 0 || wasKeyed;
    const changed = { ...provider, baseUrl, ...(isKeyed && { keyed: true }) };
    const next = { preferred, providers: { ...providers, [name]: changed } };
    const kept = this.keys.extraOf(name, baseUrl);
    const more = extra ?? kept;
    const given = {
      key: key || this.keys.of(name, baseUrl),
      extra: joinExtra(parted, more),
    };
    const override = (/** @type {string} */ one) => (one === name ? given : undefined);
    await this.#python.configure(this.#configOf(next, this.#test.value, override));
    if (key || JSON.stringify(given.extra) !== JSON.stringify(kept)) {
      await this.keys.set(name, baseUrl, given.key, given.extra);
    }
    this.#set(next);
    this.#setOffer(name, undefined);
  }

  /** Removes a provider and its key. @param {string} name */
  async remove(name) {
    if (this.keys.isLocked.value) {
      throw new Error(
        "Its key may be among those that are locked, and would stay. Unlock your keys first, or choose another place for them, which erases them.",
      );
    }
    const { preferred, providers } = this.#latest;
    const others = Object.fromEntries(Object.entries(providers).filter(([one]) => one !== name));
    if (this.#keeps(name)) await this.keys.set(name, "", "");
    this.#set({ preferred: preferred === name ? TEST : preferred, providers: others });
    this.#setOffer(name, undefined);
    await this.#python.configure(this.config);
  }

  /** Forgets a provider's key, and keeps its settings. @param {string} name */
  async forgetKey(name) {
    const { preferred, providers } = this.#latest;
    const provider = { ...providers[name] };
    delete provider.keyed;
    await this.keys.set(name, provider.baseUrl, "", this.keys.extraOf(name, provider.baseUrl));
    this.#set({ preferred, providers: { ...providers, [name]: provider } });
    this.#setOffer(name, undefined);
    await this.#python.configure(this.config);
  }

  /** @param {string} name */
  #keeps(name) {
    const { baseUrl } = this.settings.value.providers[name];
    return this.hasKey(name) || Object.keys(this.keys.extraOf(name, baseUrl)).length > 0;
  }

  /** Makes a provider the default. @param {string} name */
  async prefer(name) {
    this.#set({ ...this.#latest, preferred: name });
    await this.#python.configure(this.config);
  }

  /**
   * Makes the Test provider play an exported run until the page is reloaded. If the run cannot be played,
   * rejects and changes nothing.
   * @param {string | undefined} cassette as JSON; undefined goes back to its script
   */
  async play(cassette) {
    const test = cassette === undefined ? this.#script : { cassette: readCassette(cassette) };
    await this.#python.configure(this.#configOf(this.settings.value, test));
    this.#test.value = test;
    this.#setOffer(TEST, undefined);
  }

  /** Unlocks the vault and gives the keys to Python. @param {string} passphrase */
  async unlock(passphrase) {
    await this.keys.unlock(passphrase);
    await this.#forgetRemoved(this.settings.value);
    await this.#python.configure(this.config);
  }

  /** Checks a provider with its present settings. @param {string} name */
  check(name) {
    return this.#python.doctor(name);
  }

  /** Asks all providers for their models; the models known so far stay listed meanwhile. */
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
   * @param {TestConfig | undefined} test
   * @param {(name: string) => { key: string, extra: Extra } | undefined} [override] to use instead of what is kept
   */
  #configOf(settings, test, override = () => undefined) {
    const baseUrlOf = (/** @type {string} */ name) => settings.providers[name].baseUrl;
    const keyOf = (/** @type {string} */ name) =>
      override(name)?.key ?? this.keys.of(name, baseUrlOf(name));
    const extraOf = (/** @type {string} */ name) =>
      override(name)?.extra ?? this.keys.extraOf(name, baseUrlOf(name));
    return configOf(settings, keyOf, test, extraOf);
  }

  /**
   * Forgets what is kept here for providers that another tab has removed, also if it has added them again.
   * @param {AiSettings} before
   */
  async #forgetRemoved(before) {
    if (this.keys.isLocked.value) return;
    const { providers } = this.settings.value;
    const isRemoved = (/** @type {string} */ name) =>
      !providers[name] || (before.providers[name]?.keyed === true && !providers[name].keyed);
    for (const name of this.keys.names.filter(isRemoved)) await this.keys.set(name, "", "");
  }

  /** The settings as they are now: another tab may have changed them. */
  get #latest() {
    return this.#storage ? loadSettings(this.#storage) : this.settings.value;
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

/** The storages that this browser allows. @returns {Storages} */
export function browserStorages() {
  const open = (/** @type {() => Storage} */ get) => {
    try {
      return get();
    } catch {
      return undefined; // the browser forbids it
    }
  };
  return { tab: open(() => sessionStorage), browser: open(() => localStorage) };
}

/** @param {string} json @returns {JsonObject} */
function readCassette(json) {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error("The file is not a cassette: it is not JSON.");
  }
}
