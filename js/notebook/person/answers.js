// What a person says to a model's calls: the answers to those that wait for them, the policies of tools, and whether
// what a file says to the model is used.

/** @import { JsonObject } from "../../types.d.ts" */
/** @import { CellRef } from "../../types-notebook.d.ts" */
/** @import { Always, CallRef, PolicyScope, ToolPolicy } from "../../types-approvals.d.ts" */
/** @import { Event, FoldedStore } from "../folded-store.js" */
/** @import { ApprovalRequest } from "../state/approvals.js" */

import { idOf } from "../cell-events.js";
import { canonicalJson } from "../clean-json.js";
import { decide, readFromFile, undecidedProviders } from "./from-file.js";

export class Answers {
  author;
  #log;

  /** @param {FoldedStore} log @param {string} author */
  constructor(log, author) {
    this.author = author;
    this.#log = log;
  }

  /** @param {CallRef} call */
  approval(call) {
    return this.#approvals.get(idOf(call));
  }

  get openApprovals() {
    const running = new Set(this.#log.fold.executions.open.map(({ cellId }) => cellId));
    return [...this.#approvals.values()].flatMap(({ request, response }) =>
      !response && running.has(request.cellId) ? [request] : [],
    );
  }

  get policies() {
    return this.#log.fold.policies;
  }

  get askedTools() {
    return [...new Set([...this.#approvals.values()].map(({ request }) => request.toolName))];
  }

  get fromFile() {
    return readFromFile(this.#log.fold);
  }

  /** @param {...CellRef} cells */
  undecidedProviders(...cells) {
    return undecidedProviders(this.#log.fold, cells.map(idOf));
  }

  /** @param {boolean} isUsed */
  useFromFile(isUsed) {
    const held = this.fromFile;
    if (held) this.#log.write(...decide(this.#log.fold, held, isUsed));
  }

  /** @param {CallRef} call @param {{ always?: Always }} [options] */
  approve(call, { always = false } = {}) {
    const request = this.#find(call);
    if (always === "run" || always === "cell") {
      const policy = this.#policyEvent(request.toolName, "auto", this.#scopeOf(request, always));
      this.#answer(request, { status: "approved_once" }, policy);
    } else this.#answer(request, { status: always ? "approved_always" : "approved_once" });
  }

  /** @param {CallRef} call @param {string} [reason] */
  deny(call, reason = "") {
    const said = reason.trim();
    this.#answer(this.#find(call), { status: "denied", ...(said && { reason: said }) });
  }

  /** @param {string} tool @param {ToolPolicy} policy @param {PolicyScope} [scope] */
  setPolicy(tool, policy, scope = {}) {
    this.#log.commit(this.#policyEvent(tool, policy, scope));
  }

  get #approvals() {
    return this.#log.fold.approvals;
  }

  /**
   * Returns what asks for this call. Of a call that is given whole, a person was shown the name and arguments: they must
   * be those that are asked for.
   * @param {CallRef} call
   */
  #find(call) {
    const request = this.approval(call)?.request;
    if (!request) throw new Error(`no call ${JSON.stringify(idOf(call))} asks for approval`);
    const { name = request.toolName, arguments: args = request.arguments } =
      typeof call === "string" ? {} : call;
    if (name !== request.toolName || canonicalJson(args) !== canonicalJson(request.arguments)) {
      throw new Error("the call that was shown is not the one that asks for approval");
    }
    return request;
  }

  /** Answers a request, unless it has an answer. @param {ApprovalRequest} request @param {JsonObject} answer @param {Event[]} before */
  #answer({ toolCallId }, answer, ...before) {
    if (this.approval(toolCallId)?.response) return;
    const by = { approvedBy: this.author, respondedAt: new Date().toISOString() };
    this.#log.commit(...before, ["v1.ToolApprovalResponded", { toolCallId, ...answer, ...by }]);
  }

  /** @param {ApprovalRequest} request @param {"run" | "cell"} always @returns {PolicyScope} */
  #scopeOf({ cellId }, always) {
    const run = this.#log.fold.executions.of(cellId);
    return always === "run" && run ? { cellId, runId: run.queueId } : { cellId };
  }

  /** @param {string} tool @param {ToolPolicy} policy @param {PolicyScope} scope @returns {Event} */
  #policyEvent(tool, policy, scope) {
    return ["v1.ToolPolicySet", { tool, policy, scope: { ...scope }, setBy: this.author }];
  }
}
