// Takes keys out of what a server answers, before Python or anybody else sees it: some servers echo the request.

const MARK = "[key]";
// A shorter one is a stand-in such as "ollama", which is no secret and stands in ordinary text.
const SHORTEST = 8;

/** The forms in which text holds a secret: as it is, in a URL, in JSON. @param {string} secret */
function formsOf(secret) {
  if (secret.length < SHORTEST) return [];
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])];
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
    for (;;) {
      const found = this.#find(bytes, from);
      if (!found) break;
      shown.push(bytes.subarray(from, found.at), this.#mark);
      from = found.at + found.length;
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

  /** The first secret in the bytes. @param {Uint8Array} bytes @param {number} from */
  #find(bytes, from) {
    /** @type {{ at: number, length: number } | undefined} */
    let first;
    for (const form of this.#forms) {
      const at = indexOf(bytes, form, from);
      if (at >= 0 && (!first || at < first.at)) first = { at, length: form.length };
    }
    return first;
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
