// Stands in for Pyodide where a test needs it to fail, or to be watched, as the real one cannot be.
// The real one is driven in a browser. `config.script` in the options says what the bridge does;
// the packages "missing" and "unfetched" do not install.

const RUNTIME = {
  ...{ runtimeId: "stand-in", runtimeType: "python" },
  capabilities: { canExecuteCode: true, canExecuteSql: true, canExecuteAi: true },
};
let proxies = 0;

/** @param {any} members */
function proxy(members) {
  proxies += 1;
  return Object.assign(members, { destroy: () => void (proxies -= 1) });
}

class PythonError extends Error {
  /** @param {string} type @param {string} lastLine */
  constructor(type, lastLine) {
    super(`Traceback (most recent call last):\n  File "<x>", line 1\n${lastLine}\n`);
    this.type = type;
  }
}

const micropip = () =>
  proxy({
    install: proxy({
      /** @param {any} names */
      callKwargs(names) {
        const failed = names.list.includes("missing");
        const outcome = failed
          ? Promise.reject(new PythonError("ValueError", "ValueError: no wheel for 'missing'"))
          : Promise.resolve();
        return proxy({ then: outcome.then.bind(outcome) });
      },
    }),
  });

/** @param {string} optionsText @param {any} host */
function connect(optionsText, host) {
  const options = JSON.parse(optionsText);
  const script = options.config?.script ?? {};
  if (script.invalid) throw new PythonError("ConfigError", "runt.ConfigError: no such provider");
  let sessionId = "";
  /** What start was told. @type {any} */
  let started;
  /** @type {any[]} */
  const received = [];
  /** @param {string} name @param {any} [args] */
  const emit = (name, args = {}) =>
    host.emit(JSON.stringify([{ name, args: { sessionId, ...args } }]));

  /** @type {Record<string, (params: any) => any>} */
  const methods = {
    addresses: () => ({ openai: "https://api.openai.com/v1" }),
    start(params) {
      started = params;
      const before = received.flat().filter(({ name }) => name === "v1.RuntimeSessionStarted");
      sessionId = `session-${before.length + 1}`;
      if (script.startFails) throw Object.assign(new Error("no room"), { name: "StateError" });
      emit("v1.RuntimeSessionStarted", { received: received.length, ...RUNTIME });
      emit("v1.RuntimeSessionStatusChanged", { status: "ready" });
      host.log("info", "started");
      return { sessionId };
    },
    configure({ config }) {
      if (config.bad) throw Object.assign(new Error("bad: true"), { name: "ConfigError" });
      return {};
    },
    answer: ({ question_id: id, text }) => emit("test.answered", { id, text }),
    models: () => [{ options, received, proxies, started }],
    interrupt: ({ queue_id: queueId }) =>
      script.obeys ? emit("test.interrupted", { queueId }) : new Promise(() => {}),
    stop() {
      if (script.stopHangs) return new Promise(() => {});
      emit("v1.RuntimeSessionTerminated", { reason: "shutdown" });
      return {};
    },
  };

  /** @param {string} method @param {string} params */
  async function call(method, params) {
    if (script.callBreaks === method) throw new PythonError("SystemError", "SystemError: gone");
    try {
      return JSON.stringify({ result: await methods[method](JSON.parse(params)) });
    } catch (/** @type {any} */ error) {
      return JSON.stringify({ error: { name: error.name, message: error.message } });
    }
  }

  return proxy({
    /** @param {string} text */
    receive(text) {
      const events = JSON.parse(text);
      received.push(events);
      for (const { name, args } of events) {
        if (name === "test.break") throw new PythonError("SystemError", "SystemError: broken");
        if (name === "test.die") /** @type {any} */ (globalThis).die();
        if (name === "test.exit") setTimeout(/** @type {any} */ (globalThis).crash);
        if (name === "test.ask") host.ask(JSON.stringify(args));
        if (name === "test.withdraw") host.withdraw(args.id);
        if (name === "test.emit") for (const batch of args.batches) host.emit(batch);
      }
    },
    /** @param {string} method @param {string} params */
    call(method, params) {
      const outcome = call(method, params);
      return proxy({ then: outcome.then.bind(outcome) });
    },
  });
}

/** @param {{ indexURL: string }} options */
export async function loadPyodide({ indexURL }) {
  if (!indexURL.endsWith("/stand-in/")) throw new Error(`loaded from ${indexURL}`);
  const api = /** @type {any} */ ({});
  const modules = { micropip, "runt_pyodide.bridge": () => proxy({ connect }) };
  Object.assign(globalThis, { die: () => api.on_fatal(new Error("Program terminated")) });
  return {
    _api: api,
    loadedPackages: { micropip: "default channel", pydantic: "default channel" },
    loadPackage: async () => [],
    /** @param {string[]} list */
    toPy: (list) => proxy({ list }),
    /** @param {keyof typeof modules} name */
    pyimport: (name) => modules[name](),
  };
}
