// What is sent to a server besides the key: headers, parameters of the query, and more of the body, as a person types
// them. Values that may be secret are kept with the keys, and shown as MASK.

/** @import { JsonObject } from "../../js/types.d.ts" */

/**
 * @typedef {Record<string, string>} Fields
 * @typedef {{ headers?: Fields, query?: Fields, extraBody?: JsonObject }} Extra
 * @typedef {{ headers: string, query: string, extraBody: string }} ExtraText
 */

/** Stands for a value that is kept, but not shown again. */
export const MASK = "••••••";

// As in llm/redaction.py and llm/access/fields.py: a test compares them.
const SECRET =
  /auth|bearer|cookie|credential|jwt|key|passw|pwd|secret|session|\bsig(nature)?\b|token/i;
const SECRET_IN_BODY =
  /(api_?key|authorization|password|secret|(access|auth|bearer|api|session)_?token)$/i;

/** @param {Extra} extra @returns {ExtraText} */
export function formatExtra({ headers, query, extraBody }) {
  const body = extraBody && mapSecrets(extraBody, () => MASK);
  return {
    headers: formatFields(headers, ": "),
    query: formatFields(query, "="),
    extraBody: body ? JSON.stringify(body, null, 2) : "",
  };
}

/**
 * What was typed; a MASK stands for the value that there was before.
 * @param {ExtraText} text
 * @param {Extra} before
 * @returns {Extra}
 */
export function parseExtra({ headers, query, extraBody }, before) {
  return {
    ...field("headers", parseFields(headers, "Headers", ":", before.headers)),
    ...field("query", parseFields(query, "Query", "=", before.query)),
    ...field("extraBody", parseBody(extraBody, before.extraBody)),
  };
}

// As in llm/redaction.py: all before the last @ of the host.
const CREDENTIALS = /^((?:[a-z][a-z0-9+.-]*:)?\/\/|)([^/\\?#]*)@/i;

/**
 * Takes out of an address what may be secret, since addresses are not kept with the keys: "user:password@" becomes a
 * header, unless there is a key, and a query with a key becomes parameters.
 * @param {string} baseUrl
 * @param {Extra} extra
 * @param {boolean} hasKey
 * @returns {{ baseUrl: string, extra: Extra }}
 */
export function partAddress(baseUrl, extra, hasKey) {
  const trimmed = baseUrl.trimStart();
  const [, before = "", credentials = ""] = CREDENTIALS.exec(trimmed) ?? [];
  const open = credentials ? trimmed.replace(CREDENTIALS, before) : baseUrl;
  const [address, query = ""] = open.split("#", 1)[0].split(/\?(.*)/s);
  const parameters = Object.fromEntries(new URLSearchParams(query));
  const isSecret = Object.keys(parameters).some((name) => SECRET.test(name));
  const headers = credentials && !hasKey ? basic(credentials) : {};
  const parted = { ...field("headers", headers), ...field("query", isSecret ? parameters : {}) };
  return { baseUrl: isSecret ? address : open, extra: joinExtra(parted, extra) };
}

/** Joins what was taken out of an address with what was given besides, which comes first. @param {Extra} parted @param {Extra} given @returns {Extra} */
export function joinExtra(parted, given) {
  return {
    ...given,
    ...field("headers", { ...parted.headers, ...given.headers }),
    ...field("query", { ...parted.query, ...given.query }),
  };
}

/** @param {string} credentials as they stand in an address @returns {Fields} */
function basic(credentials) {
  const bytes = new TextEncoder().encode(decoded(credentials));
  return { Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that stands for itself
  }
}

/** @param {string} name @param {object} value */
function field(name, value) {
  return Object.keys(value).length > 0 ? { [name]: value } : {};
}

/** @param {Fields | undefined} fields @param {string} separator */
function formatFields(fields, separator) {
  const lines = Object.entries(fields ?? {}).map(
    ([name, value]) => name + separator + (SECRET.test(name) ? MASK : value),
  );
  return lines.join("\n");
}

/**
 * @param {string} text
 * @param {string} label
 * @param {string} separator
 * @param {Fields} [before]
 * @returns {Fields}
 */
function parseFields(text, label, separator, before) {
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const fields = lines
    .filter(({ line }) => line)
    .map(({ line, number }) => {
      const at = line.indexOf(separator);
      const form = `name${separator === ":" ? ": " : separator}value`;
      if (at < 1) throw new Error(`${label}, line ${number}: write ${form}.`);
      const name = line.slice(0, at).trim();
      return [name, unmask(name, line.slice(at + 1).trim(), before?.[name])];
    });
  return Object.fromEntries(fields);
}

/** @param {string} text @param {JsonObject} [before] @returns {JsonObject} */
function parseBody(text, before) {
  if (!text.trim()) return {};
  const body = parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Error('Body: write a JSON object, such as { "top_k": 5 }.');
  }
  return mapSecrets(body, (name, value, old) => unmask(name, value, old), before);
}

/** @param {string} text */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("Body: this is not JSON. Names and texts stand in double quotes.");
  }
}

/** @param {string} name @param {string} value @param {unknown} before @returns {string} */
function unmask(name, value, before) {
  if (value !== MASK) return value;
  if (typeof before === "string") return before;
  throw new Error(`Enter the value of ${name} again: it was given for another base URL.`);
}

/**
 * The value with each secret text in it replaced.
 * @param {any} value
 * @param {(name: string, value: string, before: unknown) => string} change
 * @param {any} [before] the value as it was, whose texts are handed on
 * @param {string} [name]
 * @returns {any}
 */
function mapSecrets(value, change, before, name = "") {
  if (Array.isArray(value)) {
    return value.map((item, index) => mapSecrets(item, change, before?.[index], name));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        mapSecrets(item, change, before?.[key], key),
      ]),
    );
  }
  const isSecret = typeof value === "string" && SECRET_IN_BODY.test(name);
  return isSecret ? change(name, value, before) : value;
}
