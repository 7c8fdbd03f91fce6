// A runtime's session in the log: it is renewed while it lives, even when Python is busy, and ended once.

/** @import { Outbox } from "./outbox.js" */
/** @import { LogEvent } from "../types.d.ts" */

// A session counts as alive for 30 s after its last renewal: one may come late.
const RENEWAL_MS = 15_000;
const VALID_FOR_MS = 30_000;

export class SessionRecord {
  /** Empty while there is no session. */
  id = "";
  /** The session whose beginning is in the log, and its end is not. */
  #open = "";
  #outbox;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #renewal;

  /** @param {Outbox} outbox */
  constructor(outbox) {
    this.#outbox = outbox;
  }

  /** Notes that the log is told of a session, even if Python should never answer that it began. @param {string} id */
  announce(id) {
    this.#open = id;
  }

  /** @param {string} id of a session that Python has started */
  begin(id) {
    this.id = id;
    this.#renewal = setInterval(() => this.#renew(), RENEWAL_MS);
  }

  /** Stops renewing it. */
  pause() {
    clearInterval(this.#renewal);
  }

  /** Notes if Python or others end the session; returns whether this event does. @param {LogEvent} event */
  note({ name, args }) {
    const isEnd = name === "v1.RuntimeSessionTerminated" && args.sessionId === this.#open;
    if (isEnd) this.#open = "";
    return isEnd;
  }

  /** Writes its end, unless it is in the log already. @param {"shutdown" | "restart" | "error"} reason */
  end(reason) {
    this.pause();
    if (this.#open !== "") this.#write("v1.RuntimeSessionTerminated", this.#open, { reason });
    this.#open = this.id = "";
  }

  #renew() {
    // A store that refuses events is not sent more; nobody can use the session meanwhile anyway.
    if (this.#outbox.size > 0) return;
    const renewedAt = new Date().toISOString();
    this.#write("v1.RuntimeSessionRenewal", this.id, { renewedAt, validForMs: VALID_FOR_MS });
  }

  /** @param {string} name @param {string} sessionId @param {LogEvent["args"]} args */
  #write(name, sessionId, args) {
    this.#outbox.push([{ name, args: { sessionId, ...args } }]);
  }
}
