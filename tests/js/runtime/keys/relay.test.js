// Requests over the port, answered by a real server: keys go out, and neither keys nor requests get anywhere else.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";

import { HeldKeys } from "../../../../js/runtime/keys/held-keys.js";
import { Network } from "../../../../js/runtime/keys/network.js";
import { Requests, serve } from "../../../../js/runtime/keys/relay.js";

const KEY = "sk-abcdefgh12345678";

/** @param {import("node:test").TestContext} t @param {import("node:http").RequestListener} listener */
async function open(t, listener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const address = `http://127.0.0.1:${port}`;
  const keys = new HeldKeys();
  const hidden = keys.hide({
    providers: { work: { type: "openai", baseUrl: `${address}/v1`, apiKey: KEY } },
  });
  const network = new Network();
  network.setKeys(hidden.held, hidden.secrets);
  const { port1, port2 } = new MessageChannel();
  serve(network, port1);
  t.after(() => {
    port1.close();
    server.closeAllConnections();
    server.close();
  });
  const requests = new Requests();
  requests.connect(port2);
  const { fetch } = requests;
  const { providers } = /** @type {any} */ (hidden.config);
  const token = providers.work.apiKey;
  /** @param {string} path @param {any} [options] */
  const ask = (path, options = {}) =>
    fetch(`${address}${path}`, {
      ...{ method: "POST", headers: { Authorization: `Bearer ${token}` } },
      ...options,
    });
  /** Ends the network, and gives the requests another one, or none. @param {boolean} isReplaced */
  const lose = (isReplaced) => {
    port1.close();
    const { port1: own, port2: other } = new MessageChannel();
    if (isReplaced) serve(network, own);
    requests.connect(isReplaced ? other : undefined);
    t.after(() => own.close());
  };
  return { ask, fetch, token, address, lose };
}

function deferred() {
  let resolve = (/** @type {any} */ _) => {};
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

/** Echoes the request, piece by piece. @type {import("node:http").RequestListener} */
const echo = async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  response.setHeader("x-echo", request.headers.authorization ?? "none");
  const said = JSON.stringify({ url: request.url, headers: request.headers, body });
  for (const piece of said.match(/.{1,7}/gs) ?? []) {
    response.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
};

test("a token becomes the key at the key's address, and an echo of it is taken out", async (t) => {
  /** @type {any} */
  let seen;
  const { ask } = await open(t, (request, response) => {
    seen = request.headers.authorization;
    void echo(request, response);
  });
  const answer = await ask("/v1/chat/completions", {
    body: new TextEncoder().encode(`Say ${KEY}!`),
  });
  assert.equal(seen, `Bearer ${KEY}`);
  const text = await answer.text();
  assert.equal(text.includes("abcdefgh"), false);
  assert.equal(JSON.parse(text).headers.authorization, "Bearer [key]");
  assert.equal(JSON.parse(text).body, "Say [key]!"); // a key in a notebook is for no model
  assert.equal(answer.headers.get("x-echo"), "Bearer [key]");
});

test("a token is worth nothing at another address, and no key follows a redirect", async (t) => {
  let count = 0;
  const { ask, token, fetch } = await open(t, (request, response) => {
    count += 1;
    response.writeHead(request.url === "/v1/moved" ? 307 : 200, { location: "/v1/there" }).end();
  });
  const other = await open(t, () => assert.fail("nobody asks here"));
  const headers = { Authorization: `Bearer ${token}` };
  await assert.rejects(
    fetch(`${other.address}/v1/models`, { headers }),
    /was given for that address/,
  );
  await assert.rejects(fetch(`${other.address}/?key=${token}`), /was given for that address/);
  assert.equal((await ask("/v1/moved")).status, 307);
  assert.equal(count, 1);
});

test("a long answer comes whole and in order; one that is left is aborted", async (t) => {
  const whole = Array.from({ length: 50_000 }, (_, i) => `line ${i}\n`).join("");
  const closed = deferred();
  const { ask } = await open(t, (request, response) => {
    if (request.url === "/v1/endless") {
      response.on("close", closed.resolve);
      response.write("first");
    } else response.end(whole);
  });
  assert.equal(await (await ask("/v1/long")).text(), whole);
  const reader = (await ask("/v1/endless")).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await closed.promise;
});

test("an abort before the answer, and a server that is not there", async (t) => {
  const asked = deferred();
  const closed = deferred();
  const { ask, fetch } = await open(t, (request) => {
    request.socket.on("close", closed.resolve);
    asked.resolve(undefined);
  });
  const controller = new AbortController();
  const waits = ask("/v1/models", { signal: controller.signal });
  await asked.promise;
  controller.abort();
  await assert.rejects(waits, { name: "AbortError" });
  await closed.promise;
  await assert.rejects(fetch("http://127.0.0.1:9/v1"), TypeError);
});

test("when the network ends, open requests fail and say so, and later ones go the new way", async (t) => {
  const { ask, lose } = await open(t, (request, response) => {
    if (request.url === "/v1/never") return;
    response.write("begun");
    if (request.url === "/v1/whole") response.end();
  });
  const unanswered = ask("/v1/never");
  const half = await ask("/v1/half");
  const reader = /** @type {ReadableStream} */ (half.body).getReader();
  await reader.read();
  const lost = { name: "TypeError", message: "the part of the page that sends requests ended" };
  const both = [assert.rejects(unanswered, lost), assert.rejects(reader.read(), lost)];
  lose(true);
  await Promise.all(both);
  assert.equal(await (await ask("/v1/whole")).text(), "begun");
  lose(false);
  await assert.rejects(ask("/v1/whole"), /ended too often/);
});
