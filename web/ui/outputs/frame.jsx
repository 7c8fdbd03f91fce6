// Shows HTML and charts, which may come from a stranger, in a frame without this page's origin and without
// network access. frame.html and sandbox/ run inside the frame.

/** @import { FromFrame, ToFrame } from "../../sandbox/main.js" */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { FoldButton } from "./fold.jsx";

const MAX_HEIGHT = 640;
/** The height until the frame reports how much it needs. */
const FIRST_HEIGHT = { html: 60, plotly: 450, vega: 320 };

/** @param {{ kind: ToFrame["kind"], data: unknown, title: string }} props */
export function Frame({ kind, data, title }) {
  const frame = useRef(/** @type {HTMLIFrameElement | null} */ (null));
  const [height, setHeight] = useState(FIRST_HEIGHT[kind]);
  const [isWhole, setWhole] = useState(false);
  const [problem, setProblem] = useState("");
  const [isReady, setReady] = useState(false);

  // Listen as soon as the frame is in the page: it reports only once that it is ready.
  useLayoutEffect(() => {
    const listen = (/** @type {MessageEvent<FromFrame>} */ { source, data: message }) => {
      if (source !== frame.current?.contentWindow) return;
      if (message.type === "ready") setReady(true);
      else if (message.type === "height") setHeight(Number(message.height));
      else if (message.type === "failed") setProblem(String(message.reason));
    };
    window.addEventListener("message", listen);
    return () => window.removeEventListener("message", listen);
  }, []);
  useEffect(() => {
    if (!isReady) return;
    setProblem("");
    /** @type {ToFrame} */
    const message = { kind, data };
    // The frame's origin is opaque, so no other target can be given.
    frame.current?.contentWindow?.postMessage(message, "*");
  }, [isReady, kind, data]);

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
