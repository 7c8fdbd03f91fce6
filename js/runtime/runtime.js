// A running runtime, as the page sees it: its methods. Its life cycle is in lifecycle.js.

/** @import { AIConfig, AiModel, CompleteReply, Diagnosis, InspectReply } from "../types.d.ts" */
/** @import { Runtime, RuntimeOptions, TablePage, TableQuery, UndoReport } from "../types.d.ts" */

import { Lifecycle } from "./lifecycle.js";

/** @implements {Runtime} */
export class PageRuntime {
  #life;

  /** @param {Lifecycle} life */
  constructor(life) {
    this.#life = life;
  }

  /**
   * @param {RuntimeOptions} options checked
   * @returns {Promise<PageRuntime>}
   * @throws {RuntimeStartError}
   */
  static async start(options) {
    const life = new Lifecycle(options);
    await life.start();
    return new PageRuntime(life);
  }

  get sessionId() {
    return this.#life.sessionId;
  }

  get status() {
    return this.#life.state.status;
  }

  get reason() {
    return this.#life.state.reason;
  }

  /**
   * @param {string} [provider]
   * @returns {Promise<AiModel[]>}
   */
  models(provider) {
    return this.#life.call("models", { provider });
  }

  /**
   * @param {string} provider
   * @returns {Promise<Diagnosis>}
   */
  doctor(provider) {
    return this.#life.call("doctor", { provider });
  }

  /**
   * @param {AIConfig} config
   * @returns {Promise<void>}
   */
  configure(config) {
    return this.#life.configure(config);
  }

  /** @returns {Promise<void>} */
  interrupt() {
    return this.#life.interrupt();
  }

  /** @returns {Promise<void>} */
  restart() {
    return this.#life.restart();
  }

  /**
   * @param {string} cellId
   * @returns {Promise<string>}
   */
  continueRun(cellId) {
    return this.#life.call("continueRun", { cell_id: cellId });
  }

  /**
   * @param {string} runId
   * @returns {Promise<UndoReport>}
   */
  undo(runId) {
    return this.#life.call("undo", { run_id: runId });
  }

  /**
   * @param {string} cellId
   * @returns {Promise<string>}
   */
  explain(cellId) {
    return this.#life.call("explain", { cell_id: cellId });
  }

  /**
   * @param {string} runId
   * @returns {Promise<string>}
   */
  cassette(runId) {
    return this.#life.call("cassette", { run_id: runId });
  }

  /**
   * @param {string} code
   * @param {number} [cursor]
   * @returns {Promise<CompleteReply>}
   */
  async complete(code, cursor) {
    await this.#life.call("prepareCompletion");
    return this.#life.look("complete", { code, cursor });
  }

  /**
   * @param {string} code
   * @param {number} [cursor]
   * @returns {Promise<InspectReply>}
   */
  inspect(code, cursor) {
    return this.#life.look("inspect", { code, cursor });
  }

  /**
   * @param {string} id
   * @param {TableQuery} [query]
   * @returns {Promise<TablePage | undefined>}
   */
  async tableRows(id, query) {
    return (await this.#life.call("tableRows", { table_id: id, query })) ?? undefined;
  }

  /** @returns {Promise<void>} */
  stop() {
    return this.#life.stop();
  }
}
