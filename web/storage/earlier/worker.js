// The worker in which LiveStore keeps a notebook's log in the browser's own file system (OPFS).

import { makeWorker } from "@livestore/adapter-web/worker";

import { schema } from "../../../js/livestore-schema.js";

makeWorker({ schema });
