// The types of approvals: the calls that wait for a person, their answers, and the policies of tools.

import type { JsonObject } from "./types.d.ts";

/**
 * A call of a tool, or its id. Give the call as it was shown to the person: if another one asks for approval under
 * this id, the answer is refused.
 */
export type CallRef =
  | string
  | { readonly id: string; readonly name?: string; readonly arguments?: JsonObject | string };

export interface Approval {
  readonly request: ApprovalRequest;
  readonly response?: {
    readonly status: "approved_once" | "approved_always" | "denied";
    readonly reason?: string | null;
  };
}

/** A call that waits for a person. */
export interface ApprovalRequest {
  readonly toolCallId: string;
  readonly cellId: string;
  readonly toolName: string;
  readonly arguments: JsonObject;
  readonly requestedAt: string;
}

/** Whether calls of a tool run at once, after a person has allowed each, or never. */
export type ToolPolicy = "auto" | "ask" | "never";

/** Where a policy holds: in one run, in all runs of a cell, or in the whole notebook if it names neither. */
export interface PolicyScope {
  readonly cellId?: string;
  readonly runId?: string;
}

/** A policy that somebody has set. */
export interface SetPolicy {
  readonly tool: string;
  readonly policy: ToolPolicy | "risky";
  readonly scope: PolicyScope;
  readonly setBy: string;
}

/** Where calls of the same tool need no approval from now on; true is the whole notebook. */
export type Always = boolean | "run" | "cell" | "notebook";

/** What a file says to the model; nothing of it takes effect until somebody uses it. */
export interface FromFile {
  /** The notebook's prompt for all AI cells (`user_saved_prompt`), and the limit of turns (`max_ai_iterations`). */
  readonly settings: { readonly [key: string]: string };
  /** The system prompts of single cells, by their ids. */
  readonly prompts: { readonly [cellId: string]: string };
  /** null until a person has decided. */
  readonly isUsed: boolean | null;
}

/** What a notebook knows of approvals. */
export interface Approvals {
  /** The calls that wait for a person, in the order in which they arrived. */
  readonly openApprovals: readonly ApprovalRequest[];
  /** The names of the tools whose calls have asked a person, each once. */
  readonly askedTools: readonly string[];
  /** The last policy of each tool in each scope. That of a run precedes that of its cell, and this the notebook's. */
  readonly policies: readonly SetPolicy[];
  /** The approval request of a call, with the answer if there is one. */
  approval(call: CallRef): Approval | undefined;
  /**
   * Allows a call; with `always`, also other calls of the tool from now on, in the run, the cell or the notebook.
   * @throws if nothing asks for this call's approval, or something else does under its id
   */
  approve(call: CallRef, options?: { always?: Always }): void;
  /** Denies a call; the model is told the reason. @throws as `approve` does */
  deny(call: CallRef, reason?: string): void;
  /** What an imported file says to the model, if it says anything. */
  readonly fromFile: FromFile | undefined;
  /** Uses it, or leaves it out; either can be taken back by the other. */
  useFromFile(isUsed: boolean): void;
  /** Sets the policy of a tool, and so takes back one that was set before. */
  setPolicy(tool: string, policy: ToolPolicy, scope?: PolicyScope): void;
}
