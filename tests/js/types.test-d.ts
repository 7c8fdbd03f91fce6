// Checked by tsc, never run: what the types allow, and, below each @ts-expect-error, what not.

import * as implementation from "../../js/index.js";
import type * as declared from "../../js/types.d.ts";
import type {
  AiModel,
  BootStage,
  CompleteReply,
  EventStore,
  InspectReply,
  LogEvent,
  MemoryStore,
  OtherEvent,
  Question,
  Runtime,
  RuntimeStatus,
  TablePage,
  UndoReport,
  WireEvent,
} from "../../js/types.d.ts";

import { openNotebook } from "../../js/notebook/index.js";
import type { OpenNotebook, Run } from "../../js/types-notebook.d.ts";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertTrue<T extends true>(): T | void {}

// The modules hold all that the declarations promise.
const package_: Pick<
  typeof declared,
  | "startRuntime"
  | "memoryStore"
  | "indexBetween"
  | "RuntimeStartError"
  | "signIn"
  | "finishSignIn"
  | "SignInError"
> = implementation;
const { startRuntime, memoryStore, indexBetween, RuntimeStartError, signIn } = package_;

const store = memoryStore([{ name: "v1.NotebookTitleChanged", args: { title: "Visits" } }]);
assertTrue<Equal<typeof store, MemoryStore>>();
const eventStore: EventStore = store;
const unsubscribe: () => void = eventStore.subscribe((events) => {
  assertTrue<Equal<typeof events, readonly LogEvent[]>>();
  // @ts-expect-error what a listener gets is read only
  events.pop();
  // @ts-expect-error and so are the events
  events[0].args.title = "Other";
});
unsubscribe();
const { key } = await signIn({ callbackURL: "back.html", signal: AbortSignal.timeout(1000) });
assertTrue<Equal<typeof key, string>>();
// @ts-expect-error there is one service, and it is not chosen
void signIn({ service: "openrouter" });

store.commit();
store.commit(
  { name: "v1.CellDeleted", args: { id: "c", actorId: undefined } },
  { name: "v1.NotebookJsonSet", args: { key: "k", value: [1, "a", null, { deep: true }] } },
  { name: "v1.AllExecutionsCancelled", args: {} },
);
// @ts-expect-error a misspelt name
store.commit({ name: "v1.CellDeletd", args: { id: "c" } });
// @ts-expect-error a misspelt field
store.commit({ name: "v1.CellDeleted", args: { id: "c", actorID: "me" } });
// @ts-expect-error a field that is needed
store.commit({ name: "v1.CellDeleted", args: {} });
// @ts-expect-error a field of another type
store.commit({ name: "v1.CellDeleted", args: { id: 7 } });
// @ts-expect-error what is optional is left out, never null
store.commit({ name: "v1.CellDeleted", args: { id: "c", actorId: null } });
// @ts-expect-error a type of cell that does not exist
store.commit({ name: "v1.CellTypeChanged", args: { id: "c", cellType: "python" } });
const added = { id: "o", cellId: "c", position: 0 };
// @ts-expect-error a representation without its data
store.commit({ name: "v1.MarkdownOutputAdded", args: { ...added, content: { type: "inline" } } });
// @ts-expect-error args are needed
store.commit({ name: "v1.CellDeleted" });
// @ts-expect-error a Date is not JSON
store.commit({ name: "v1.NotebookJsonSet", args: { key: "at", value: new Date() } });

// An event that this version does not know is read as any other, and written as what it is.
const name = "v9.News" as OtherEvent["name"];
store.commit({ name, args: { of: "the future" } });
memoryStore([{ name: "v9.News", args: { of: "the future" } }, ...store.events()]);
const known: WireEvent = { name: "v1.NotebookTitleChanged", args: { title: "Visits" } };
const read: LogEvent = known;
if (known.name === "v1.NotebookTitleChanged") assertTrue<Equal<typeof known.args.title, string>>();
console.log(read);

async function drive(): Promise<void> {
  const runtime = await startRuntime({
    store,
    pyodideURL: new URL("https://example.org/pyodide/"),
    indexURL: "/pypi/simple",
    packages: ["runt-pyodide"],
    modules: { weatherman: "import runt_pyodide" },
    config: {
      defaultProvider: "openai",
      fallback: ["test"],
      limits: { turns: 5, toolCalls: null, tokens: 1000, seconds: 2.5 },
      tools: { execute_cell: "auto", delete_cell: "never" },
      providers: {
        openai: { apiKey: "k", baseUrl: "https://example.org/v1", model: "m", timeout: 10 },
        test: { responses: { hello: "world" }, delay: 0.03 },
        mine: { type: "openai" },
      },
    },
    vocabulary: "runt",
    worker: false,
    onProgress({ stage, fraction }) {
      assertTrue<Equal<typeof stage, BootStage>>();
      assertTrue<Equal<typeof fraction, number>>();
    },
    onQuestion(question) {
      assertTrue<Equal<typeof question, Question>>();
      return question.isSecret ? null : Promise.resolve(question.prompt);
    },
    onStatus(status, reason) {
      assertTrue<Equal<typeof status, RuntimeStatus>>();
      assertTrue<Equal<typeof reason, string | undefined>>();
    },
    onError: (error) => console.error(error.message),
  });
  assertTrue<Equal<typeof runtime, Runtime>>();
  const models: AiModel[] = await runtime.models();
  console.log(models, runtime.sessionId, runtime.status === "busy");
  // @ts-expect-error the status is the runtime's own
  runtime.status = "ready";
  // @ts-expect-error a key is text
  await runtime.configure({ providers: { openai: { apiKey: 5 } } });
  await runtime.configure({
    providers: {
      ollama: { baseUrl: "http://localhost:11434", numCtx: 8192, keepAlive: "10m" },
      groq: { apiKey: "k", model: "m" },
      work: { type: "openai", preset: "mistral", api: "chat" },
      mine: { type: "of-my-own", anything: [1] },
    },
  });
  // @ts-expect-error a misspelt setting
  await runtime.configure({ providers: { openai: { apiKei: "k" } } });
  // @ts-expect-error a setting of another provider
  await runtime.configure({ providers: { ollama: { preset: "groq" } } });
  // @ts-expect-error no such preset
  await runtime.configure({ providers: { openai: { preset: "none-such" } } });
  // @ts-expect-error another name needs a type
  await runtime.configure({ providers: { mine: { anything: [1] } } });
  // @ts-expect-error no such policy
  await runtime.configure({ tools: { execute_cell: "sometimes" } });
  // @ts-expect-error a run has one turn at the least
  await runtime.configure({ limits: { turns: null } });
  await runtime.interrupt();
  const runId: string = await runtime.continueRun("cell");
  const { undone, kept }: UndoReport = await runtime.undo(runId);
  console.log(undone.length, kept[0].cellId, kept[0].reason, await runtime.explain("cell"));
  const { matches, cursorStart }: CompleteReply = await runtime.complete("impor", 5);
  const { found, data }: InspectReply = await runtime.inspect("len(");
  console.log(matches[0], cursorStart, found && data["text/plain"]);
  const page: TablePage | undefined = await runtime.tableRows("id", { sort: [{ column: 0 }] });
  console.log(page?.rows[0][0], page?.total);
  // @ts-expect-error there is no such comparison
  await runtime.tableRows("id", { filters: [{ column: 0, operator: "like", value: "a" }] });
  // @ts-expect-error a cursor is a number
  await runtime.complete("impor", "5");
  await runtime.stop();
}
void drive().catch((error) => {
  if (error instanceof RuntimeStartError) assertTrue<Equal<typeof error.stage, BootStage>>();
});

// @ts-expect-error the store is needed
void startRuntime({});
// @ts-expect-error there is no such vocabulary
void startRuntime({ store, vocabulary: "anode" });
// @ts-expect-error no such option
void startRuntime({ store, pyodideUrl: "x" });
// @ts-expect-error modules have names
void startRuntime({ store, modules: ["import runt_pyodide"] });
// @ts-expect-error a misspelt limit
void startRuntime({ store, config: { limits: { turn: 5 } } });
// @ts-expect-error a misspelt key of the configuration
void startRuntime({ store, config: { defaultProvidr: "test" } });

const index: string = indexBetween(null, "a");
indexBetween(index, null);
// @ts-expect-error both bounds must be said
indexBetween(index);

const nb: OpenNotebook = openNotebook(store, { author: "me" });
async function work() {
  const cell = nb.addCell("ai", "Why?", { after: null });
  const { text, thinking, calls, error, state }: Run = await nb.run(cell, {
    onChange: (run) => console.log(run.text, run.isOver),
    signal: AbortSignal.timeout(1000),
  });
  console.log(text, thinking, calls[0]?.arguments, error?.message, state === "success");
  nb.setSource(cell.id, "Why not?");
  nb.approve(calls[0], { always: true });
  nb.deny("call", "Not now.");
  nb.setSettings(cell, { temperature: 0, seed: 7, stop: ["END"], reasoningEffort: "low" });
  nb.setSettings(cell, { tools: false, context: false, answer: { name: "x", type: "int" } });
  nb.setImages(cell, [{ mediaType: "image/png", data: "iVBORw0KGgo=" }]);
  console.log(nb.settings(cell).topP, nb.images(cell)[0]?.name);
  // @ts-expect-error no such effort
  nb.setSettings(cell, { reasoningEffort: "huge" });
  // @ts-expect-error no such setting
  nb.setSettings(cell, { top_p: 1 });
  // @ts-expect-error a misspelt option
  void nb.run(cell, { onchange: () => {} });
  // @ts-expect-error a misspelt word of a policy
  nb.setPolicy("delete_cell", "allways");
  // @ts-expect-error a misspelt scope
  nb.approve(calls[0], { always: "notebok" });
  // @ts-expect-error a misspelt visibility
  nb.setVisible(cell, "sourceVisable", true);
  // @ts-expect-error what is read cannot be changed
  nb.images(cell).push({ mediaType: "image/png", data: "" });
  // @ts-expect-error no such type of cell
  nb.addCell("python");
  // @ts-expect-error cells are changed by methods
  nb.cells[0].source = "";
  // @ts-expect-error no such state
  console.log(state === "done");
}
void work();
