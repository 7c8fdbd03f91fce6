// The worker: the runtime's own, with the peers beside it.

import { place } from "./place.js";
import "/js/worker.js";

globalThis.benchTell = (first) => globalThis.postMessage({ bench: { first } });

globalThis.addEventListener(
  "message",
  async (event) => {
    if (!event.data.bench) return;
    event.stopImmediatePropagation(); // the runtime knows nothing of these
    const { id, name, argument } = event.data.bench;
    try {
      const value = await place[name](argument);
      globalThis.postMessage({ bench: { id, value } });
    } catch (error) {
      globalThis.postMessage({ bench: { id, error: `${error.stack ?? error}` } });
    }
  },
  { capture: true },
);
