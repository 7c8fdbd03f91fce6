// Draws Plotly figures. It is a separate bundle, loaded when the first one is shown.

import Plotly from "plotly.js-dist-min";

/**
 * @param {HTMLElement} place
 * @param {any} figure {data, layout, config}
 */
export async function draw(place, { data, layout = {}, config = {}, frames }) {
  // Plotly's default margins leave room for a title even if there is none.
  const margin = { t: layout.title ? 60 : 24, r: 24, b: 48, l: 56, ...layout.margin };
  const sized = { autosize: true, height: 420, ...groundFor(layout), ...layout, margin };
  const options = { responsive: true, displaylogo: false, ...config };
  await Plotly.react(place, data, sized, options);
  if (frames) await Plotly.addFrames(place, frames);
}

/** Colours for a dark page, if the figure has no template of its own. @param {any} layout */
function groundFor({ template }) {
  if (template || !matchMedia("(prefers-color-scheme: dark)").matches) return {};
  const clear = "rgba(0,0,0,0)";
  const axis = { gridcolor: "#34373c", zerolinecolor: "#7b7f86", linecolor: "#7b7f86" };
  const look = { paper_bgcolor: clear, plot_bgcolor: clear, font: { color: "#e3e4e6" } };
  return { template: { layout: { ...look, xaxis: axis, yaxis: axis } } };
}
