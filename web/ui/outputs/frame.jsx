// Shows HTML and charts, which may come from a stranger, in a frame without this page's origin and without
// network access. frame.html and sandbox/ run inside the frame.

/** @import { FromFrame, ToFrame } from "../../sandbox/main.js" */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { cutBlocks, depthOf } from "../../render/measure/html.js";
import { FoldButton } from "./fold.jsx";
import { Stream } from "./terminal.jsx";

const MAX_HEIGHT = 640;
/** The height until the frame reports how much it needs. */
const FIRST_HEIGHT = { html: 60, plotly: 450, vega: 320 };
/** How long a frame may draw, from when it has begun. The code for charts has to be loaded within that time too. */
const LIMIT_MS = { html: 5_000, plotly: 30_000, vega: 30_000 };
/** More tables within tables are laid out so slowly that the HTML is shown as text. */
const DEEPEST_TABLES = 12;

/** A page of HTML, as much as is drawn at once. @param {{ html: string }} props */
export function Html({ html }) {
  const [steps, setSteps] = useState(1);
  const isDeep = useMemo(() => depthOf(html, /^table$/i) > DEEPEST_TABLES, [html]);
  const { shown, isWhole } = useMemo(() => cutBlocks([html], steps), [html, steps]);
  if (isDeep) return <AsText html={html} why="It has too many tables within tables." />;
  return (
    <>
      <Frame kind="html" data={shown.join("")} title="HTML output" />
      {!isWhole && (
        <button
          type="button"
          class="fold-button"
          data-testid="show-more"
          onClick={() => setSteps(steps + 1)}
        >
          Show more of this long output
        </button>
      )}
    </>
  );
}

/** @param {{ html: string, why: string }} props */
function AsText({ html, why }) {
  return (
    <>
      <p class="empty">{`This HTML is shown as text. ${why}`}</p>
      <Stream text={html} name="stdout" />
    </>
  );
}

/** @param {{ kind: ToFrame["kind"], data: unknown, title: string }} props */
export function Frame({ kind, data, title }) {
  const { frame, height, problem, isHeld, retry } = useFrame(kind, data);
  const [isWhole, setWhole] = useState(false);
  if (isHeld) {
    return (
      <p class="empty" data-testid="frame-held">
        This output took too long to draw, so it was taken away.{" "}
        <button type="button" onClick={retry}>
          Try again
        </button>
      </p>
    );
  }
  const isLong = kind === "html" && height > MAX_HEIGHT;
  return (
    <>
      <iframe
        ref={frame}
        title={title}
        src="frame.html"
        sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"
        data-kind={kind}
        style={{ height: `${isLong && !isWhole ? MAX_HEIGHT : height}px` }}
      />
      {isLong && <FoldButton what="output" {...{ isWhole, setWhole }} />}
      {problem && <p class="mark">{`This chart cannot be shown: ${problem}`}</p>}
    </>
  );
}

/** @param {ToFrame["kind"]} kind @param {unknown} data */
function useFrame(kind, data) {
  const page = usePage();
  const frame = useRef(/** @type {HTMLIFrameElement | null} */ (null));
  const [height, setHeight] = useState(FIRST_HEIGHT[kind]);
  const [problem, setProblem] = useState("");
  const [isReady, setReady] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const watch = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));

  // Listen as soon as the frame is in the page: it reports only once that it is ready.
  useLayoutEffect(() => {
    const reports = {
      ready: () => setReady(true),
      begun: () => (watch.current = setTimeout(() => setHeld(true), LIMIT_MS[kind])),
      shown: () => clearTimeout(watch.current),
      height: (/** @type {any} */ { height: told }) => setHeight(heightOf(told)),
      file: (/** @type {any} */ { path }) => void page.files.openLink(String(path)),
      failed: (/** @type {any} */ { reason }) => setProblem(String(reason).slice(0, 1000)),
    };
    const listen = (/** @type {MessageEvent<FromFrame>} */ { source, data: message }) => {
      if (source !== frame.current?.contentWindow || !Object.hasOwn(reports, message?.type)) return;
      reports[message.type](message);
    };
    window.addEventListener("message", listen);
    return () => {
      window.removeEventListener("message", listen);
      clearTimeout(watch.current);
    };
  }, []);
  useEffect(() => {
    if (!isReady) return;
    setProblem("");
    /** @type {ToFrame} */
    const message = { kind, data };
    // The frame's origin is opaque, so no other target can be given.
    frame.current?.contentWindow?.postMessage(message, "*");
  }, [isReady, kind, data]);
  const retry = () => {
    setReady(false);
    setHeld(false);
  };
  return { frame, height, problem, isHeld, retry };
}

/** @param {unknown} told by the frame */
function heightOf(told) {
  const height = Number(told);
  return height > 0 ? Math.min(height, 100_000) : 0;
}
