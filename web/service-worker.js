// Serves the site's files from its cache, as long as they are those of the newest build; from the network otherwise.
// It adds the headers that make the page cross-origin isolated, which static hosts often do not send; a busy Python
// can be interrupted only with them. Requests to other origins, such as those to providers, are not touched.
//
// The build lists its files with their hashes (files.json). The list is asked for at each navigation. A file is kept
// only if it has the hash of the list, so that no page of a hotel's network is taken for one of ours; a network that
// accepts and never answers is given up for what was kept before. Files of an older build stay until all that was
// kept of it is there in the newer one, and no other tab may need them.
//
// Code in a cell runs in a worker of this site, and can put other files and lists into the cache. So a list is taken from
// there only if the network gives none, and a file only if it has the hash of the list.

/** @type {any} */
const worker = globalThis;

const CACHE = "runt-pyodide-files";
/** The cache of earlier workers, in which nothing could be told from a stranger's page. */
const EARLIER = "runt-pyodide";
/** Under these addresses, which are none of the site's, two lists are kept: of the last build that the network had,
 * and of the last one that is whole in the cache. */
const NEWEST = "lists/newest.json";
const WHOLE = "lists/whole.json";
/** What a page needs to open. The code for charts is big, and kept once it is used. */
const SHELL = /^(?:index\.html|assets\/(?!plotly|vega)[^/]+\.(?:js|css))$/;
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "credentialless",
  "Cross-Origin-Resource-Policy": "same-origin",
};
/** How long a server may say nothing, if there is something else to show; and if there is nothing. */
const IMPATIENT_MS = 4_000;
const PATIENT_MS = 60_000;

/** @typedef {Record<string, string>} Files the SHA-256 of each file, in base64, by its path */
/** @typedef {{ response: Response, isListed: boolean }} Fetched whether it is the file of the list */

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(worker.clients.claim());
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const isOurs = request.url.startsWith(worker.registration.scope);
  if (!isOurs || request.method !== "GET" || request.headers.has("range")) return;
  const files = request.mode === "navigate" ? newestFiles() : presentFiles();
  event.respondWith(files.then((list) => answer(request, list)).then(isolated));
  if (request.mode === "navigate") event.waitUntil(files.then(renew).catch(() => {}));
});

/** The list that requests of this page are answered by. @type {Promise<Files> | undefined} */
let present;
/** The files that are being fetched, by their keys in the cache. @type {Map<string, Promise<Fetched>>} */
const fetching = new Map();

/** @returns {Promise<Files>} */
function presentFiles() {
  // A browser ends an idle worker and begins it again at any time.
  return (present ??= fetchFiles(NEWEST));
}

/** The list that the network has; without a network, that of the last build that is whole. @returns {Promise<Files>} */
function newestFiles() {
  return (present = fetchFiles(WHOLE));
}

/** @param {string} otherwise the key of the list to take if the network has none @returns {Promise<Files>} */
async function fetchFiles(otherwise) {
  try {
    const response = await read("files.json", { cache: "no-cache" }, IMPATIENT_MS);
    const { files } = await response.clone().json();
    if (typeof files["index.html"] !== "string") throw new Error("This is another site's list.");
    await keep(NEWEST, response);
    return files;
  } catch {
    return keptFiles(otherwise);
  }
}

/** @param {string} key @returns {Promise<Files>} empty if there is none */
async function keptFiles(key) {
  const kept = await (await caches.open(CACHE)).match(key);
  return kept ? (await kept.json()).files : {};
}

/** @param {Request} request @param {Files} files @returns {Promise<Response>} */
async function answer(request, files) {
  const path = pathOf(request.url);
  const hash = files[path];
  const kept = hash && (await keptFile(path, hash));
  if (kept) return kept;
  const older = await caches.match(path, { ignoreSearch: true });
  if (!hash && !older) return fetch(request);
  const options = { redirect: request.mode === "navigate" ? "manual" : request.redirect };
  try {
    const { response, isListed } = hash
      ? await fetchFile(request.url, path, hash, options, older ? IMPATIENT_MS : PATIENT_MS)
      : { response: await read(request.url, options, IMPATIENT_MS), isListed: false };
    const isIt = hash ? isListed : response.status === 200;
    return isIt || !older ? response : older;
  } catch (error) {
    if (older) return older;
    throw error;
  }
}

/** A file, if what is kept of it is that file. @param {string} path @param {string} hash */
async function keptFile(path, hash) {
  const kept = await (await caches.open(CACHE)).match(keyOf(path, hash));
  if (!kept) return undefined;
  const bytes = await kept.arrayBuffer();
  return (await hashOf(bytes)) === hash ? new Response(bytes, kept) : undefined;
}

/**
 * Fetches a file, and keeps it if it is the one of the list. What is another one is for the caller to judge.
 * @param {string} url @param {string} path @param {string} hash @param {any} options @param {number} limit
 * @returns {Promise<Fetched>}
 */
async function fetchFile(url, path, hash, options, limit) {
  const key = keyOf(path, hash);
  const asked = fetching.get(key) ?? fetchAndKeep(url, key, hash, options, limit);
  fetching.set(key, asked);
  try {
    const { response, isListed } = await asked;
    return { response: response.clone(), isListed };
  } finally {
    fetching.delete(key);
  }
}

/**
 * @param {string} url @param {string} key @param {string} hash @param {any} options @param {number} limit
 * @returns {Promise<Fetched>}
 */
async function fetchAndKeep(url, key, hash, options, limit) {
  const response = await read(url, options, limit);
  if (response.status !== 200) return { response, isListed: false };
  const bytes = await response.clone().arrayBuffer();
  const isListed = (await hashOf(bytes)) === hash;
  if (isListed) await keep(key, response.clone());
  return { response, isListed };
}

/**
 * Reads a whole answer. A server that sends nothing for so long is given up.
 * @param {string} url @param {any} options @param {number} limit milliseconds
 * @returns {Promise<Response>}
 */
async function read(url, options, limit) {
  const controller = new AbortController();
  let watch = setTimeout(() => controller.abort(), limit);
  try {
    const response = await fetch(url, { ...options, signal: controller.signal });
    if (!response.body) return response;
    const pieces = [];
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(/** @type {BlobPart} */ (next.value));
      clearTimeout(watch);
      watch = setTimeout(() => controller.abort(), limit);
    }
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    headers.delete("content-encoding"); // the browser has decoded it
    return new Response(new Blob(pieces), { status, statusText, headers });
  } finally {
    clearTimeout(watch);
  }
}

/** Keeps the newer form of all that is kept, and then gives the older one up. @param {Files} files */
async function renew(files) {
  if (!files["index.html"]) return;
  const cache = await caches.open(CACHE);
  const keys = (await cache.keys()).map(({ url }) => url).filter((url) => url.includes("?sha256="));
  const paths = [...keys.map(pathOf), ...Object.keys(files).filter((path) => SHELL.test(path))];
  const wanted = new Map(
    paths.filter((path) => files[path]).map((path) => [path, keyOf(path, files[path])]),
  );
  for (const [path, key] of wanted) {
    if (await cache.match(key)) continue;
    await fetchFile(path, path, files[path], { cache: "no-cache" }, PATIENT_MS);
    if (!(await cache.match(key))) return; // the network has another file, or the disk is full
  }
  await keep(WHOLE, new Response(JSON.stringify({ files })));
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (tabs.length > 1) return;
  const present = new Set([...wanted.values()].map((key) => addressOf(key)));
  for (const url of keys) if (!present.has(url)) await cache.delete(url);
  await caches.delete(EARLIER);
}

/** @param {string} key */
function addressOf(key) {
  return new URL(key, worker.registration.scope).href;
}

/** The path of a file within the site; that of a folder is its page. @param {string} url */
function pathOf(url) {
  const { origin, pathname } = new URL(url);
  const path = `${origin}${pathname}`.slice(worker.registration.scope.length);
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
}

/** @param {string} path @param {string} hash */
function keyOf(path, hash) {
  return `${path}?${new URLSearchParams({ sha256: hash })}`;
}

/** @param {ArrayBuffer} bytes */
async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...digest));
}

/** @param {string} key @param {Response} response */
async function keep(key, response) {
  try {
    await (await caches.open(CACHE)).put(key, response);
  } catch {
    // If the disk is full, nothing is cached; the page still works.
  }
}

/** @param {Response} response @returns {Response} */
function isolated(response) {
  if (response.type === "opaqueredirect" || response.status === 304) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
