// Says that others wrote into a cell while the person typed.

import { useComputed } from "@preact/signals";

import { usePage } from "../../app/page.js";

/** @param {{ id: string }} props */
export function Merged({ id }) {
  const { merges } = usePage();
  const notice = useComputed(() => merges.notices.value.get(id)).value;
  if (!notice) return null;
  return (
    <p class="merged" role="status" data-testid="merged" data-conflict={notice.isConflict}>
      {notice.text}
      <button type="button" data-testid="dismiss-merged" onClick={() => merges.dismiss(id)}>
        OK
      </button>
    </p>
  );
}
