// The providers' keys, and where they are kept: in this object alone, unless the person chooses otherwise. A key is
// sent only to the server that it was entered for, and so is whatever else is sent there, which may be secret too.

/** @import { Extra } from "./extra.js" */
/** @import { Lock } from "./vault.js" */
/** @import { Signal } from "@preact/signals" */

import { signal } from "@preact/signals";

import { lockOf, newLock, seal, unseal } from "./vault.js";

/**
 * "page": until it is reloaded. "tab": until it is closed. "vault": in this browser, under a passphrase.
 * @typedef {"page" | "tab" | "vault"} Place
 * @typedef {{ key: string, baseUrl: string, extra?: Extra }} Kept
 * Where keys can be stored; a browser may forbid either.
 * @typedef {{ tab?: Storage, browser?: Storage }} Storages
 */

const IN_TAB = "runt-pyodide.keys";
const IN_VAULT = "runt-pyodide.vault";

export class Keys {
  /** @type {Signal<Place>} */
  place = signal("page");
  /** Whether there is a vault that has not been unlocked in this page. */
  isLocked = signal(false);
  /** @type {Signal<ReadonlyMap<string, Kept>>} */
  #kept = signal(new Map());
  #storages;
  /** @type {Lock | undefined} */
  #lock;

  /** @param {Storages} storages */
  constructor(storages) {
    this.#storages = storages;
    const inTab = storages.tab?.getItem(IN_TAB);
    if (inTab) {
      this.place.value = "tab";
      this.#kept.value = parse(inTab);
    } else if (this.#sealed) {
      this.place.value = "vault";
      this.isLocked.value = true;
    }
  }

  /** The names of the providers for which something is kept. */
  get names() {
    return [...this.#kept.value.keys()];
  }

  /** The key for a provider at this base URL; empty if there is none. @param {string} name @param {string} baseUrl */
  of(name, baseUrl) {
    const kept = this.#kept.value.get(name);
    return kept?.baseUrl === baseUrl ? kept.key : "";
  }

  /** What else is sent to a provider at this base URL. @param {string} name @param {string} baseUrl @returns {Extra} */
  extraOf(name, baseUrl) {
    const kept = this.#kept.value.get(name);
    return (kept?.baseUrl === baseUrl && kept.extra) || {};
  }

  /**
   * Keeps a key and what else is sent; if there is neither, forgets the provider.
   * @param {string} name
   * @param {string} baseUrl
   * @param {string} key
   * @param {Extra} [extra]
   */
  async set(name, baseUrl, key, extra = {}) {
    if (this.isLocked.value) throw new Error("Your keys are locked: unlock them first.");
    if (this.place.value === "vault") await this.#reopen(); // another tab may have added one
    const kept = new Map(this.#kept.value);
    const hasMore = Object.keys(extra).length > 0;
    if (key || hasMore) kept.set(name, { key, baseUrl, ...(hasMore && { extra }) });
    else kept.delete(name);
    this.#kept.value = kept;
    await this.#write();
  }

  /**
   * Moves the keys to another place, where they are kept from now on.
   * @param {Place} place
   * @param {string} [passphrase] of the vault
   */
  async moveTo(place, passphrase = "") {
    const { tab, browser } = this.#storages;
    if (!{ page: true, tab, vault: browser }[place]) {
      throw new Error("This browser does not allow the page to store anything.");
    }
    this.#lock = place === "vault" ? await newLock(passphrase) : undefined;
    this.place.value = place;
    this.isLocked.value = false;
    tab?.removeItem(IN_TAB);
    browser?.removeItem(IN_VAULT);
    await this.#write();
  }

  /** Unlocks the vault. Rejects if the passphrase is wrong. @param {string} passphrase */
  async unlock(passphrase) {
    const lock = await lockOf(this.#sealed, passphrase);
    this.#kept.value = parse(await unseal(lock, this.#sealed));
    this.#lock = lock;
    this.isLocked.value = false;
  }

  async #reopen() {
    if (this.#sealed && this.#lock)
      this.#kept.value = parse(await unseal(this.#lock, this.#sealed));
  }

  get #sealed() {
    return this.#storages.browser?.getItem(IN_VAULT) ?? "";
  }

  async #write() {
    const { tab, browser } = this.#storages;
    const text = JSON.stringify([...this.#kept.value]);
    if (this.place.value === "tab") tab?.setItem(IN_TAB, text);
    if (this.#lock) browser?.setItem(IN_VAULT, await seal(this.#lock, text));
  }
}

/** @param {string} text @returns {Map<string, Kept>} */
function parse(text) {
  try {
    return new Map(JSON.parse(text));
  } catch {
    return new Map();
  }
}
