// Takes keys out of what a server answers, before Python or anybody else sees it: some servers echo the request.

const MARK = "[key]";
// A shorter one is a stand-in such as "ollama", which is no secret and stands in ordinary text.
const SHORTEST = 8;

/** How languages write a text into URLs, JSON and HTML; as _forms in runt_pyodide/llm/redaction.py. @type {readonly ((text: string) => string)[]} */
const WAYS = [
  (text) => text,
  encodeURIComponent,
  inURL,
  (text) => inURL(text).replace(/%../g, (code) => code.toLowerCase()),
  inJSON,
  (text) => inJSON(text).replaceAll("/", "\\/"),
  (text) => inJSON(text).replace(/[&<>]/g, (character) => `\\u00${hexOf(character)}`),
  (text) =>
    text
      .replaceAll("\\", "\\\\")
      .replace(/["&'+<>`]/g, (character) => `\\u00${hexOf(character).toUpperCase()}`),
  inHTML,
  (text) => inHTML(text).replaceAll("&#39;", "&#x27;"),
];

/** @param {string} text */
function inURL(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (it) => `%${hexOf(it).toUpperCase()}`);
}

/** @param {string} text */
function inJSON(text) {
  return JSON.stringify(text).slice(1, -1);
}

/** @param {string} text */
function inHTML(text) {
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (it) => names[/** @type {keyof typeof names} */ (it)]);
}

/** @param {string} character one of ASCII */
function hexOf(character) {
  return character.charCodeAt(0).toString(16).padStart(2, "0");
}

/** The forms in which text may hold a secret. @param {string} secret */
function formsOf(secret) {
  if (secret.length < SHORTEST) return [];
  return [...new Set(WAYS.map((write) => write(secret)))];
}

/** @param {readonly string[]} secrets the longest first, so that none is taken out of a longer one in part */
function allForms(secrets) {
  return secrets.flatMap(formsOf).sort((a, b) => b.length - a.length);
}

/** @param {string} text @param {readonly string[]} secrets */
export function redactText(text, secrets) {
  return allForms(secrets).reduce((shown, form) => shown.replaceAll(form, MARK), text);
}

/** Redacts bytes that come in pieces. What may be the beginning of a secret is kept back until more has come. */
export class Redaction {
  #forms;
  #mark = new TextEncoder().encode(MARK);
  #rest = new Uint8Array();

  /** @param {readonly string[]} secrets */
  constructor(secrets) {
    this.#forms = allForms(secrets).map((form) => new TextEncoder().encode(form));
  }

  /** @param {Uint8Array} piece @returns {Uint8Array} what can be shown by now */
  push(piece) {
    if (this.#forms.length === 0) return piece;
    const bytes = join([this.#rest, piece]);
    /** @type {Uint8Array[]} */
    const shown = [];
    let from = 0;
    for (const { at, length } of this.#secretsIn(bytes)) {
      shown.push(bytes.subarray(from, at), this.#mark);
      from = at + length;
    }
    const kept = this.#beginningAtEnd(bytes, from);
    shown.push(bytes.subarray(from, bytes.length - kept));
    this.#rest = bytes.slice(bytes.length - kept);
    return join(shown);
  }

  /** @returns {Uint8Array} what was kept back */
  end() {
    return this.#rest;
  }

  /** The secrets in the bytes, from the first on; each form is looked for once. @param {Uint8Array} bytes */
  *#secretsIn(bytes) {
    const next = this.#forms.map((form) => indexOf(bytes, form, 0));
    for (let from = 0; ;) {
      let first = -1;
      for (const [place, form] of this.#forms.entries()) {
        if (next[place] >= 0 && next[place] < from) next[place] = indexOf(bytes, form, from);
        if (next[place] >= 0 && (first < 0 || next[place] < next[first])) first = place;
      }
      if (first < 0) return;
      const found = { at: next[first], length: this.#forms[first].length };
      yield found;
      from = found.at + found.length;
    }
  }

  /** How many of the last bytes may be the beginning of a secret. @param {Uint8Array} bytes @param {number} from */
  #beginningAtEnd(bytes, from) {
    let most = 0;
    for (const form of this.#forms) {
      const longest = Math.min(form.length - 1, bytes.length - from);
      for (let size = longest; size > most; size--) {
        if (startsAt(bytes, bytes.length - size, form, size)) most = size;
      }
    }
    return most;
  }
}

/** @param {Uint8Array} bytes @param {Uint8Array} form @param {number} from */
function indexOf(bytes, form, from) {
  let at = bytes.indexOf(form[0], from);
  while (at >= 0) {
    if (at + form.length > bytes.length) return -1;
    if (startsAt(bytes, at, form, form.length)) return at;
    at = bytes.indexOf(form[0], at + 1);
  }
  return -1;
}

/** @param {Uint8Array} bytes @param {number} at @param {Uint8Array} form @param {number} size */
function startsAt(bytes, at, form, size) {
  for (let i = 0; i < size; i++) if (bytes[at + i] !== form[i]) return false;
  return true;
}

/** @param {Uint8Array[]} pieces */
function join(pieces) {
  const parts = pieces.filter(({ length }) => length > 0);
  if (parts.length === 1) return parts[0];
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
