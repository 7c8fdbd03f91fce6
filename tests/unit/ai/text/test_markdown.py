"""A model's Markdown fetches nothing, and its code stays as it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from runt_pyodide.ai.text.markdown import without_fetches

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
FETCHES = ("![a](http://evil.test/?k)", "<img src='http://evil.test/?k'>")


def fetches(text: str) -> list[Token]:
    """What of the Markdown a reader may fetch something for."""
    tokens = [token for block in READER.parse(text) for token in [block, *(block.children or ())]]
    kinds = ("image", "html_inline", "html_block")
    return [
        one for one in tokens if one.type in kinds or (one.type == "fence" and "merm" in one.info)
    ]


KEPT = [
    "**Hi** `x`",
    "a < b, 1<2, x![y]".replace("![", "! ["),
    "Run this:\n```html\n<img src='a'>\n```\nand `<b>`, ``![`` too.",
    "```rust\nlet a = vec![1];\n\n#![allow(x)]",
    "`<div>` and `![a](b)`\n`<p>`",
    "A price of $5, \\alpha, a [link](b) and [x]: y",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_fetches_nothing_stays_as_it_is(text: str) -> None:
    assert without_fetches(text) == text
    assert fetches(text) == []


def test_a_picture_becomes_a_link_and_html_is_text() -> None:
    assert without_fetches("See ![a](http://b/c) <i>x</i>") == (
        "See &#33;[a](http://b/c) &lt;i>x&lt;/i>"
    )
    assert without_fetches("```Mermaid\nA") == "```diagram\nA"
    assert without_fetches("- ```mermaid") == "- ```diagram"


# Each makes a reader see code where another sees none, or the other way round.
TRICKS = [
    "\\{}",
    "`\n{}\n`",
    "a `b\n` {} `",
    "`` ` {} ` ``",
    "| a | b |\n|---|---|\n| `a | b` {} ` | `",
    "| a | b |\n|---|---|\n| `a | b` `{}` |",
    "\\`{}`",
    "~~~\n\n```\n~~~\n{}\n```",
    "- ```\n  x\n\n```\n{}\n```",
    "```\n    ```\n\n```\n{}\n```",
    "```\n``` \n\n```\n{}\n```",
    "```\n```\t\n{}",
    "``` a b\n\n```\n{}\n```",
    "   ```\n\n```\n{}\n```",
    "<!--\n\n```\n-->\n{}\n```",
    "<pre>\n\n```\n</pre>{}",
    "> ```\n{}",
    "1. a\n   ```\n   {}\n   ```\n   {}",
    '[a]: b "t\n\n```\n"\n{}\n```',
    "$$\n```\n$$\n{}",
    "\\begin{{a}}\n```\n\\end{{a}}\n{}",
    "```\r\rx\r```\r{}",
    "http://a.b/`{}`",
    "![{}](x)",
    "[![x][y]][z] {}\n\n[y]: http://evil.test/?k",
]


@pytest.mark.parametrize("attack", FETCHES)
@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_has_anything_fetched(trick: str, attack: str) -> None:
    text = trick.replace("{{", "{").replace("}}", "}").replace("{}", attack)
    assert fetches(without_fetches(text)) == []


MARKS = [
    "`",
    "``",
    "```",
    "~~~",
    "\n",
    "\n\n",
    " ",
    "    ",
    "\t",
    "\r",
    "\\",
    "|",
    "|-|\n",
    "- ",
    "> ",
]
OTHERS = ["1. ", "a", "$", "[a]: b", '"', "<!--", "-->", "<pre>", "</pre>", "mermaid", "&", "#33;"]
PIECES = st.sampled_from([*FETCHES, *MARKS, *OTHERS])


@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_text_has_anything_fetched(text: str) -> None:
    assert fetches(without_fetches(text)) == []


@pytest.mark.parametrize(
    "unit", ["`", "` ", "``` ", "![", "<a", "\n```\n", "|`", "mermaid```", "$\\ "]
)
def test_it_takes_linear_time(unit: str) -> None:
    text = "<a" + unit * (400_000 // len(unit))
    start = time.process_time()
    without_fetches(text)
    assert time.process_time() - start < 2
