// Says what has gone wrong with Python or the store, and what can be done.

import { usePage } from "../../app/page.js";

export function Banner() {
  const { session } = usePage();
  const status = session.status.value;
  const isDown = status === "failed" || status === "stopped";
  const text = isDown ? session.reason.value : session.trouble.value;
  if (!text) return null;
  return (
    <div class="banner" role="alert" data-testid="banner">
      <p>{text}</p>
      {isDown ? (
        <button type="button" data-testid="try-again" onClick={() => session.start()}>
          Try again
        </button>
      ) : (
        <button type="button" onClick={() => (session.trouble.value = "")}>
          Dismiss
        </button>
      )}
    </div>
  );
}
