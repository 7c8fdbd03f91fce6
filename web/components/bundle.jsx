// A display or a result: the best of its representations that the page can show.

/** @import { Bundle as BundleOf } from "../output.js" */

import { Markdown } from "./markdown.jsx";
import { Stream } from "./terminal.jsx";

/**
 * HTML is shown without scripts, origin or network: it may be a stranger's.
 * @param {{ data: any }} props
 */
function Frame({ data }) {
  const html = String(data);
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";
  const page =
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">` +
    '<meta name="color-scheme" content="light dark">' +
    "<style>body{margin:0;font:14px/1.5 system-ui,sans-serif}table{border-collapse:collapse}" +
    `th,td{padding:.2em .6em;text-align:right}tr+tr{border-top:1px solid #8884}</style>${html}`;
  // From outside its height cannot be known; its rows are a good guess, and it can be resized.
  const rows = html.match(/<(tr|p|br|li|h[1-6]|div|pre)\b|\n/gi)?.length ?? 1;
  const height = `${Math.min(24, 3 + rows * 1.7)}rem`;
  return <iframe title="HTML output" sandbox="" srcdoc={page} style={{ height }} />;
}

/** @param {string} type */
const base64Image = (type) =>
  function Image(/** @type {{ data: any }} */ { data }) {
    const bytes = String(data).replace(/\s/g, "");
    return <img src={`data:${type};base64,${bytes}`} alt="Image output" />;
  };

/** As an image an SVG can neither run scripts nor fetch. @param {{ data: any }} props */
function Svg({ data }) {
  return <img src={`data:image/svg+xml,${encodeURIComponent(String(data))}`} alt="Image output" />;
}

/** @param {{ data: any }} props */
function Json({ data }) {
  return <pre class="stream">{JSON.stringify(data, null, 2)}</pre>;
}

/** The best first. @type {Record<string, (props: { data: any }) => any>} */
const VIEWS = {
  "text/html": Frame,
  "image/svg+xml": Svg,
  "image/png": base64Image("image/png"),
  "image/jpeg": base64Image("image/jpeg"),
  "image/gif": base64Image("image/gif"),
  "image/webp": base64Image("image/webp"),
  "text/markdown": ({ data }) => <Markdown text={String(data)} />,
  "application/json": Json,
  "text/plain": ({ data }) => <Stream text={String(data)} name="stdout" />,
};

/** @param {{ bundle: BundleOf }} props */
export function Bundle({ bundle }) {
  const type = Object.keys(VIEWS).find((known) => bundle[known]?.type === "inline");
  const types = Object.keys(bundle).join(", ");
  const View = type && VIEWS[type];
  return (
    <div class="result" data-testid="result" data-mime={type}>
      {View ? <View data={bundle[type].data} /> : <p class="empty">Cannot be shown: {types}</p>}
    </div>
  );
}
