// A call that waits for a person, who allows it once, allows its tool from now on, or denies it.

/** @import { Always, ApprovalRequest } from "../../../js/types-approvals.d.ts" */

import { useEffect, useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { Popover } from "../parts/popover.jsx";

/** How far a tool can be allowed from now on. @type {readonly [always: Always, label: string][]} */
const SCOPES = [
  ["run", "In this run"],
  ["cell", "Whenever this cell runs"],
  ["notebook", "In this whole notebook"],
];

const OUTDATED = {
  changed:
    "The cell has changed since the model read it, so the call will not be made. The model is told the new text and can call again.",
  deleted:
    "The cell was deleted after the model read it, so the call will not be made. The model is told.",
};

/**
 * `words` describe what is asked for; `outdated` says what has become of the cell that the model made the call for, if
 * that is not as it was.
 * @param {{ request: ApprovalRequest, words: string, outdated?: "changed" | "deleted" }} props
 */
export function Approval({ request, words, outdated }) {
  const page = usePage();
  const { nb, session } = page;
  const call = {
    id: request.toolCallId,
    name: request.toolName,
    arguments: request.arguments,
  };
  useEffect(() => {
    page.announcement.value = `The model is asking for your approval: ${words}`;
  }, [call.id]);
  if (page.signals.approval(call.id)?.response) return null;
  return (
    <div
      class="approval"
      role="group"
      aria-label={`Approval: ${words}`}
      data-testid="approval"
      data-call-id={call.id}
    >
      <div class="approval-buttons">
        <button
          type="button"
          class="primary"
          data-testid="approve-once"
          onClick={() => nb.approve(call)}
        >
          {outdated ? "Tell the model" : "Allow once"}
        </button>
        {!outdated && (
          <AlwaysAllow name={call.name} onChoose={(always) => nb.approve(call, { always })} />
        )}
        <Denial onDeny={(reason) => nb.deny(call, reason)} />
      </div>
      {outdated && <p class="hint">{OUTDATED[outdated]}</p>}
      {!session.isUp && (
        <p class="hint">Python is not running. Your answer takes effect once it is.</p>
      )}
    </div>
  );
}

/** @param {{ name: string, onChoose: (always: Always) => void }} props */
function AlwaysAllow({ name, onChoose }) {
  const { dialogs } = usePage();
  return (
    <Popover
      label={`Let ${name} run without asking`}
      testId="approve-always"
      class=""
      shown="Always allow…"
      buttonLabel="Always allow…"
      role="dialog"
      boxClass="menu"
      onOpen={(box) => box.querySelector("button")?.focus()}
    >
      {(close) => (
        <>
          {SCOPES.map(([always, label]) => (
            <button
              key={label}
              type="button"
              data-testid={`always-${always}`}
              onClick={() => {
                close();
                onChoose(always);
              }}
            >
              {label}
            </button>
          ))}
          <button
            type="button"
            class="starts-group"
            data-testid="see-policies"
            onClick={() => {
              close();
              dialogs.open({ name: "policies" });
            }}
          >
            What models may do…
          </button>
        </>
      )}
    </Popover>
  );
}

/** @param {{ onDeny: (reason: string) => void }} props */
function Denial({ onDeny }) {
  const [reason, setReason] = useState("");
  return (
    <form
      class="deny"
      onSubmit={(event) => {
        event.preventDefault();
        onDeny(reason);
      }}
    >
      <input
        data-testid="deny-reason"
        aria-label="Reason for the model, if you deny"
        placeholder="Reason, if you deny"
        value={reason}
        onInput={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <button type="submit" data-testid="deny">
        Deny
      </button>
    </form>
  );
}
