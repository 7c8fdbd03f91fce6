// Serves the site's files from the network, or from its cache while there is no network. It adds the headers that
// make the page cross-origin isolated, which static hosts often do not send; a busy Python can be interrupted only
// with them. Requests to other origins, such as those to providers, are not touched.

/** @type {any} */
const worker = globalThis;

const CACHE = "runt-pyodide";
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "credentialless",
  "Cross-Origin-Resource-Policy": "same-origin",
};

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(worker.clients.claim());
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const isOurs = new URL(request.url).origin === worker.location.origin;
  if (isOurs && request.method === "GET") event.respondWith(answer(request));
});

/** @param {Request} request @returns {Promise<Response>} */
async function answer(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.status === 200) await keep(cache, request, response.clone());
    return isolated(response);
  } catch (error) {
    // Addresses of notebooks differ by the id, but the page is the same.
    const kept = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
    if (kept) return isolated(kept);
    throw error;
  }
}

/** @param {Cache} cache @param {Request} request @param {Response} response */
async function keep(cache, request, response) {
  try {
    await cache.put(request, response);
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
