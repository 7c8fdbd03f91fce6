import assert from "node:assert/strict";
import test from "node:test";

import { countSvg, isTooMuch } from "../../../../web/render/measure/svg.js";
import { LINEAR, growth, repeated } from "../../support/growth.js";

/** @param {string} inner */
const svg = (inner) => `<svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`;
const ten = (/** @type {string} */ text) => text.repeat(10);

for (const [what, text, count] of /** @type {[string, string, number][]} */ ([
  ["elements", svg("<g><rect/><rect/></g>"), 4],
  [
    "comments and instructions draw nothing",
    `<?xml version="1.0"?><!-- <g/> -->${svg("<![CDATA[<g/>]]>")}`,
    1,
  ],
  [
    "what is used again, before and after it",
    svg('<use href="#a"/><g id="a"><rect/></g><use href="#a"/>'),
    9,
  ],
  [
    "fills, by whatever attribute",
    svg('<g style="fill: url(#p)"/><pattern id="p"><rect/></pattern>'),
    6,
  ],
  ["a link to a part draws nothing", svg('<g id="a"><a href="#a"><rect/></a></g>'), 4],
  [
    "a marker at each point",
    svg('<marker id="m"><rect/></marker><path marker-mid="url(#m)" d="M0 0 L1 1"/>'),
    4 + 5 * 2,
  ],
  [
    "a style sheet may hold for each element",
    svg("<style>*{fill:url(#p)}</style><pattern id='p'/>"),
    3 + 3,
  ],
  [
    "entities are put in their places",
    `<!DOCTYPE svg [<!ENTITY a "b">]>${svg("<text>&a;</text>")}`,
    2,
  ],
])) {
  test(`an SVG is counted: ${what}`, () => assert.equal(countSvg(text), count));
}

for (const [what, text] of [
  [
    "nested uses",
    svg(
      Array.from(
        { length: 9 },
        (_, n) => `<g id="g${n + 1}">${ten(`<use href="#g${n}"/>`)}</g>`,
      ).join("") + '<rect id="g0"/><use href="#g9"/>',
    ),
  ],
  ["a use of itself", svg('<g id="a"><use href="#a"/></g>')],
  [
    "entities that hold entities",
    `<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>${svg("&c;")}`,
  ],
  ["entities that hold elements", `<!DOCTYPE svg [<!ENTITY a "<rect/>">]>${svg("&a;")}`],
  ["entities from elsewhere", `<!DOCTYPE svg [<!ENTITY a SYSTEM "x">]>${svg("&a;")}`],
  ["long entities", `<!DOCTYPE svg [<!ENTITY a "${"b".repeat(9000)}">]>${svg("&a;".repeat(9000))}`],
  ["a picture within", svg("<image href='data:image/svg+xml;base64,AAAA'/>")],
  ["a shape of many points", svg(`<path d="M0 0${"L1 9 9 1".repeat(50_000)}"/>`)],
  ["a line of very many points", svg(`<path fill="none" d="M0 0${"L1 9".repeat(600_000)}"/>`)],
  ...[
    'fill="red" data-a="fill: none"',
    'fill="none" style="fill: red"',
    'style="fill: none; fill: red"',
    'style="fill: none; all: initial"',
    'fill="none" style="f\\69ll: red"',
    "",
  ].map((filled) => [
    `a shape that is filled, by ${filled}`,
    svg(`<path ${filled} d="${"L1 9".repeat(200_000)}"/>`),
  ]),
  [
    "a line that a style fills",
    svg(`<style>path{fill:red}</style><path fill="none" d="${"L1 9".repeat(100_000)}"/>`),
  ],
  ["a place for each letter", svg(`<text x="${"1 ".repeat(200_000)}">a</text>`)],
  ["a long list", svg(`<path d="M0 0L9 9" stroke-dasharray="${"1 ".repeat(1_500_000)}"/>`)],
  ["shapes of many points", svg(`<path d="M0 0${"L1 9 9 1".repeat(3000)}"/>`.repeat(100))],
  ["a long text", svg(`<text>${"word ".repeat(600_000)}</text>`)],
  [
    "a long text used again",
    svg(`<text id="t">${"w".repeat(9000)}</text>${'<use href="#t"/>'.repeat(300)}`),
  ],
  [
    "long attributes used again",
    svg(`<g id="t" style="${"a:b;".repeat(9000)}"/>${'<use href="#t"/>'.repeat(300)}`),
  ],
  ["too many shapes", svg("<rect/>".repeat(200_000))],
  ["too deep", svg("<g>".repeat(300))],
]) {
  test(`an SVG is too much: ${what}`, () => assert.ok(isTooMuch(text)));
}

for (const [what, text] of [
  ["a line of many points", `<path d="M0 0${"L12.25 91.5".repeat(100_000)}" style="fill: none"/>`],
  ["a map", `<path d="M0 0${"L12.25 91.5".repeat(1000)}"/>`.repeat(100)],
  ["a shape", `<path d="M0 0${"L12.25 91.5".repeat(20_000)}"/>`],
  ["a photograph", `<image href="data:image/png;base64,${"a1B2".repeat(1_500_000)}"/>`],
  ["a text", `<text>${"word ".repeat(50_000)}</text>`],
]) {
  test(`an SVG is drawn: ${what}`, () => assert.ok(!isTooMuch(svg(text))));
}

test("a plot of ten thousand points is drawn", () => {
  const points = Array.from(
    { length: 10_000 },
    (_, n) => `<g clip-path="url(#c)"><use xlink:href="#m" x="${n}"/></g>`,
  );
  const style = '<style type="text/css">*{stroke-linejoin: round}</style>';
  const clip =
    '<clipPath id="c"><rect/></clipPath><path id="m" d="M0 3C0.79 3 1.55 2.68 2.12 2.12"/>';
  assert.ok(!isTooMuch(svg(`<defs>${style}${clip}</defs>${points.join("")}`)));
});

test("counting takes a time that grows with the text", () => {
  const pieces = [
    "<a",
    "<a ",
    '<a b="',
    "<!--",
    "<![CDATA[",
    "<?",
    "<a/>",
    "&a;",
    "<style",
    "<!ENTITY a ",
    "a ",
    "#a",
    "<g id='a' b='#a'/>",
  ];
  for (const piece of pieces)
    assert.ok(growth((size) => svg(repeated(piece)(size)), countSvg, 3000) < LINEAR, piece);
});
