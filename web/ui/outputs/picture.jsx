// Shows pictures. What would take more memory or time than a page has is described, or shown as text.

import { useMemo, useState } from "preact/hooks";

import { isTooBig, sizeOf } from "../../render/measure/picture.js";
import { isTooMuch } from "../../render/measure/svg.js";
import { Stream } from "./terminal.jsx";

/** No wider or higher picture is asked for, in CSS pixels. */
const LONGEST_SIDE = 10_000;

/** @param {{ data: unknown, type: string, metadata: any }} props */
export function Picture({ data, type, metadata }) {
  const bytes = useMemo(() => String(data).replace(/\s/g, ""), [data]);
  const size = useMemo(() => sizeOf(bytes), [bytes]);
  const [isWanted, setWanted] = useState(false);
  if (isTooBig(size) && !isWanted) {
    const [width, height] = [size.width, size.height].map((side) => side.toLocaleString("en"));
    return (
      <p class="empty">
        {`This picture has ${width} × ${height} pixels, which may take more memory than the browser has. `}
        <button type="button" onClick={() => setWanted(true)}>
          Show it
        </button>
      </p>
    );
  }
  const [width, height] = [metadata.width, metadata.height].map(sideOf);
  return <img src={`data:${type};base64,${bytes}`} alt="Image output" {...{ width, height }} />;
}

/** @param {unknown} side from a file @returns {number | undefined} */
function sideOf(side) {
  const number = Number(side ?? NaN);
  return number > 0 && number <= LONGEST_SIDE ? number : undefined;
}

/** An SVG in an img element can neither run scripts nor fetch anything. @param {{ data: unknown }} props */
export function Svg({ data }) {
  const svg = String(data);
  const isLarge = useMemo(() => isTooMuch(svg), [svg]);
  if (isLarge) {
    return (
      <>
        <p class="empty">
          This SVG picture has more parts than the page can draw, so here is its text.
        </p>
        <Stream text={svg} name="stdout" />
      </>
    );
  }
  return <img src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt="Image output" />;
}
