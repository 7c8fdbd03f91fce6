// crypto.randomUUID is there on secure pages only; a notebook may be served over plain HTTP.

/** 96 random bits in hexadecimal. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
