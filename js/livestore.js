// The package's entry for notebooks that LiveStore keeps. See types-livestore.d.ts.

export { liveStore } from "./stores/livestore.js";
