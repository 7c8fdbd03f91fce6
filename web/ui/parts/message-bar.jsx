// A message that stays in view, below the bar at the top: what happened, and the ways on.

/**
 * A button of the message.
 * @typedef {{ label: string, testId?: string, isMain?: boolean, run: () => unknown }} WayOn
 *
 * @typedef {object} MessageBarProps
 * @property {string} text
 * @property {"problem" | "notice"} [kind] a problem is read out at once, a notice when the person pauses
 * @property {readonly WayOn[]} [ways]
 * @property {() => void} [onDismiss] without it the message stays until its cause is gone
 * @property {string} [testId]
 */

/** @param {MessageBarProps} props nothing is shown for an empty text */
export function MessageBar({ text, kind = "problem", ways = [], onDismiss, testId }) {
  if (!text) return null;
  return (
    <div
      class="message-bar"
      data-kind={kind}
      data-testid={testId}
      role={kind === "problem" ? "alert" : "status"}
    >
      <div>
        <p>{text}</p>
        <span class="ways">
          {ways.map(({ label, testId: id, isMain, run }) => (
            <button
              key={label}
              type="button"
              class={isMain ? "primary" : undefined}
              data-testid={id}
              onClick={() => run()}
            >
              {label}
            </button>
          ))}
          {onDismiss && (
            <button type="button" onClick={onDismiss}>
              Dismiss
            </button>
          )}
        </span>
      </div>
    </div>
  );
}
