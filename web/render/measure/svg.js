// How much an SVG draws: an element counts as often as references repeat it. A browser makes a copy for each of
// them, so that a kilobyte of nested <use> can become a billion elements.
//
// Whatever the names mean, every "#name" in an attribute counts as a reference: what is counted twice shows a
// picture as text, what is not counted would hold the page.

/** Pictures of more elements are shown as text. A scatter plot of matplotlib has two for each of its points. */
const MOST_ELEMENTS = 100_000;
const MOST_CHARACTERS = 8_000_000;
const DEEPEST = 200;
/** What an element of a filter counts: each of them is drawn over all pixels of what it filters. */
const FILTER = 50;
/** So many characters, and so many numbers, of what an element draws count as one more element. */
const CHARACTERS_OF_ELEMENT = { text: 25, attribute: 100 };
const NUMBERS_OF_ELEMENT = 10;
/** The edges of a filled shape are compared with each other: this many numbers of one attribute count as one element,
 * twice as many as four. */
const NUMBERS_OF_SHAPE = 475;

// Comments, CDATA and instructions, which draw nothing; a tag with its attributes.
const PART =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)|<(\/?)([^\s<>/!?"'=]+)((?:[\s/](?:[^<>"']|"[^"]*"|'[^']*')*)?)>/g;
const ATTRIBUTE = /([^\s=<>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g;
const REFERENCE = /#([^\s"'()<>#;,]+)/g;
/** What in a style may fill a shape: the word may be written with escapes, and come from elsewhere. */
const FILLING = /fill|all|[\\@]|\/\*/i;
/** What has a reference, but draws nothing of it. */
const POINTS_ONLY = /^(?:a|animate\w*|set|mpath|discard)$/;

/**
 * @typedef {object} Element
 * @property {number} own what it counts itself
 * @property {Element[]} children
 * @property {string[]} drawn the ids that it refers to, each as often as it is drawn
 * @property {number} times how often what it refers to is drawn
 */

/** Whether a picture is too much to be drawn. @param {string} svg */
export function isTooMuch(svg) {
  return svg.length > MOST_CHARACTERS || countSvg(svg) > MOST_ELEMENTS;
}

/** @param {string} svg @returns {number} Infinity if it has parts that cannot be counted */
export function countSvg(svg) {
  const text = expandEntities(svg);
  if (text === undefined || /data:image\/svg/i.test(text)) return Infinity;
  const tree = readTree(text);
  if (!tree) return Infinity;
  const { elements, byId } = tree;
  /** @type {Map<Element, number>} */
  const known = new Map();
  const count = (/** @type {Element} */ element, depth = 0) => {
    const before = known.get(element);
    if (before !== undefined) return before;
    if (depth > DEEPEST) return Infinity;
    known.set(element, Infinity); // until it is counted: what refers to itself has no end
    let sum = element.own;
    for (const child of element.children) sum += count(child, depth + 1);
    for (const id of element.drawn) {
      const target = byId.get(id);
      if (target) sum += element.times * count(target, depth + 1);
    }
    known.set(element, sum);
    return sum;
  };
  const drawn = elements[0] ? count(elements[0]) : 0;
  // Any rule of a style sheet may hold for each element.
  const ids = new Set([...stylesOf(text).matchAll(REFERENCE)].map(([, id]) => id));
  const byStyles = [...ids].map((id) => byId.get(id)).filter((target) => target !== undefined);
  return byStyles.reduce((sum, target) => sum + elements.length * count(target), drawn);
}

/**
 * Puts the texts of entities in their places; drawing programs use them for long addresses.
 * @param {string} svg
 * @returns {string | undefined} undefined if entities hold others or elements, or make the text too long
 */
function expandEntities(svg) {
  const declared = [...svg.matchAll(/<!ENTITY\s+([^\s%&;"']+)\s+(?:"([^"]*)"|'([^']*)')\s*>/g)];
  if (declared.length !== svg.split("<!ENTITY").length - 1) return undefined;
  const values = new Map(declared.map(([, name, one, other]) => [name, one ?? other ?? ""]));
  if ([...values.values()].some((value) => /[<&%]/.test(value))) return undefined;
  let left = MOST_CHARACTERS;
  const text = svg.replace(/&([^\s&;#]{1,100});/g, (whole, name) => {
    const value = values.get(name) ?? whole;
    left -= value.length;
    return left < 0 ? "" : value;
  });
  return left < 0 ? undefined : text;
}

/** @param {string} text */
function readTree(text) {
  /** @type {Element[]} */
  const elements = [];
  /** @type {Map<string, Element>} */
  const byId = new Map();
  /** @type {Element[]} */
  const open = [];
  const isFilledLater = /<(?:animate|set)\b/.test(text) || FILLING.test(stylesOf(text));
  let end = 0;
  for (const { 0: tag, 1: slash, 2: name, 3: attributes, index } of text.matchAll(PART)) {
    const written = text.slice(end, index).trim().length + (tag.startsWith("<![") ? tag.length : 0);
    const around = open.at(-1);
    if (around) around.own += Math.floor(written / CHARACTERS_OF_ELEMENT.text);
    end = index + tag.length;
    if (name === undefined) continue;
    if (slash) {
      open.pop();
      continue;
    }
    const element = readElement(name, attributes, byId);
    element.own += costOfAttributes(attributes, isFilledLater);
    (open.at(-1) ?? elements[0])?.children.push(element);
    elements.push(element);
    if (!tag.endsWith("/>")) open.push(element);
    if (open.length > DEEPEST) return undefined;
  }
  return { elements, byId };
}

/** @param {string} name @param {string} attributes @param {Map<string, Element>} byId @returns {Element} */
function readElement(name, attributes, byId) {
  const local = name.slice(name.indexOf(":") + 1);
  /** @type {Element} */
  const element = { own: local.startsWith("fe") ? FILTER : 1, children: [], drawn: [], times: 1 };
  let points = 1;
  let hasMarkers = false;
  for (const [, attribute, one, other] of attributes.matchAll(ATTRIBUTE)) {
    const value = one ?? other ?? "";
    if (attribute === "id" || attribute === "xml:id") byId.set(value, element);
    // A marker is drawn at each point of a line.
    if (attribute === "d" || attribute === "points") points += value.split(/[\s,]+/).length;
    hasMarkers ||= attribute.startsWith("marker") || value.includes("marker");
    if (POINTS_ONLY.test(local)) continue;
    for (const [, id] of value.matchAll(REFERENCE)) element.drawn.push(id);
  }
  if (hasMarkers) element.times = points;
  return element;
}

/** @param {string} text */
function stylesOf(text) {
  return [...text.matchAll(/<style[\s\S]*?<\/style/g)].join("");
}

/**
 * What the lengths of attributes count: a path may have a million points.
 * @param {string} text
 * @param {boolean} isFilledLater whether something else may fill what its own attributes do not
 */
function costOfAttributes(text, isFilledLater) {
  if (text.length < CHARACTERS_OF_ELEMENT.attribute) return 0;
  const attributes = new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, name, one, other]) => [name, one ?? other ?? ""]),
  );
  let cost = text.length / CHARACTERS_OF_ELEMENT.attribute - 1;
  for (const [name, value] of attributes) {
    const hasNumbers = value.length > NUMBERS_OF_SHAPE && !name.endsWith("href");
    const numbers = hasNumbers ? countNumbers(value) : 0;
    const isLine = (name === "d" || name === "points") && !isFilledLater && isHollow(attributes);
    cost += numbers / NUMBERS_OF_ELEMENT + (isLine ? 0 : (numbers / NUMBERS_OF_SHAPE) ** 2);
  }
  return Math.floor(cost);
}

/** Whether a path is not filled, so that its edges are drawn one by one. @param {ReadonlyMap<string, string>} attributes */
function isHollow(attributes) {
  const rules = (attributes.get("style") ?? "").split(";").filter((rule) => FILLING.test(rule));
  if (rules.length === 0) return attributes.get("fill") === "none";
  return rules.every((rule) => rule.replace(/\s/g, "") === "fill:none");
}

/** How many runs of digits a text has: one or two for each number. @param {string} text */
function countNumbers(text) {
  let count = 0;
  let isWithin = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isDigit = code >= 48 && code <= 57;
    if (isDigit && !isWithin) count += 1;
    isWithin = isDigit;
  }
  return count;
}
