// A Blob whose bytes can be read at once, as a worker's FileReaderSync reads them: Node has none.

export class HeldBlob {
  /** @param {(Uint8Array | HeldBlob)[]} [parts] */
  constructor(parts = []) {
    /** @type {Uint8Array[]} */
    const pieces = parts.map((part) => (part instanceof HeldBlob ? part.bytes : part));
    /** @type {Uint8Array} */
    this.bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      this.bytes.set(piece, at);
      at += piece.length;
    }
  }

  get size() {
    return this.bytes.length;
  }

  /** @param {number} start @param {number} end */
  slice(start, end) {
    return new HeldBlob([this.bytes.slice(start, end)]);
  }
}

/** How much was read, for tests of what is not read. */
export const reading = { bytes: 0 };

/** @param {any} blob */
export function readHeld(blob) {
  reading.bytes += blob.size;
  return blob.bytes.slice().buffer;
}

/** Makes it the Blob of this process. */
export function useHeldBlobs() {
  globalThis.Blob = /** @type {any} */ (HeldBlob);
}
