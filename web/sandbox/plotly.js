// Draws Plotly figures. It is a separate bundle, loaded when the first one is shown.

import Plotly from "plotly.js-dist-min";

/** The ground of charts in Plotly's default template. */
const LIGHT = "#E5ECF6";

/**
 * @param {HTMLElement} place
 * @param {any} figure {data, layout, config}
 */
export async function draw(place, { data, layout = {}, config = {}, frames }) {
  // Plotly's default margins leave room for a title even if there is none.
  const margin = { t: layout.title ? 60 : 24, r: 24, b: 48, l: 56, ...layout.margin };
  const sized = { autosize: true, height: 420, ...layout, ...groundFor(layout), margin };
  const options = { responsive: true, displaylogo: false, ...config };
  await Plotly.react(place, data, sized, options);
  if (frames) await Plotly.addFrames(place, frames);
}

/** Colours for a dark page, if the figure has no template but Plotly's own for light ones. @param {any} layout */
function groundFor({ template, paper_bgcolor }) {
  const isChosen = template && template.layout?.plot_bgcolor !== LIGHT;
  if (isChosen || paper_bgcolor || !matchMedia("(prefers-color-scheme: dark)").matches) return {};
  const clear = "rgba(0,0,0,0)";
  const axis = { gridcolor: "#34373c", zerolinecolor: "#7b7f86", linecolor: "#7b7f86" };
  const look = { paper_bgcolor: clear, plot_bgcolor: clear, font: { color: "#e3e4e6" } };
  const layout = { ...template?.layout, ...look };
  const axes = { xaxis: { ...layout.xaxis, ...axis }, yaxis: { ...layout.yaxis, ...axis } };
  return { template: { ...template, layout: { ...layout, ...axes } } };
}
