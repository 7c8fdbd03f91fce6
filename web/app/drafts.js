// Text that is being typed, and the source that it was made from. It is committed after a pause, when the editor loses
// the focus, or before a run.

const PAUSE_MS = 300;

export class Drafts {
  /** @type {Map<string, { source: string, base?: string, timer: ReturnType<typeof setTimeout> }>} */
  #drafts = new Map();
  #write;

  /** @param {(cellId: string, source: string, base?: string) => void} write */
  constructor(write) {
    this.#write = write;
  }

  /** @param {string} cellId @param {string} source @param {string} [base] if others may have changed it since */
  set(cellId, source, base = this.#drafts.get(cellId)?.base) {
    clearTimeout(this.#drafts.get(cellId)?.timer);
    const timer = setTimeout(() => this.flush(cellId), PAUSE_MS);
    this.#drafts.set(cellId, { source, base, timer });
  }

  /** @param {string} cellId */
  has(cellId) {
    return this.#drafts.has(cellId);
  }

  /** @param {string} cellId */
  flush(cellId) {
    const draft = this.#drafts.get(cellId);
    if (!draft) return;
    clearTimeout(draft.timer);
    this.#drafts.delete(cellId);
    this.#write(cellId, draft.source, draft.base);
  }

  flushAll() {
    for (const cellId of [...this.#drafts.keys()]) this.flush(cellId);
  }
}
