// The store's contract over a log in the browser's own file system. Each case is run in a page of its
// own, and on a notebook of its own.

import { openPersisted } from "../../../web/storage/persisted.js";
import { testStore } from "../../js/support/store-contract.js";
import { names, run } from "./test-runner.js";

testStore("liveStore in OPFS", () => openPersisted(`contract-${crypto.randomUUID()}`));

// What a page reports goes where Node's reports go.
window.addEventListener("error", (event) => {
  event.preventDefault();
  console.error(event.error);
});

Object.assign(window, { contract: { names: names(), run } });
