// Asks for the key that an AI cell needs and the page no longer has.

/** @import { Cell } from "../../../js/notebook/state/cells.js" */
/** @import { ExecutionMark } from "../../app/format.js" */

import { usePage } from "../../app/page.js";
import { titleOf } from "../../providers/kinds.js";

/** @param {{ cell: Cell, mark: ExecutionMark }} props shown at a cell whose run failed or was cut off */
export function ForgottenKey({ cell, mark }) {
  const page = usePage();
  const provider = cell.ai?.provider || page.choice.provider;
  if (mark !== "error" && mark !== "cancelled") return null;
  if (!page.ai.hasForgotten(provider)) return null;
  const { kind } = page.ai.settings.value.providers[provider];
  return (
    <p class="left-out" data-testid="forgotten-key">
      The key for {titleOf(provider, kind)} was forgotten when the page was closed or reloaded.
      <button
        type="button"
        data-testid="enter-key"
        onClick={() => page.dialogs.open({ name: "settings", provider })}
      >
        Enter the key
      </button>
    </p>
  );
}
