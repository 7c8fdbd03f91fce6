// Sanitising needs a page and is tested in a browser; this is what stands before it.

import assert from "node:assert/strict";
import test from "node:test";

import { GrowingText, renderBlocks } from "../../../web/render/markdown.js";
import { startingNotebook } from "../../../web/boot/welcome.js";
import { LINEAR, growth, repeated } from "../support/growth.js";

/** @param {string} text */
const html = (text) => renderBlocks(text).join("");

test("each top-level block is a string of its own", () => {
  const blocks = renderBlocks("# A\n\ntext\n\n- one\n- two\n\n```\ncode\n```\n\n---");
  assert.deepEqual(
    blocks.map((block) => /^<(\w+)/.exec(block)?.[1]),
    ["h1", "p", "ul", "div", "hr"],
  );
});

test("as a text grows, only its last blocks change", () => {
  const { responses } = startingNotebook(null).testConfig;
  const answer = /** @type {{ text: string }[]} */ (responses)[0].text;
  const whole = renderBlocks(answer);
  assert.ok(whole.length >= 8);
  for (let end = 0; end < answer.length; end++) {
    const settled = renderBlocks(answer.slice(0, end)).slice(0, -1);
    // A paragraph can become a table or a heading while its next line comes in.
    for (const [i, block] of settled.slice(0, -1).entries()) assert.equal(block, whole[i]);
  }
});

const TRICKY = [
  "A\n***bold***\n\nB\n***\n",
  "1. one\n\n2. two\n\n   more\n\n3\n\n    code\n\ntext\n\n    code\n",
  "- a\n\n- b\n\n  - c\n\n\n- d\n\ntext\n---\n\n> quote\n\n> more\nlazy\n\nend",
  "```py\na = 1\n\n\nb = 2\n```\n\n~~~\nx\n\n```\n~~~\n\nend\n\n```\nopen\n\nend",
  "$$\na\n\nb\n$$\n\n$$a$$ words\n\n$$\nc\n\n$$ words\n\n\\[\nd\n\n\\]\n\nend",
  "see [one] and [two]\n\ntext\n\n[one]: https://example.org/1\n\nmore\n\n[two]: https://example.org/2\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n\n| c |\n\n| d |\n|---|\n\ntext\r\n\r\nmore\r\n\r\n# end",
  "> see [x]\n\n> [x]: /url\n\ntext\rline\r\rmore\r\n\r\n\nend\n\nend",
  "- [ ] a\n- [x] b\n\n\\begin{align}\na\n\nb\n\\end{align}\n\n\\begin{align}\nc\n\nend",
  "\n\n    code\n\n\n    more\n\ntext\n\n\tcode\n \n# head\n## head\n\n\0\n\nend",
];

test("a text that grows is rendered as if it came at once, wherever it is cut", () => {
  const { responses } = startingNotebook(null).testConfig;
  const answers = /** @type {{ text?: string }[]} */ (responses).map(({ text = "" }) => text);
  for (const text of [...TRICKY, TRICKY.join("\n\n"), ...answers]) {
    for (const step of [1, 3, 7]) {
      const growing = new GrowingText();
      for (let end = 0; end < text.length + step; end += step) {
        const now = text.slice(0, end);
        assert.deepEqual(growing.render(now), renderBlocks(now));
      }
      assert.deepEqual(growing.render("another\n\ntext"), renderBlocks("another\n\ntext"));
    }
  }
});

test("HTML in the text is text", () => {
  assert.equal(
    html('<script>alert(1)</script> <img src="x" onerror="y">'),
    "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=&quot;x&quot; onerror=&quot;y&quot;&gt;</p>\n",
  );
});

test("links that run something are no links", () => {
  for (const url of ["javascript:alert(1)", "vbscript:x", "data:text/html,x", "file:///etc"]) {
    assert.doesNotMatch(html(`[text](${url}) <${url}>`), /<a/);
  }
  assert.match(html("[text](https://example.org)"), /<a href="https:\/\/example.org">/);
  assert.match(html("see https://example.org/a"), /<a href="https:\/\/example.org\/a">/);
  assert.doesNotMatch(html("see main.py and example.org"), /<a/);
});

test("an image that would be fetched is shown as its text", () => {
  const image = html('![the "plot"](https://example.org/x.png?secret=1)');
  assert.doesNotMatch(image, /<img/);
  assert.match(image, /class="image" title="Image not loaded: https:.*">the &quot;plot&quot;</);
  assert.match(html("![](//example.org/x.png)"), />image</);
  assert.match(html("![dot](data:image/png;base64,AAAA)"), /<img src="data:image\/png.*alt="dot">/);
});

test("an item that is a task has a box", () => {
  const list = html(
    "- [ ] one\n- [x] *two*\n\n  [ ] text\n- [X]three\n- [y] four\n\n1. [X] five\n\n[ ] six",
  );
  assert.deepEqual(
    [...list.matchAll(/<li( class="task")?>\s*(?:<p>)?([^<\n]*)/g)].map(([, task, text]) => [
      !!task,
      text,
    ]),
    [
      [true, "☐ one"],
      [true, "☑ "],
      [false, "[X]three"],
      [false, "[y] four"],
      [true, "☑ five"],
    ],
  );
  assert.match(list, /<p>\[ \] text<\/p>/);
  assert.match(list, /<p>\[ \] six<\/p>/);
});

test("an environment of LaTeX that is a formula by itself is one", () => {
  const text = "\\begin{align}\na &= b \\\\\n\nc &= d\n\\end{align}";
  assert.match(
    html(`text\n${text}\n\nend`),
    /<p>text<\/p>\n<div class="math display">\\begin\{align\}\na &amp;= b/,
  );
  assert.match(html(text), /\\end\{align\}<\/div>/);
  assert.match(
    html("> \\begin{gather*}x\\end{gather*}"),
    /<blockquote>\s*<div class="math display">/,
  );
  assert.match(html("\\begin{align}\na"), /class="math display pending"/);
  for (const other of [
    "\\begin{itemize}\n\\item x\n\\end{itemize}",
    "\\begin{align}a\\end{align} text",
  ])
    assert.doesNotMatch(html(other), /class="math/);
});

test("a table's columns are aligned by classes", () => {
  const table = html("| a | b | c |\n|:-:|--:|---|\n| 1 | 2 | 3 |");
  assert.match(table, /<td class="center">1<\/td>\s*<td class="right">2<\/td>\s*<td>3<\/td>/);
  assert.doesNotMatch(table, /style=/);
});

test("Python is highlighted, other code is not, and both are escaped", () => {
  const python = html("```python\nif a < 'b':\n    pass\n```");
  assert.match(python, /<span class="tok-keyword">if<\/span>/);
  assert.match(python, /<span class="tok-string">'b'<\/span>/);
  assert.match(python, /&lt;/);
  assert.equal(python.replace(/<[^>]*>/g, ""), "Copyif a &lt; 'b':\n    pass\n");
  assert.match(html("```text\n<b>&amp;\n```"), /<code>&lt;b&gt;&amp;amp;\n<\/code>/);
});

test("an open fence is code already", () => {
  assert.match(html("```python\nprint("), /<pre tabindex="0"><code>/);
});

test("code in other languages is in colour; in unknown ones it is text", () => {
  assert.match(html('```json\n{"a": 1}\n```'), /tok-number/);
  assert.match(html("```sql\nSELECT 1\n```"), /tok-keyword/);
  assert.match(html("```brainfuck\n<+>\n```"), /<code>&lt;\+&gt;\n<\/code>/);
});

const PIECES = [
  ...[
    "[",
    "](",
    "![](",
    "*",
    "**a",
    "_",
    "~~",
    "`",
    "$",
    "$$",
    "\\(",
    "\\)",
    "\\[",
    "\\[\n",
    "$$\n",
  ],
  ...[
    "> ",
    "- ",
    "1. ",
    "|",
    "|a",
    "|-|\n",
    "# a\n",
    "a\n",
    "a\n\n",
    "<",
    "<a",
    "&",
    "&amp",
    "\\",
    "\t",
  ],
  ...[
    "http://a",
    "a@",
    "a@b.",
    "//",
    "www.",
    "[a]:",
    "[a]: x\n",
    "```\n",
    "~~~\n",
    "-\n",
    "=\n",
    "a**b",
  ],
];

test("no text takes a time that grows faster than its length", () => {
  const slow = [];
  for (const piece of PIECES) {
    for (const end of ["", "\\] x", "\\) $$ x\n\nb"]) {
      const make = (/** @type {number} */ size) => repeated(piece)(size) + end;
      const times = growth(make, renderBlocks, 1000);
      if (times > LINEAR) slow.push(`${JSON.stringify(piece)} ${end}: ${times}`);
    }
  }
  assert.deepEqual(slow, []);
});

test("little that is new in a long text is rendered at once, much is not", () => {
  const growing = new GrowingText();
  let text = "";
  for (let n = 0; n < 200; n++) {
    text += `paragraph ${n} ${"word ".repeat(40)}\n\n`;
    assert.ok(growing.isQuick(text), `after ${text.length} characters`);
    growing.render(text);
  }
  assert.ok(!new GrowingText().isQuick(text));
  assert.ok(!growing.isQuick(text + "a".repeat(30_000)));
});
