// Packages are fetched from a server of this machine, and what goes wrong on the way is told.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { KeptPackages } from "../../../../js/runtime/packages/kept-packages.js";
import { LockedPackages } from "../../../../js/runtime/packages/locked-packages.js";
import { PackageFiles } from "../../../../js/runtime/packages/package-files.js";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { LockedPackage } from "../../../../js/runtime/packages/locked-packages.js" */
/** @import { LoadReport } from "../../../../js/runtime/packages/load-reports.js" */

const FILE = Buffer.alloc(200_000, "wheel");
const AGAIN = "Run the cell again; if that does not help, tell the owner of this site.";

const sha256 = async (/** @type {Uint8Array} */ bytes) =>
  createHash("sha256").update(bytes).digest("hex");

/** @type {string[]} */
let asked = [];
/** @type {Record<string, (answer: ServerResponse) => void>} */
const ANSWERS = {
  page: (answer) => answer.setHeader("content-type", "text/html; charset=utf-8").end("<p>Sign in"),
  other: (answer) => answer.end("another file"),
  none: (answer) => answer.writeHead(503).end(),
  cut: (answer) =>
    answer.writeHead(200, { "content-length": "10" }).write("123", () => answer.destroy()),
  silent: (answer) => answer.writeHead(200).write("123"),
};
const server = createServer((/** @type {IncomingMessage} */ { url = "" }, answer) => {
  asked.push(url);
  const name = url.slice("/full/".length).split("-")[0];
  (ANSWERS[name] ?? (() => answer.setHeader("content-length", FILE.length).end(FILE)))(answer);
});
/** @type {string} */
let folder;

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  folder = `http://127.0.0.1:${port}/full/`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** @param {string} name @param {Partial<LockedPackage>} [more] */
async function entry(name, more = {}) {
  const file_name = `${folder}${name}-1.0.whl`;
  const wanted = await sha256(FILE);
  return { name, version: "1.0", file_name, sha256: wanted, imports: [name], depends: [], ...more };
}

/** What browsers have as a Cache. */
class MemoryCache {
  /** @type {Map<string, Response>} */
  held = new Map();
  /** @param {string} key */
  async match(key) {
    return this.held.get(key)?.clone();
  }
  /** @param {string} key @param {Response} response */
  async put(key, response) {
    this.held.set(key, response);
  }
  async keys() {
    return [...this.held.keys()].map((url) => ({ url }));
  }
  /** @param {string} key */
  async delete(key) {
    return this.held.delete(key);
  }
}

/**
 * @param {LockedPackage[]} entries
 * @param {{ cache?: MemoryCache, silenceMs?: number, distributionURL?: null }} [options]
 */
function open(entries, { cache = new MemoryCache(), silenceMs, distributionURL } = {}) {
  asked = [];
  const packages = Object.fromEntries(entries.map((one) => [one.name, one]));
  const lock = new LockedPackages(packages, "http://site.test/", distributionURL);
  const files = new PackageFiles(lock, sha256, {
    kept: new KeptPackages(async () => cache),
    silenceMs,
  });
  /** @type {LoadReport[]} */
  const reports = [];
  const number = files.watch((text) => reports.push(JSON.parse(text)));
  const read = (/** @type {string} */ name) => files.read(name, () => false);
  return { files, reports, number, read, cache };
}

test("a file is fetched once, with what it needs, and its progress is told", async () => {
  const needy = await entry("needy", { depends: ["good"] });
  const { read, reports } = open([needy, await entry("good")]);
  const [one, another] = await Promise.all([read("needy"), read("good")]);
  assert.deepEqual([one.length, another.length], [FILE.length, FILE.length]);
  assert.deepEqual(asked.sort(), ["/full/good-1.0.whl", "/full/needy-1.0.whl"]);
  assert.deepEqual(reports[0].packages, [{ name: "needy", version: "1.0", bytes: 0 }]);
  const size = FILE.length;
  assert.deepEqual(
    reports.at(-1)?.packages.map(({ name, bytes, size }) => [name, bytes, size]),
    [
      ["needy", size, size],
      ["good", size, size],
    ],
  );
});

for (const [name, predicate] of Object.entries({
  page:
    "which answered with a web page. The network may want you to sign in: open that address in another tab, then run " +
    "the cell again.",
  other: `which sent another file: its SHA-256 is PRESENT…, not WANTED…. None of it was used. ${AGAIN}`,
  none: `which answered with HTTP 503. ${AGAIN}`,
})) {
  test(`what comes in place of a file is told: ${name}`, async () => {
    const { read, reports, cache } = open([await entry(name)]);
    const wanted = (await sha256(FILE)).slice(0, 12);
    const is = (await sha256(Buffer.from("another file"))).slice(0, 12);
    const told = predicate.replace("WANTED", wanted).replace("PRESENT", is);
    const message = `${name} 1.0 could not be loaded from ${folder}, ${told}`;
    await assert.rejects(read(name), { message });
    assert.equal(reports.at(-1)?.failures[0].missing, `${name} 1.0`);
    assert.equal(cache.held.size, 0);
  });
}

test("a server that is not there, breaks off or falls silent is told", async () => {
  const gone = await entry("gone", { file_name: "http://127.0.0.1:9/full/gone-1.0.whl" });
  const { read } = open([gone, await entry("cut"), await entry("silent")], { silenceMs: 200 });
  const told = (
    /** @type {string} */ name,
    /** @type {string} */ address,
    /** @type {string} */ why,
  ) => ({
    message: `${name} 1.0 could not be loaded from ${address}: ${why}. Check the network. ${AGAIN}`,
  });
  const noAnswer = "there is no answer that this page may read";
  await assert.rejects(read("gone"), told("gone", "http://127.0.0.1:9/full/", noAnswer));
  await assert.rejects(read("cut"), told("cut", folder, noAnswer));
  await assert.rejects(read("silent"), told("silent", folder, "it sent nothing for 0.2 seconds"));
});

test("what needs a package that is not there is not handed out", async () => {
  const needy = await entry("needy", { depends: ["between"] });
  const between = await entry("between", { depends: ["none"] });
  const { read, reports } = open([needy, between, await entry("none")]);
  const why = `none 1.0, which could not be loaded from ${folder}, which answered with HTTP 503. ${AGAIN}`;
  await assert.rejects(read("needy"), { message: `needy 1.0 needs ${why}` });
  const [{ name, imports, missing }] = reports.at(-1)?.failures ?? [];
  assert.deepEqual([name, imports, missing], ["needy", ["needy"], "none 1.0"]);
});

test("a site may load nothing from elsewhere", async () => {
  const { read } = open([await entry("good")], { distributionURL: null });
  await assert.rejects(
    read("good"),
    /good 1.0 could not be loaded: this site has no such file, and/,
  );
  assert.deepEqual(asked, []);
});

test("what was loaded once is kept, of each package the latest, and checked again", async () => {
  const cache = new MemoryCache();
  const good = await entry("good");
  await open([good], { cache }).read("good");
  const again = open([good], { cache });
  assert.equal((await again.read("good")).length, FILE.length);
  assert.deepEqual(asked, []);
  assert.deepEqual(again.reports.at(-1)?.packages[0].bytes, FILE.length);
  // Code in a cell has put another file there.
  const [key] = cache.held.keys();
  await cache.put(key, new Response("poison"));
  assert.equal((await open([good], { cache }).read("good")).length, FILE.length);
  assert.deepEqual(asked, ["/full/good-1.0.whl"]);
  await cache.put(`${key.slice(0, key.lastIndexOf("/"))}/older`, new Response("older"));
  await cache.delete(key);
  await open([good], { cache }).read("good");
  assert.deepEqual([...cache.held.keys()], [key]);
});

test("what nobody waits for any more is given up", async () => {
  const { files, read, number } = open([await entry("silent")]);
  const reading = read("silent");
  await once(server, "request");
  files.unwatch(number, true);
  await assert.rejects(reading, /: it was stopped\./);
});
