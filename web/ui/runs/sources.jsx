// The pages of the web that an answer rests on, as links below it. Addresses and titles come from a service, or from a
// file that anybody may have written.

/** @import { Source } from "../../../js/types-ai-record.d.ts" */

import { webAddress } from "../../render/web-address.js";

/** @param {{ pages?: readonly Source[] }} props */
export function Sources({ pages = [] }) {
  const shown = pages.flatMap(({ url, title }) => {
    const address = webAddress(url);
    return address ? [{ address, title: title?.trim() || address.hostname }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <section class="sources" aria-label="Sources" data-testid="sources">
      <h4>Sources</h4>
      <ol>
        {shown.map(({ address, title }) => (
          <li key={address.href}>
            <a href={address.href} target="_blank" rel="noopener noreferrer nofollow">
              {title}
            </a>
            {title !== address.hostname && <span class="hint"> {address.hostname}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
