// Reports the progress of a boot: its stage, and how many bytes have been fetched.

/** @import { BootProgress } from "../../types.d.ts" */

export class BootProgressReport {
  #tell;
  #observer;
  #bytes = 0;
  /** @type {BootProgress | undefined} */
  #step;

  /** @param {(progress: BootProgress) => void} tell */
  constructor(tell) {
    this.#tell = tell;
    // Resources are reported when they are complete, cached ones too. Counting bytes as they arrive would need
    // responses of our own making, and browsers do not cache the compiled WebAssembly of those.
    this.#observer = new PerformanceObserver((list) => this.#count(list.getEntries()));
    this.#observer.observe({ type: "resource" });
  }

  /** @param {BootProgress["stage"]} stage @param {string} message @param {number} fraction */
  begin(stage, message, fraction) {
    this.#count(this.#observer.takeRecords());
    this.#step = { stage, message, fraction };
    this.#report();
  }

  end() {
    this.#step = undefined;
    this.#observer.disconnect();
  }

  /** @param {PerformanceEntryList} entries */
  #count(entries) {
    if (entries.length === 0) return;
    for (const entry of entries) {
      // 0 if another origin does not send Timing-Allow-Origin.
      this.#bytes += /** @type {PerformanceResourceTiming} */ (entry).encodedBodySize;
    }
    this.#report();
  }

  #report() {
    if (!this.#step) return;
    this.#tell(this.#bytes > 0 ? { ...this.#step, bytes: this.#bytes } : this.#step);
  }
}
