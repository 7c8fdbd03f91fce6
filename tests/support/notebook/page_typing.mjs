// A page with one cell, "c", that a person types in, without its editor's view: the store, the notebook, the drafts and
// the outbox are the page's own. For each line of input, a command as JSON, it answers with a line: what the runtime
// is sent, in order, the text in the editor, and the source in the store.
import process from "node:process";
import { createInterface } from "node:readline";

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { Outbox } from "../../../js/runtime/outbox.js";
import { Actions } from "../../../web/app/actions.js";
import { SharedSource } from "../../../web/editor/shared-source.js";

const ID = "c";

class TypingPage {
  /** What the runtime is sent: events, or the answer to a proposal. @type {any[]} */
  sent = [];
  conflicts = 0;

  /** @param {any[]} events that the store begins with */
  constructor(events) {
    const store = memoryStore(events);
    this.nb = openNotebook(store, { author: "person" });
    this.actions = new Actions(this.nb);
    this.outbox = new Outbox(store, (error) => {
      throw error;
    });
    store.subscribe((batch) => {
      this.outbox.note(batch);
      this.sent.push({ events: batch });
    });
    this.shared = new SharedSource(this.source);
    this.nb.subscribe((changed) => changed.has(`cell/${ID}`) && this.take());
  }

  get source() {
    return this.nb.cell(ID)?.source ?? "";
  }

  /** As the editor does it. */
  take() {
    const { source, modifiedBy } = /** @type {any} */ (this.nb.cell(ID));
    if (source === this.shared.base) return;
    if (modifiedBy === this.nb.author) return this.shared.replace(source);
    const merged = this.shared.receive(source);
    if (!merged) return;
    this.conflicts += Number(merged.isConflict);
    this.actions.typeSource(ID, this.shared.text, this.shared.base);
  }

  /** @type {Record<string, (given: any) => void>} */
  commands = {
    type: (text) => {
      this.shared.text = text;
      this.actions.typeSource(ID, text, this.shared.base);
    },
    pause: () => this.actions.settle(),
    emit: (events) => this.outbox.push(events),
    propose: (proposal) =>
      this.outbox.propose(proposal, (settlement) => this.sent.push({ settlement })),
    look: () => {},
  };
}

/** @type {TypingPage} */
let page;
for await (const line of createInterface({ input: process.stdin })) {
  const [[name, given]] = /** @type {[string, any][]} */ (Object.entries(JSON.parse(line)));
  if (name === "open") page = new TypingPage(given);
  else page.commands[name](given);
  await new Promise((resolve) => setImmediate(resolve)); // the store delivers in a microtask
  const { sent, shared, source, conflicts } = page;
  page.sent = [];
  process.stdout.write(`${JSON.stringify({ sent, text: shared.text, source, conflicts })}\n`);
}
process.exit(0);
