"""What a cell's Markdown, an answer or an output may be: small, and made to be slow to show.

Each stands for a kind: what is nested, what is opened and never closed, what is looked for again
from each place, what grows when it is expanded.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
ESC = "\x1b"


def nested(opening: str, middle: str, closing: str, times: int) -> str:
    return opening * times + middle + closing * times


MARKDOWN: dict[str, str] = {
    "open displays": "\\[\n" * 20_000,
    "open inline formulas": "\\(" * 30_000,
    "dollars": "$a " * 30_000,
    "displays that text follows": "\\[\n" * 20_000 + "\\] x",
    "nested groups": f"$${nested('{', 'x', '}', 5_000)}$$",
    "nested superscripts": f"${nested('x^{', 'x', '}', 5_000)}$",
    "nested roots": f"$${nested(chr(92) + 'sqrt{', 'x', '}', 300)}$$",
    "nested fractions": f"$${nested(chr(92) + 'frac{1}{', 'x', '}', 1_000)}$$",
    "macros that grow": "$$\\def\\b{" + "\\frac12" * 700 + "}" + "\\b" * 190 + "$$",
    "macros that double": "$$\\def\\a#1{#1#1#1#1#1#1#1#1}" + nested("\\a{", "x", "}", 12) + "$$",
    "a matrix of 4,000 columns": "$$\\begin{matrix}" + "&" * 4_000 + "\\end{matrix}$$",
    "3,000 formulas": "$x^2_i + \\frac{a}{b}$ " * 3_000,
    "a formula of 100,000 characters": f"$${'x+' * 50_000}$$",
    "nested quotes": "> " * 20_000 + "a",
    "quotes of growing depth": "\n".join("> " * depth + "a" for depth in range(400)),
    "nested lists": "\n".join("  " * depth + "- a" for depth in range(700)),
    "lists in one line": "- " * 20_000,
    "open emphasis": "*a " * 30_000,
    "emphasis of all kinds": "*a **b _c __d " * 10_000,
    "open links": "[" * 60_000,
    "nested links": nested("[", "a", "](b)", 5_000),
    "open pictures": "![](" * 20_000,
    "references": "".join(f"[{n}]: x\n" for n in range(5_000)) + "[1][2]" * 5_000,
    "open code": "`a" * 10_000 + "".join("`" * n + " " for n in range(300)),
    "entities": "&" * 60_000,
    "addresses": "http://a" * 10_000,
    "mail addresses": "a@" * 30_000,
    "a wide table": "|" + "a|" * 5_000 + "\n|" + "-|" * 5_000 + "\n|" + "a|" * 5_000,
    "a long table": "|a|b|\n|-|-|\n" + "|a|b|\n" * 30_000,
    "a table that grows": "|" * 3_000 + "\n|" + "-|" * 3_000 + "\n" + "|\n" * 3_000,
    "100,000 headings": "# a\n" * 100_000,
    "a paragraph of 2,000,000 letters": "a" * 2_000_000,
    "1,000,000 emphases": "*a* " * 250_000,
    "Python of 500,000 characters": "```python\n" + "f(" * 250_000 + "\n```",
    "nested Python": "```python\n" + nested("[", "1", "]", 8_000) + "\n```",
    "nested HTML as code": "```html\n" + "<a>" * 6_000 + "\n```",
    "an unclosed string": "```python\n" + "'" * 19_000 + "\n```",
    "JSON as code": "```json\n" + '{"a":' * 4_000 + "\n```",
    "link definitions while it grows": "[a]:\n" * 12_000,
    "backslashes": "\\" * 60_000,
    "1 MB of letters that join (Markdown)": "\u0628\u0644" * 250_000,
    "words in a dictionary (Markdown)": "\u1000\u102d \u1780" * 25_000,
}

STREAMS: dict[str, str] = {
    "a sequence of 1 MB": f"a{ESC}[{'1;' * 500_000}mb",
    "sequences without an end": f"{ESC}[1;1;1" * 100_000,
    "links without an end": f"{ESC}]8;;a" * 100_000,
    "a colour for each letter": "".join(f"{ESC}[3{n % 8}ma" for n in range(100_000)),
    "decorations that pile up": f"{ESC}[1ma" * 100_000,
    "the screen, erased": f"a\n{ESC}[2J" * 50_000,
    "the cursor, moved": f"{ESC}[100A{ESC}[199Ga{ESC}[99B" * 30_000,
    "lines, erased": "a" * 50_000 + f"{ESC}[1K" * 50_000,
    "backspaces": "ab\b" * 300_000,
    "a line of 3,000,000 letters": "a" * 3_000_000,
    "1,000,000 lines": "a\n" * 1_000_000,
    "combining characters": "a" + "\u0301" * 200_000,
    "letters that join": "\u0628" * 100_000,
    "1 MB of letters that join": "\u0628\u0644" * 250_000,
    "letters without blanks": "\u0e01\u0e34" * 50_000,
    "words in a dictionary": "\u1000\u102d" * 250_000,
    "right to left": "\u202e\u2067a" * 30_000,
}


def uses(levels: int, times: int = 10) -> str:
    """An SVG that repeats its parts so many times, within each other."""
    groups = "".join(
        f'<g id="g{level}">' + f'<use xlink:href="#g{level - 1}"/>' * times + "</g>"
        for level in range(1, levels + 1)
    )
    drawn = f'<use xlink:href="#g{levels}"/>'
    return f'{SVG} width="99" height="99"><rect id="g0" width="9" height="9"/>{groups}{drawn}</svg>'


def entities(levels: int) -> str:
    declared = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, levels + 1)
    )
    doctype = f'<!DOCTYPE svg [<!ENTITY e0 "aaaaaaaaaa">{declared}]>'
    return f"{doctype}{SVG}><text>&e{levels};</text></svg>"


def patterns(levels: int) -> str:
    made = "".join(
        f'<pattern id="p{level}" width="9" height="9" patternUnits="userSpaceOnUse">'
        + f'<rect width="9" height="9" fill="url(#p{level - 1})"/>' * 10
        + "</pattern>"
        for level in range(1, levels + 1)
    )
    first = '<pattern id="p0" width="1" height="1"><rect width="1" height="1"/></pattern>'
    return f'{SVG}>{first}{made}<rect width="99" height="99" fill="url(#p{levels})"/></svg>'


SVGS: dict[str, str] = {
    "nested uses": uses(9),
    "entities of entities": entities(9),
    "a flat entity, repeated": f'<!DOCTYPE svg [<!ENTITY e "{"a" * 10_000}">]>{SVG}><text>'
    + "&e;" * 10_000
    + "</text></svg>",
    "nested patterns": patterns(8),
    "nested groups in a picture": f"{SVG}>{nested('<g>', '<rect/>', '</g>', 20_000)}</svg>",
    "300,000 shapes": f"{SVG}>{'<rect width=' + chr(34) + '9' + chr(34) + '/>' * 300_000}</svg>",
    "markers": f'{SVG}><marker id="m">{"<rect/>" * 1_000}</marker>'
    f'<path marker-mid="url(#m)" d="M0 0{" L1 1" * 20_000}"/></svg>',
    "a style for all": f"{SVG}><style>*{{fill:url(#p)}}</style>"
    f'<pattern id="p">{"<rect/>" * 2_000}</pattern>{"<rect/>" * 2_000}</svg>',
    "a picture in a picture": f"{SVG}><image href='data:image/svg+xml;base64,"
    f"{base64.b64encode(uses(9).encode()).decode()}' width='9' height='9'/></svg>",
    "filters": f'{SVG} width="9000" height="9000"><filter id="f">'
    + '<feTurbulence baseFrequency="0.9" numOctaves="99"/>' * 3_000
    + '</filter><rect width="9000" height="9000" filter="url(#f)"/></svg>',
    "a huge attribute": f'{SVG}><path d="{"M0 0L9 9" * 800_000}"/></svg>',
}

HTML: dict[str, str] = {
    "nested tables": "<table><tr><td>" * 300 + "a",
    "nested elements": "<div>" * 100_000 + "a",
    "nested formatting": "<b><i><u>" * 20_000 + "a",
    "formatting that is adopted": "<p><b><i>a</p>" * 10_000,
    "a table of 200,000 cells": f"<table>{('<tr>' + '<td>1</td>' * 20 + '</tr>') * 10_000}</table>",
    "a huge attribute of HTML": f"<p title='{'a' * 5_000_000}'>a</p>",
    "100,000 attributes": f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>a</p>",
    "nested grids": "<div style='display:grid'>" * 400 + "a",
    "nested flexes": "<div style='display:flex;flex-wrap:wrap'>" * 400 + "a",
    "a page of a billion pixels": "<div style='height:1e9px;width:1e9px'>a</div>",
    "selectors": "<style>" + "* " * 3_000 + "a{color:red}</style>" + "<p>a</p>" * 4_000,
    "open comments": "<!--" * 100_000,
    "open tags": "<a " * 100_000,
}


def png(width: int, height: int) -> str:
    """A file of a few bytes that says to be a picture of this size, in base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", data), chunk(b"IEND", b""))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


PICTURES: dict[str, str] = {
    "a picture of a billion pixels": png(100_000, 100_000),
    "a picture that is none": "====" * 250_000,
    "half a picture": png(50_000, 2)[:40],
}


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


JSON: dict[str, Any] = {
    "200,000 keys": {f"key {n}": n for n in range(200_000)},
    "a list of 500,000": list(range(500_000)),
    "JSON of 140 levels": deep(140),
    "100 lists of 100": [[[n] * 100 for n in range(100)] for _ in range(100)],
    "a text of 5,000,000": "a" * 5_000_000,
    "a name of 1,000,000": {"a" * 1_000_000: 1},
    "__proto__": json.loads('{"__proto__": {"a": 1}, "constructor": 1, "toString": 2}'),
}

# What a model is said to have called, and what came of it.
CALLS: dict[str, Any] = {
    "140 arrays as an argument": {"a": deep(140)},
    "195 arrays as an argument": {"a": deep(195)},
    "20,000 arguments": {f"name {n}": n for n in range(20_000)},
    "an argument of 3 MB": {"source": "f(" * 1_500_000},
    "1 MB of letters that join as an argument": {"source": "\u0628\u0644" * 250_000},
    "arguments named like JavaScript's": json.loads('{"__proto__": {"a": 1}, "constructor": 1}'),
    "arguments that read otherwise": {"cellId": "\u202e" * 50_000},
}

# Of cells: in an editor, or rendered.
SOURCES: dict[str, str] = {
    "one line of 1 MB": "a" * 1_000_000,
    "300,000 lines": "a\n" * 300_000,
    "words without end": "a.b" * 200_000,
    "brackets": "[" * 20_000,
    "strings": "'''" * 20_000,
    "strings within": "f'{" * 20_000,
    "quotes": "> " * 20_000,
    "queries": "(SELECT " * 20_000,
    "marks": "a" + "\u0301" * 100_000,
    "letters that join": "\u0628" * 100_000,
}
