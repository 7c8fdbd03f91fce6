// What a file of the notebook holds. What was there before stays a Blob, of which no more is read than Python asks for;
// what Python writes at the end is in memory until it is told. So a file of a gigabyte takes no more than a window of it.

/** How much is read at once. */
const WINDOW = 1 << 20;
/** How much of what is written at the end is held in memory. */
const MOST_HELD = 16 << 20;
const NOTHING = new Uint8Array(0);

/** Reads a Blob at once: a FileReaderSync, which only workers have. @typedef {(blob: Blob) => ArrayBuffer} ReadBlob */

export class FileContent {
  #read;
  #head;
  #tail = NOTHING;
  #tailSize = 0;
  #window = { start: 0, bytes: NOTHING };
  /** Whether it has been changed in its middle: then all of it is held while it is written. */
  #isHeld = false;

  /** @param {ReadBlob} read throws if the Blob cannot be read any more @param {Blob} [blob] */
  constructor(read, blob = new Blob()) {
    this.#read = read;
    this.#head = blob;
  }

  get size() {
    return this.#head.size + this.#tailSize;
  }

  /**
   * Copies bytes into a target, as many as there are up to its length.
   * @param {Uint8Array} target
   * @param {number} position
   * @returns {number} how many
   */
  read(target, position) {
    const length = Math.max(0, Math.min(target.length, this.size - position));
    const inHead = Math.min(length, Math.max(0, this.#head.size - position));
    for (let done = 0; done < inHead;) {
      const piece = this.#windowAt(position + done, inHead - done);
      target.set(piece, done);
      done += piece.length;
    }
    const from = position + inHead - this.#head.size;
    target.set(this.#tail.subarray(from, from + length - inHead), inHead);
    return length;
  }

  /** @param {Uint8Array} bytes @param {number} position may be behind the end: zeros stand between */
  write(bytes, position) {
    if (position < this.#head.size) this.#holdAll();
    const start = position - this.#head.size;
    const end = start + bytes.length;
    if (end > this.#tail.length) this.#grow(end);
    this.#tail.set(bytes, start);
    this.#tailSize = Math.max(this.#tailSize, end);
    if (this.#tailSize > MOST_HELD && !this.#isHeld) this.toBlob();
  }

  /** @param {number} size */
  resize(size) {
    if (size < this.#head.size) {
      this.#head = this.#head.slice(0, size);
      this.#tail = NOTHING;
      this.#tailSize = 0;
    } else {
      const kept = size - this.#head.size;
      if (kept > this.#tail.length) this.#grow(kept);
      this.#tail.fill(0, Math.min(kept, this.#tailSize));
      this.#tailSize = kept;
    }
    this.#window = { start: 0, bytes: NOTHING };
  }

  /** Returns all of it as a Blob, and holds nothing of it in memory any more. */
  toBlob() {
    if (this.#tailSize > 0) {
      const written = /** @type {Uint8Array<ArrayBuffer>} */ (
        this.#tail.subarray(0, this.#tailSize)
      );
      this.#head = new Blob([this.#head, written]);
      this.#tail = NOTHING;
      this.#tailSize = 0;
    }
    return this.#head;
  }

  /** Returns bytes of the head from a position on, at most `most` of them. @param {number} position @param {number} most */
  #windowAt(position, most) {
    const { start, bytes } = this.#window;
    const at = position - start;
    if (at >= 0 && at < bytes.length) return bytes.subarray(at, at + most);
    const end = Math.min(this.#head.size, position + Math.max(WINDOW, Math.min(most, 8 * WINDOW)));
    const read = new Uint8Array(this.#read(this.#head.slice(position, end)));
    this.#window = { start: position, bytes: read.length <= WINDOW ? read : NOTHING };
    return read.subarray(0, most);
  }

  /** Takes the whole head into memory, to change it. */
  #holdAll() {
    this.#isHeld = true;
    const all = new Uint8Array(this.size);
    this.read(all, 0);
    this.#head = new Blob();
    this.#tail = all;
    this.#tailSize = all.length;
    this.#window = { start: 0, bytes: NOTHING };
  }

  /** @param {number} least */
  #grow(least) {
    const room = this.#tail.length < WINDOW ? 2 : 1.25;
    const grown = new Uint8Array(Math.max(least, Math.ceil(this.#tail.length * room), 256));
    grown.set(this.#tail.subarray(0, this.#tailSize));
    this.#tail = grown;
  }
}
