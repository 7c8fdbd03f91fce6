// The keys of a configuration, which stay out of Python. Python is given tokens in their place; a request that it makes
// with one gets the key in network.js, where no code of a cell can look, if it goes to the address that the key was
// given for.

/** @import { AIConfig } from "../../types.d.ts" */
/** @import { Home } from "./home.js" */

import { cleanKey, isSendable } from "./clean-key.js";
import { homeOf } from "./home.js";
import { redactText } from "./redaction.js";

/**
 * A secret that a token stands for. `home` is missing if nobody knows what address it was given for; `use` tells it from
 * others of the configuration.
 * @typedef {{ token: string, secret: string, home?: Home, use: string }} HeldKey
 */

// As Python's redaction.py has it: what names of headers and parameters say of their values.
const SECRET_NAME =
  /auth|bearer|cookie|credential|jwt|key|passw|pwd|secret|session|\bsig(?:nature)?\b|token/i;
const CREDENTIALS = /^(\s*(?:[a-z][a-z0-9+.-]*:)?\/\/|\s*)([^/\\?#]*)@/i;

/**
 * A configuration for Python, and what it leaves out. `secrets` are all texts that must not be seen.
 * @typedef {{ config: AIConfig | undefined, held: readonly HeldKey[], secrets: readonly string[] }} Hidden
 */

export class HeldKeys {
  /** @type {Hidden} */
  #used = { config: undefined, held: [], secrets: [] };
  /** The addresses of services that need none to be given, by the name of a type or preset. @type {Record<string, string>} */
  addresses = {};

  get held() {
    return this.#used.held;
  }

  get secrets() {
    return this.#used.secrets;
  }

  /** @param {string} text */
  redact(text) {
    return redactText(text, this.secrets);
  }

  /** @param {Hidden} hidden which holds from now on, and nothing else */
  use(hidden) {
    this.#used = hidden;
  }

  /** @param {AIConfig | undefined} config @returns {Hidden} with tokens for its secrets */
  hide(config) {
    if (!isObject(config) || !isObject(config.providers)) return { config, held: [], secrets: [] };
    const hiding = new Hiding(this.addresses, this.held);
    const providers = Object.entries(config.providers).map(([name, provider]) => [
      name,
      isObject(provider) ? hiding.hide(name, provider) : provider,
    ]);
    const { held, more } = hiding;
    const secrets = [...held.map(({ secret }) => secret), ...more];
    return { config: { ...config, providers: Object.fromEntries(providers) }, held, secrets };
  }
}

/** Hides the secrets of the providers of one configuration. */
class Hiding {
  /** @type {HeldKey[]} */
  held = [];
  /** What passwords look like in other places than where they are sent. @type {string[]} */
  more = [];
  #addresses;
  #before;

  /** @param {Record<string, string>} addresses @param {readonly HeldKey[]} before whose tokens stay the same */
  constructor(addresses, before) {
    this.#addresses = addresses;
    this.#before = before;
  }

  /** @param {string} name @param {any} provider in camelCase or snake_case @returns {any} */
  hide(name, provider) {
    const hidden = { ...provider };
    const keyName = ["apiKey", "api_key"].find((one) => typeof provider[one] === "string");
    const urlName = ["baseUrl", "base_url"].find((one) => typeof provider[one] === "string");
    const given = urlName ? provider[urlName] : "";
    const [, before = "", credentials = ""] = CREDENTIALS.exec(given) ?? [];
    const url = credentials ? before + given.replace(CREDENTIALS, "") : given;
    const hold = this.#holder(name, url, provider);
    if (keyName) hidden[keyName] = hideKey(provider[keyName], hold);
    if (urlName) hidden[urlName] = hideInQuery(url, hold);
    for (const fields of ["headers", "query"]) {
      if (isObject(provider[fields])) hidden[fields] = hideFields(provider[fields], fields, hold);
    }
    if (credentials && !keyName) {
      this.more.push(...passwordsOf(credentials));
      const authorization = hold("credentials", `Basic ${toBase64(decode(credentials))}`);
      hidden.headers = { Authorization: authorization, ...hidden.headers };
    }
    return hidden;
  }

  /** @param {string} name @param {string} url @param {any} provider @returns {Hold} */
  #holder(name, url, { preset, type = name }) {
    const address = url.trim() || this.#addresses[preset ?? type] || this.#addresses[name] || "";
    const home = address ? homeOf(address, type) : undefined;
    return (what, secret) => {
      const use = JSON.stringify([name, what, url]);
      const known = this.#before.find((one) => one.use === use && one.secret === secret);
      const token = known?.token ?? newToken();
      this.held.push({ token, secret, home, use });
      return token;
    };
  }
}

/** @typedef {(what: string, secret: string) => string} Hold keeps a secret, and returns its token */

/** @param {string} pasted @param {Hold} hold */
function hideKey(pasted, hold) {
  const key = cleanKey(pasted);
  if (isSendable(key)) return hold("key", key);
  // Python says which character cannot be sent, and needs no other for that.
  return key.replaceAll(/[!-~]/g, "x");
}

function newToken() {
  return `held-${[...crypto.getRandomValues(new Uint8Array(16))].map(toHex).join("")}`;
}

/** @param {Record<string, any>} values @param {string} what @param {Hold} hold */
function hideFields(values, what, hold) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isSecret = SECRET_NAME.test(name) && typeof value === "string" && value.trim() !== "";
      return [name, isSecret ? hold(`${what}.${name}`, value.trim()) : value];
    }),
  );
}

/** @param {string} url @param {Hold} hold */
function hideInQuery(url, hold) {
  const [base, query] = url.split(/\?(.*)/s);
  if (query === undefined) return url;
  const parts = query.split("&").map((part) => {
    const [name, value] = part.split(/=(.*)/s);
    if (!value || !SECRET_NAME.test(name)) return part;
    return `${name}=${hold(`url.${name}`, decode(value.replaceAll("+", " ")))}`;
  });
  return `${base}?${parts.join("&")}`;
}

/** @param {string} credentials */
function passwordsOf(credentials) {
  const [name, password] = credentials.split(/:(.*)/s);
  const secret = password || name;
  const plain = decode(credentials);
  return [credentials, plain, toBase64(plain), secret, decode(secret)];
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {string} text */
function toBase64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** @param {number} byte */
function toHex(byte) {
  return byte.toString(16).padStart(2, "0");
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
