// Shows pictures. What would take more memory or time than a page has is described, or shown as text.

import { useMemo, useState } from "preact/hooks";

import { isTooBig, sizeOf } from "../../render/measure/picture.js";
import { isTooMuch } from "../../render/measure/svg.js";
import { Stream } from "./terminal.jsx";

/** No wider or higher picture is asked for, in CSS pixels. */
const LONGEST_SIDE = 10_000;
const LONGEST_ALT = 1_000;

/** @param {{ data: unknown, type: string, metadata: any, text: unknown }} props */
export function Picture({ data, type, metadata, text }) {
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
  const { needs_background: ground } = metadata;
  return (
    <img
      src={`data:${type};base64,${bytes}`}
      alt={altOf(text)}
      data-ground={ground}
      {...{ width, height }}
    />
  );
}

/** @param {unknown} side from a file @returns {number | undefined} */
function sideOf(side) {
  const number = Number(side ?? NaN);
  return number > 0 && number <= LONGEST_SIDE ? number : undefined;
}

/** What the text beside a picture says of it, unless it is only the name of an object. @param {unknown} text */
function altOf(text) {
  const said = String(text ?? "").trim();
  return said && !said.startsWith("<") ? said.slice(0, LONGEST_ALT) : "Image output";
}

/**
 * An SVG in an img element can neither run scripts nor fetch anything.
 * @param {{ data: unknown, metadata: any, text: unknown }} props
 */
export function Svg({ data, metadata, text }) {
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
  const { needs_background: ground } = metadata;
  const source = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  return <img src={source} alt={altOf(text)} data-ground={ground} />;
}
