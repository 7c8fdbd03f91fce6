// Draws formulas in the places that markdown.js left for them. KaTeX is loaded for the first one.

/** @type {Promise<typeof import("katex").default> | undefined} */
let loading;
/** @type {typeof import("katex").default | undefined} */
let katex;

/** Draws the formulas in an element, at once if KaTeX is loaded. @param {HTMLElement} element */
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
    place.dataset.tex = tex;
    // The TeX is not trusted: it can neither link nor fetch anything, and its macros expand only so far.
    katex.render(tex, place, {
      displayMode: place.matches(".display"),
      throwOnError: false,
      trust: false,
      strict: "ignore",
      maxSize: 20,
      maxExpand: 200,
    });
  }
}

async function load() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("katex.css", import.meta.url).href;
  document.head.append(sheet);
  ({ default: katex } = await import("katex"));
  return katex;
}
