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
 * @typedef {{ request?: ApprovalRequest, response?: ApprovalResponse }} Approval
 *
 * @typedef {object} ToolPolicy
 * @property {string} tool
 * @property {string} policy auto, ask, never or risky
 * @property {{ cellId?: string, runId?: string }} scope the whole notebook if it names neither
 * @property {string} setBy
 */

/** A call's first request and first response count; of a tool's policies, the last one. */
export class Approvals {
  /** @type {Map<string, Approval>} */
  byId = new Map();
  /** The tools that are always approved. @type {Set<string>} */
  tools = new Set();
  /** By tool and scope. @type {Map<string, ToolPolicy>} */
  policies = new Map();
  #touch;

  /** @param {(key: string) => void} touch told "approvals" and "policies" */
  constructor(touch) {
    this.#touch = touch;
  }

  /** @param {ApprovalRequest} args */
  request({ toolCallId, cellId, toolName, arguments: given, requestedAt }) {
    const request = { toolCallId, cellId, toolName, arguments: given, requestedAt };
    this.#note(toolCallId, { request });
  }

  /** @param {ApprovalResponse} args */
  respond({ toolCallId, status, approvedBy, respondedAt, reason }) {
    const response = { toolCallId, status, approvedBy, respondedAt, ...pickPresent({ reason }) };
    this.#note(toolCallId, { response });
  }

  /** @param {{ tool: string, policy: string, scope?: any, setBy: string }} args */
  setPolicy({ tool, policy, scope, setBy }) {
    const { cellId, runId } = scope ?? {};
    const key = JSON.stringify([tool, cellId ?? null, runId ?? null]);
    this.policies.set(key, { tool, policy, scope: pickPresent({ cellId, runId }), setBy });
    this.#touch("policies");
  }

  /** @param {string} toolCallId @param {Approval} part */
  #note(toolCallId, part) {
    const approval = { ...part, ...this.byId.get(toolCallId) };
    this.byId.set(toolCallId, approval);
    if (approval.request && approval.response?.status === "approved_always") {
      this.tools.add(approval.request.toolName);
    }
    this.#touch("approvals");
  }
}
