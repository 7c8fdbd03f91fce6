// What a person allowed: answers to tool calls, and the policies of tools.

import { pickPresent } from "./fields.js";

/**
 * @typedef {object} ApprovalRequest
 * @property {string} toolCallId
 * @property {string} cellId
 * @property {string} toolName
 * @property {Record<string, any>} arguments
 * @property {string} requestedAt
 *
 * @typedef {object} ApprovalResponse
 * @property {string} toolCallId
 * @property {"approved_once" | "approved_always" | "denied"} status
 * @property {string} approvedBy
 * @property {string} respondedAt
 * @property {string} [reason]
 *
 * A call that waits for a person, or has its answer.
 * @typedef {{ request: ApprovalRequest, response?: ApprovalResponse }} Approval
 *
 * @typedef {object} ToolPolicy
 * @property {string} tool
 * @property {"auto" | "ask" | "never" | "risky"} policy
 * @property {{ cellId?: string, runId?: string }} scope the whole notebook if it names neither
 * @property {string} setBy
 */

/** Of a call the first request counts, and the first response after it; of a tool the last policy in each scope. */
export class Approvals {
  /** @type {Map<string, Approval>} */
  byId = new Map();
  /** By tool and scope. @type {Map<string, ToolPolicy>} */
  policies = new Map();
  #touch;

  /** @param {(key: string) => void} touch told "approvals" and "policies" */
  constructor(touch) {
    this.#touch = touch;
  }

  /** @param {ApprovalRequest} args */
  request({ toolCallId, cellId, toolName, arguments: given, requestedAt }) {
    if (this.byId.has(toolCallId)) return;
    const request = { toolCallId, cellId, toolName, arguments: given, requestedAt };
    this.byId.set(toolCallId, { request });
    this.#touch("approvals");
  }

  /**
   * Takes an answer. One that came before its request was to something that nobody had seen: it does not count.
   * @param {ApprovalResponse} args
   */
  respond({ toolCallId, status, approvedBy, respondedAt, reason }) {
    const { request, response: before } = this.byId.get(toolCallId) ?? {};
    if (!request || before) return;
    const response = { toolCallId, status, approvedBy, respondedAt, ...pickPresent({ reason }) };
    this.byId.set(toolCallId, { request, response });
    this.#touch("approvals");
    if (status !== "approved_always") return;
    this.setPolicy({ tool: request.toolName, policy: "auto", setBy: approvedBy });
  }

  /** @param {{ tool: string, policy: ToolPolicy["policy"], scope?: any, setBy: string }} args */
  setPolicy({ tool, policy, scope, setBy }) {
    const { cellId, runId } = scope ?? {};
    const key = JSON.stringify([tool, cellId ?? null, runId ?? null]);
    this.policies.set(key, { tool, policy, scope: pickPresent({ cellId, runId }), setBy });
    this.#touch("policies");
  }
}
