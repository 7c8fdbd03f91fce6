// The name of a key, a combination or a sequence of keys, as this platform writes it.

const IS_MAC = /mac|iphone|ipad/i.test(navigator.userAgent);
const NAMES = { ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Mod: IS_MAC ? "⌘" : "Ctrl" };

/** @param {{ name: string }} props */
export function KeyName({ name }) {
  const words = name
    .split(/[+ ]/)
    .map((part) => NAMES[/** @type {keyof typeof NAMES} */ (part)] ?? part)
    .map((part) => (part.length === 1 ? part.toUpperCase() : part));
  return <kbd>{words.join(" ")}</kbd>;
}
