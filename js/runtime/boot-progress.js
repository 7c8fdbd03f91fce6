// Reports how far a boot is: its stage, and how many bytes have been fetched.

/** @import { BootProgress } from "../types.d.ts" */

export class BootProgressReport {
  #tell;
  #observer;
  #bytes = 0;
  /** @type {BootProgress | undefined} */
  #step;

  /** @param {(progress: BootProgress) => void} tell */
  constructor(tell) {
    this.#tell = tell;
    // Resources are reported once they are complete, also those from a cache. Counting bytes as they arrive would
    // take responses of our own making, whose WebAssembly browsers compile again each time.
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
      // 0 for another origin that does not say Timing-Allow-Origin.
      this.#bytes += /** @type {PerformanceResourceTiming} */ (entry).encodedBodySize;
    }
    this.#report();
  }

  #report() {
    if (!this.#step) return;
    this.#tell(this.#bytes > 0 ? { ...this.#step, bytes: this.#bytes } : this.#step);
  }
}
