// Signing in, against a service that gives a key only for the right verifier: what comes back, what is refused, and
// that nothing of it stays anywhere.

import assert from "node:assert/strict";
import test from "node:test";

import { finishSignIn } from "../../../../js/runtime/sign-in/callback.js";
import { signIn, signInAt, SignInError } from "../../../../js/runtime/sign-in/sign-in.js";
import { openAuthorisationServer } from "../../support/authorisation-server.js";
import { WebWorker } from "../../support/web-worker.js";

const HERE = new URL("file:///site/index.html");
const WAITS = { timeout: 30_000 };

/** The browser, as far as a sign-in uses it. @param {import("node:test").TestContext} t @param {{ isBlocked?: boolean }} [how] */
async function openBrowser(t, { isBlocked = false } = {}) {
  const server = await openAuthorisationServer(t);
  /** @type {any[]} */
  const windows = [];
  /** @type {string[]} */
  const history = [];
  const open = () => {
    if (isBlocked) return null;
    let replace = (/** @type {string} */ _) => {};
    /** @type {Promise<string>} */
    const shown = new Promise((resolve) => (replace = resolve));
    const opened = {
      opener: "the page",
      isClosed: false,
      shown,
      location: { replace },
      close: () => (opened.isClosed = true),
    };
    windows.push(opened);
    return opened;
  };
  const page = { open, close: () => windows.at(-1)?.close() };
  const replaceState = (
    /** @type {any} */ _,
    /** @type {string} */ __,
    /** @type {string} */ url,
  ) => history.push(url);
  const globals = { location: HERE, window: page, history: { replaceState }, Worker: WebWorker };
  for (const [name, value] of Object.entries(globals)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    t.after(() => {
      if (before) Object.defineProperty(globalThis, name, before);
      else delete (/** @type {any} */ (globalThis)[name]);
    });
  }
  /** What the page says that a person comes back to. @param {URL} url */
  const comeBack = (url) => {
    globalThis.location = /** @type {any} */ (url);
    const said = finishSignIn();
    globalThis.location = /** @type {any} */ (HERE);
    return said;
  };
  const begin = (/** @type {any} */ options = {}) => signInAt(server.service, options);
  return { server, windows, history, comeBack, begin };
}

test("who allows it comes back with a key, and the window ends", WAITS, async (t) => {
  const { server, windows, history, comeBack, begin } = await openBrowser(t);
  const signing = begin();
  const address = await windows[0].shown;
  assert.equal(windows[0].opener, null);
  const back = server.decide(address);
  const said = await comeBack(back);
  const { key } = await signing;
  assert.match(key, /^sk-or-v1-key-for-code-1/);
  assert.match(said, /You are signed in/);
  assert.ok(windows[0].isClosed);

  // The verifier was in no address, and code and nonce are in none any more.
  const [{ code, code_verifier: verifier }] = server.exchanged;
  assert.match(verifier, /^[\w-]{43}$/);
  assert.ok(!address.includes(verifier));
  assert.deepEqual(
    history,
    ["/site/../sign-in.html"].map(() => back.pathname),
  );
  assert.ok(![...history, said].join().includes(code));
});

test("each sign-in has a verifier and a nonce of its own", WAITS, async (t) => {
  const { windows, begin } = await openBrowser(t);
  const given = new AbortController();
  const both = [begin({ signal: given.signal }), begin({ signal: given.signal })];
  const seen = await Promise.all(windows.map(({ shown }) => shown));
  const parts = seen.flatMap((address) => {
    const { searchParams } = new URL(address);
    const nonce = new URL(searchParams.get("callback_url") ?? "").searchParams.get("nonce");
    return [nonce, searchParams.get("code_challenge")];
  });
  assert.equal(new Set(parts).size, 4);
  given.abort(new Error("given up"));
  for (const one of both) await assert.rejects(one, /given up/);
  assert.ok(windows.every(({ isClosed }) => isClosed));
});

test("who denies it gets no key, and both pages say so", WAITS, async (t) => {
  const { server, windows, comeBack, begin } = await openBrowser(t);
  const signing = assert.rejects(begin(), (error) => {
    assert.ok(error instanceof SignInError);
    assert.match(error.message, /you did not allow it there/);
    return true;
  });
  const said = await comeBack(server.decide(await windows[0].shown, "deny"));
  await signing;
  assert.match(said, /you did not allow it there/);
  assert.deepEqual(server.exchanged, []);
});

test("a forged callback is heard by nobody, and the sign-in goes on", WAITS, async (t) => {
  const { server, windows, comeBack, begin } = await openBrowser(t);
  const signing = begin();
  const address = await windows[0].shown;
  const forged = server.decide(address);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const nonce of ["", "AAAAAAAAAAAAAAAAAAAAAA"]) {
    forged.searchParams.set("nonce", nonce);
    const said = comeBack(forged);
    t.mock.timers.tick(5000);
    assert.match(await said, nonce ? /No open page waits/ : /begin in the AI settings/);
  }
  t.mock.timers.reset();
  assert.deepEqual(server.exchanged, []);
  await comeBack(server.decide(address));
  assert.match((await signing).key, /code-2/);
});

test("a code that was used before gives no key, and is not repeated", WAITS, async (t) => {
  const { server, windows, comeBack, begin } = await openBrowser(t);
  const first = begin();
  const used = server.decide(await windows[0].shown);
  await comeBack(used);
  await first;
  const second = begin();
  const back = server.decide(await windows[1].shown);
  back.searchParams.set("code", used.searchParams.get("code") ?? "");
  const said = comeBack(back);
  await assert.rejects(second, (error) => {
    const { message } = /** @type {Error} */ (error);
    assert.match(message, /HTTP 403.*used before.*Sign in again/);
    assert.ok(!message.includes("code-1"));
    return true;
  });
  assert.match(await said, /used before/);
  // The page has ended its sign-in: an address that is opened again finds nobody.
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const again = comeBack(used);
  t.mock.timers.tick(5000);
  assert.match(await again, /No open page waits/);
});

test("a window that is closed is given up after ten minutes", WAITS, async (t) => {
  const { windows, begin } = await openBrowser(t);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const signing = begin();
  await windows[0].shown;
  await new Promise(setImmediate);
  t.mock.timers.tick(10 * 60_000);
  await assert.rejects(signing, /within ten minutes/);
});

test("what the service cannot do is told", WAITS, async (t) => {
  const { server, windows, comeBack, begin } = await openBrowser(t);
  const answers = [
    { status: 503, body: "<p>busy</p>", says: /cannot give a key now \(HTTP 503\)/ },
    { status: 429, body: "{}", says: /cannot give a key now/ },
    { status: 200, body: "{}", says: /holds no key/ },
    { status: 200, body: JSON.stringify({ key: "a\nb" }), says: /holds no key/ },
  ];
  for (const { says, ...broken } of answers) {
    server.broken = broken;
    const signing = assert.rejects(begin(), says);
    assert.match(await comeBack(server.decide(await windows.at(-1).shown)), says);
    await signing;
  }
  server.service.keysURL = "http://127.0.0.1:9/keys";
  const signing = assert.rejects(begin(), /does not answer/);
  await comeBack(server.decide(await windows.at(-1).shown));
  await signing;
});

test("a blocked window and a callback elsewhere are told before anything is sent", async (t) => {
  await openBrowser(t, { isBlocked: true });
  await assert.rejects(signIn(), /blocked OpenRouter’s window/);
  await assert.rejects(signIn({ callbackURL: "https://evil.example/" }), TypeError);
});
