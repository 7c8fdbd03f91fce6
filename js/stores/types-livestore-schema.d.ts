// The types of runt-pyodide/livestore-schema.

import type { makeSchema } from "@livestore/livestore";

/** The schema to pass to createStorePromise and to makeWorker of LiveStore's web adapter. */
export const schema: ReturnType<typeof makeSchema>;
