// Draws formulas in the places that markdown.js left for them. KaTeX is loaded for the first one. Short formulas are
// drawn at once, as long as there is time; the others in a worker, or in later turns.

import { renderApart } from "./apart/apart.js";
import { drawTex, isQuick } from "./tex.js";
import { hasTime } from "./apart/turn.js";

/** @import { Katex } from "./tex.js" */

/** @type {Promise<void> | undefined} */
let loading;
/** @type {Katex | undefined} */
let katex;

/** Draws the formulas in an element, at once if KaTeX is loaded and they are short. @param {HTMLElement} element */
export function drawMath(element) {
  const places = /** @type {NodeListOf<HTMLElement>} */ (
    element.querySelectorAll(".math:not(.pending, [data-tex])")
  );
  if (places.length === 0) return;
  if (!katex) {
    loading ??= load();
    void loading.then(() => drawMath(element));
    return;
  }
  for (const place of places) {
    const tex = place.textContent;
    if (!isQuick(tex)) void drawApart(place);
    else if (hasTime()) show(place, drawTex(katex, tex, place.matches(".display")));
    else {
      setTimeout(() => drawMath(element));
      return;
    }
  }
}

/** @param {HTMLElement} place */
async function drawApart(place) {
  const tex = place.textContent;
  place.dataset.tex = tex;
  const job = { kind: /** @type {const} */ ("formula"), tex, isDisplay: place.matches(".display") };
  const html = await renderApart(job).catch(() => "");
  show(place, /** @type {string} */ (html));
}

/** @param {HTMLElement} place @param {string} html or an empty string if the formula cannot be drawn */
function show(place, html) {
  place.dataset.tex = place.textContent;
  if (html === "") {
    place.classList.add("undrawn");
    place.title = "This formula is too long, nested too deeply, or takes too long to draw.";
    return;
  }
  place.innerHTML = html;
  for (const element of place.querySelectorAll("[data-style]")) {
    const { style, dataset } = /** @type {HTMLElement} */ (element);
    style.cssText = dataset.style ?? "";
    delete dataset.style;
  }
}

async function load() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("katex.css", import.meta.url).href;
  document.head.append(sheet);
  ({ default: katex } = await import("katex"));
}
