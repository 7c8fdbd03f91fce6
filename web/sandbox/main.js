// Runs in frame.html, which has no origin and no network: shows what the page sends, and reports its height.
// Scripts in the HTML do not run; the code for charts is loaded when it is needed. Where a page shows frame.html
// without a sandbox, it has the origin of this site, and does nothing.

import DOMPurify from "dompurify";

import { messageOf } from "../render/error.js";

/**
 * The messages to the frame, and from it.
 * @typedef {{ kind: "html" | "plotly" | "vega", data: any }} ToFrame
 * @typedef {{ type: "ready" } | { type: "begun" } | { type: "shown" } | { type: "height", height: number }
 *   | { type: "failed", reason: string } | { type: "file", path: string }} FromFrame
 */

const place = /** @type {HTMLElement} */ (document.getElementById("place"));
const scripts = /** @type {HTMLScriptElement} */ (document.currentScript).src;

/** @param {FromFrame} message */
const tell = (message) => parent.postMessage(message, "*");

/** @type {Record<ToFrame["kind"], (data: any) => unknown>} */
const SHOWS = {
  html(data) {
    DOMPurify.addHook("afterSanitizeAttributes", openLinksElsewhere);
    place.innerHTML = DOMPurify.sanitize(String(data), { FORCE_BODY: true });
  },
  async plotly(data) {
    const { draw } = await load("plotly");
    await draw(place, data);
  },
  async vega(data) {
    const { draw } = await load("vega");
    await draw(place, data);
  },
};

/** @param {Element} node */
function openLinksElsewhere(node) {
  if (node.nodeName !== "A") return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer");
}

/**
 * Loads a script of the site, as a classic script: a module would need CORS headers here.
 * @param {"plotly" | "vega"} name
 * @returns {Promise<{ draw: (place: HTMLElement, data: any) => Promise<unknown> }>}
 */
function load(name) {
  return new Promise((resolve, reject) => {
    const loaded = () => resolve(/** @type {any} */ (globalThis)[`chart_${name}`]);
    const script = document.createElement("script");
    script.src = new URL(`${name}.js`, scripts).href;
    script.onload = loaded;
    script.onerror = () => reject(new Error(`${name}.js of this site cannot be loaded`));
    document.head.append(script);
  });
}

/** @param {MessageEvent<ToFrame>} message */
async function show({ source, data: { kind, data } }) {
  if (source !== parent) return;
  tell({ type: "begun" });
  try {
    await SHOWS[kind](data);
  } catch (error) {
    tell({ type: "failed", reason: messageOf(error) });
  }
  void place.offsetHeight; // laid out too: a frame out of sight gets no animation frame in which that would happen
  tell({ type: "shown" });
}

/** A link to no other site, as FileLink makes it, is one to a file of the notebook. @param {MouseEvent} event */
function followFileLink(event) {
  const link = /** @type {Element} */ (event.target).closest?.("a[href]");
  const path = link?.getAttribute("href") ?? "";
  if (path === "" || /^(?:[a-z][a-z\d+.-]*:|\/\/|#)/i.test(path)) return;
  event.preventDefault();
  tell({ type: "file", path });
}

function reportHeight() {
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(place.getBoundingClientRect().height) + 2;
    if (height === told) return;
    told = height;
    tell({ type: "height", height });
  }).observe(place);
}

if (origin === "null") {
  addEventListener("message", show);
  addEventListener("click", followFileLink);
  reportHeight();
  tell({ type: "ready" });
}
