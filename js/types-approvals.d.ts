// The types of approvals: the calls that wait for a person, their answers, and the policies of tools.

import type { CellRef } from "./types-notebook.d.ts";
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

/** Who is asked: a provider's name, and one of its models; either may be empty. */
export interface FromFileChoice {
  readonly provider: string;
  readonly model: string;
}

/**
 * What a file says to the model, and whom it asks. Settings and prompts take effect once somebody uses them. Choices are
 * the cells' own already, but a run that they would send to another provider than the default one fails until then.
 */
export interface FromFile {
  /** The notebook's prompt for all AI cells (`user_saved_prompt`), and the limit of turns (`max_ai_iterations`). */
  readonly settings: { readonly [key: string]: string };
  /** The system prompts of single cells, by their ids. */
  readonly prompts: { readonly [cellId: string]: string };
  /** The choices of single cells, by their ids. */
  readonly choices: { readonly [cellId: string]: FromFileChoice };
  /** That for cells that make none. */
  readonly choice: FromFileChoice;
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
  /** What an imported file says to the model, and whom it asks, if it says anything of that. */
  readonly fromFile: FromFile | undefined;
  /**
   * The names of the providers that the file chose for these cells, as long as nobody has decided: a run that would ask
   * one of them fails, unless it is the default.
   */
  undecidedProviders(...cells: readonly CellRef[]): readonly string[];
  /** Uses it, or leaves it out, so that the default provider is asked; either can be taken back by the other. */
  useFromFile(isUsed: boolean): void;
  /** Sets the policy of a tool, and so takes back one that was set before. */
  setPolicy(tool: string, policy: ToolPolicy, scope?: PolicyScope): void;
}
