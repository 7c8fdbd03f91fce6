// The page's icons: strokes in the colour of the surrounding text.

const PATHS = {
  run: "M5 3.5v9l7-4.5z",
  stop: "M4.5 4.5h7v7h-7z",
  up: "M8 13V3.5M4 7l4-4 4 4",
  down: "M8 3v9.5M4 9l4 4 4-4",
  delete: "M3.5 4.5h9M6.5 4.5v-1.5h3v1.5M5 4.5l.5 8.5h5l.5-8.5",
  edit: "M3.5 12.5l.700-2.8 6.3-6.2 2 2-6.2 6.3z",
  more: "M4 8h.01M8 8h.01M12 8h.01",
  grip: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  picture: "M2.500 3.500h11v9h-11zM3 11l3-3.500 2.500 2.500 2-1.500 2.500 2.500M10.500 6h.01",
  files: "M2.5 4.5v8h11v-6.500h-5.500l-1.500-2h-4z",
  done: "M3.5 8.5l3 3 6-7",
};

const FILLED = ["run", "stop"];

/** @param {{ name: keyof typeof PATHS }} props */
export function Icon({ name }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} fill={FILLED.includes(name) ? "currentColor" : "none"} />
    </svg>
  );
}
