// Draws Vega and Vega-Lite charts. It is a separate bundle, loaded when the first one is shown.

import embed from "vega-embed";

/** @param {HTMLElement} place @param {any} spec */
export async function draw(place, spec) {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  await embed(place, spec, {
    actions: { export: true, source: false, compiled: false, editor: false },
    renderer: "svg",
    ...(isDark && { theme: "dark", config: { background: "transparent" } }),
  });
}
