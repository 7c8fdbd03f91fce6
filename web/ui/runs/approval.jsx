// A call that waits for a person, who allows it once, allows it always, or denies it.

import { useEffect, useState } from "preact/hooks";

import { usePage } from "../../app/page.js";

/** @param {{ id: string, name: string, words: string }} props */
export function Approval({ id, name, words }) {
  const page = usePage();
  const { nb, session } = page;
  useEffect(() => {
    page.announcement.value = `The model is asking for your approval: ${words}`;
  }, [id]);
  if (page.signals.approval(id)?.response) return null;
  return (
    <div
      class="approval"
      role="group"
      aria-label={`Approval: ${words}`}
      data-testid="approval"
      data-call-id={id}
    >
      <div class="approval-buttons">
        <button
          type="button"
          class="primary"
          data-testid="approve-once"
          onClick={() => nb.approve(id)}
        >
          Allow once
        </button>
        <button
          type="button"
          data-testid="approve-always"
          title={`Let ${name} run without approval in this notebook from now on`}
          onClick={() => nb.approve(id, { always: true })}
        >
          Always allow
        </button>
        <Denial onDeny={(reason) => nb.deny(id, reason)} />
      </div>
      {!session.isUp && (
        <p class="hint">Python is not running. Your answer takes effect once it is.</p>
      )}
    </div>
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
