// Encrypts text with a passphrase: AES-GCM with a key derived by PBKDF2, both built into the browser. It protects
// against somebody who has the stored text but not the passphrase; an open page holds the keys anyway.

// OWASP's password storage cheat sheet: at least 600,000 for PBKDF2 with SHA-256.
const ROUNDS = 600_000;
const VERSION = 1;

/** The key, which cannot be extracted, and the salt that it was derived with. */
/** @typedef {{ key: CryptoKey, salt: Uint8Array<ArrayBuffer> }} Lock */

export class WrongPassphraseError extends Error {
  name = "WrongPassphraseError";
  constructor() {
    super("This passphrase does not open the vault.");
  }
}

/** Whether the browser can encrypt here: only on pages served over HTTPS or from this machine. */
export function canSeal() {
  return globalThis.crypto?.subtle !== undefined;
}

/** @param {string} passphrase @returns {Promise<Lock>} */
export async function newLock(passphrase) {
  return deriveLock(passphrase, crypto.getRandomValues(new Uint8Array(16)));
}

/** @param {Lock} lock @param {string} text @returns {Promise<string>} safe to store */
export async function seal({ key, salt }, text) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, encode(text));
  const [salted, started, sealed] = [salt, iv, new Uint8Array(data)].map(toBase64);
  return JSON.stringify({ version: VERSION, salt: salted, iv: started, data: sealed });
}

/** The lock for a sealed text. Only unsealing shows whether the passphrase was right. @param {string} sealed @param {string} passphrase @returns {Promise<Lock>} */
export async function lockOf(sealed, passphrase) {
  return deriveLock(passphrase, parse(sealed).salt);
}

/**
 * @param {Lock} lock
 * @param {string} sealed
 * @returns {Promise<string>} the text
 * @throws {WrongPassphraseError}
 */
export async function unseal({ key }, sealed) {
  const { iv, data } = parse(sealed);
  try {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
    return new TextDecoder().decode(text);
  } catch {
    throw new WrongPassphraseError();
  }
}

/** @param {string} passphrase @param {Uint8Array<ArrayBuffer>} salt @returns {Promise<Lock>} */
async function deriveLock(passphrase, salt) {
  // The same letters may come from another keyboard in other code points.
  const typed = encode(passphrase.normalize("NFKC"));
  const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const what = { name: "AES-GCM", length: 256 };
  return { key: await crypto.subtle.deriveKey(how, base, what, false, USES), salt };
}

/** @type {KeyUsage[]} */
const USES = ["encrypt", "decrypt"];

/** @param {string} sealed */
function parse(sealed) {
  let parts;
  try {
    parts = JSON.parse(sealed);
    if (parts.version !== VERSION) throw new Error("another version");
    return { salt: fromBase64(parts.salt), iv: fromBase64(parts.iv), data: fromBase64(parts.data) };
  } catch (cause) {
    throw new Error(
      "The vault of keys in this browser is damaged. To erase it, choose another place for your keys.",
      { cause },
    );
  }
}

/** @param {string} text */
function encode(text) {
  return new TextEncoder().encode(text);
}

/** @param {Uint8Array} bytes */
function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
