// The sessions that runtimes have had on a notebook.

import { pickPresent } from "./fields.js";

/**
 * @typedef {"starting" | "ready" | "busy" | "restarting" | "terminated"} SessionStatus
 *
 * @typedef {object} Session
 * @property {string} id
 * @property {string} runtimeId
 * @property {string} runtimeType
 * @property {Capabilities} capabilities
 * @property {SessionStatus} status
 *
 * @typedef {object} Capabilities
 * @property {boolean} canExecuteCode
 * @property {boolean} canExecuteSql
 * @property {boolean} canExecuteAi
 * @property {any[]} [availableAiModels]
 */

/** How many runtimes a page has started on each store that have not ended. @type {WeakMap<object, number>} */
const attended = new WeakMap();

/**
 * Says that a runtime has been started on a store, long before its session begins.
 * @param {object} store
 * @returns {() => void} a function that says that it has ended
 */
export function attend(store) {
  const add = (/** @type {number} */ one) => attended.set(store, (attended.get(store) ?? 0) + one);
  add(1);
  let leave = () => void add(-1);
  return () => {
    leave();
    leave = () => {};
  };
}

/** @param {object} store */
export function isAttended(store) {
  return (attended.get(store) ?? 0) > 0;
}

/** A session starts once and ends once. */
export class Sessions {
  /** @type {Map<string, Session>} */
  byId = new Map();
  #touch;

  /** @param {(key: string) => void} touch told "sessions" */
  constructor(touch) {
    this.#touch = touch;
  }

  get active() {
    return [...this.byId.values()].filter(({ status }) => status !== "terminated");
  }

  /**
   * @param {object} args
   * @param {string} args.sessionId
   * @param {string} args.runtimeId
   * @param {string} args.runtimeType
   * @param {Capabilities} args.capabilities
   */
  start({ sessionId: id, runtimeId, runtimeType, capabilities }) {
    if (this.byId.has(id)) return;
    const { canExecuteCode, canExecuteSql, canExecuteAi, availableAiModels } = capabilities;
    const can = { canExecuteCode, canExecuteSql, canExecuteAi };
    this.byId.set(id, {
      ...{ id, runtimeId, runtimeType, status: "starting" },
      capabilities: { ...can, ...pickPresent({ availableAiModels }) },
    });
    this.#touch("sessions");
  }

  /** @param {string} id @param {SessionStatus} status */
  setStatus(id, status) {
    const session = this.byId.get(id);
    if (!session || session.status === "terminated") return;
    session.status = status;
    this.#touch("sessions");
  }
}
