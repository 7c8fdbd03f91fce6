// A runtime's session in the log: it is renewed while it lives, even when Python is busy, and ended once.

/** @import { Outbox } from "./outbox.js" */
/** @import { LogEvent } from "../types.d.ts" */

// A session counts as alive for 30 s after its last renewal: one may come late.
const RENEWAL_MS = 15_000;
const VALID_FOR_MS = 30_000;

export class SessionRecord {
  /** Empty while there is no session. */
  id = "";
  /** Whether its end is in the log. */
  #isEnded = false;
  #outbox;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #renewal;

  /** @param {Outbox} outbox */
  constructor(outbox) {
    this.#outbox = outbox;
  }

  /** @param {string} id of a session that Python has started */
  begin(id) {
    this.id = id;
    this.#isEnded = false;
    this.#renewal = setInterval(() => this.#renew(), RENEWAL_MS);
  }

  /** Stops renewing it. */
  pause() {
    clearInterval(this.#renewal);
  }

  /** Notes if Python or others end the session; returns whether this event does. @param {LogEvent} event */
  note({ name, args }) {
    const isEnd = name === "v1.RuntimeSessionTerminated" && args.sessionId === this.id;
    if (isEnd) this.#isEnded = true;
    return isEnd;
  }

  /** Writes its end, unless it is in the log already. @param {"shutdown" | "restart" | "error"} reason */
  end(reason) {
    this.pause();
    if (this.#isEnded || this.id === "") return;
    this.#isEnded = true;
    this.#write("v1.RuntimeSessionTerminated", { reason });
  }

  #renew() {
    // A store that refuses events is not sent more; nobody can use the session meanwhile anyway.
    if (this.#outbox.size > 0) return;
    const renewedAt = new Date().toISOString();
    this.#write("v1.RuntimeSessionRenewal", { renewedAt, validForMs: VALID_FOR_MS });
  }

  /** @param {string} name @param {LogEvent["args"]} args */
  #write(name, args) {
    this.#outbox.push([{ name, args: { sessionId: this.id, ...args } }]);
  }
}
