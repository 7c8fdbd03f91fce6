// What goes to and from the frame.

/**
 * @typedef {{ kind: "html" | "plotly" | "vega", data: any }} ToFrame
 * @typedef {{ type: "ready" } | { type: "height", height: number } | { type: "failed", reason: string }} FromFrame
 */

export {};
