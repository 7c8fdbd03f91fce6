"""Outputs of an AI cell as Jupyter shows them."""

from __future__ import annotations

from typing import Any

from runt_pyodide.ai.record.calls import build_call, build_result
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.ai.tool import ToolResult
from runt_pyodide.jupyter.rendering import render
from runt_pyodide.llm.messages import ToolCall
from runt_pyodide.notebook.bundle import build_bundle
from runt_pyodide.notebook.events import (
    DeltaBody,
    Inline,
    MarkdownOutputAdded,
    MultimediaDisplayOutputAdded,
)
from runt_pyodide.notebook.state.output import Delta, Output

CALL = ToolCall("c", "weather", "")


def text(data: str, **anode: Any) -> dict[str, Any]:
    content = Inline(data=data, metadata={"anode": anode})
    return render(Output(MarkdownOutputAdded(id="o", cell_id="c", position=0, content=content)))


def call(arguments: Any, **anode: Any) -> str:
    bundle = build_call(CALL, arguments, AIRecord())
    added = MultimediaDisplayOutputAdded(id="o", cell_id="c", position=0, representations=bundle)
    output = Output(added)
    output.add_delta(Delta(0, "d", DeltaBody(metadata={"anode": anode})))
    shown: str = render(output)["text/markdown"]
    return shown


def result(told: ToolResult) -> dict[str, Any]:
    bundle = build_result(CALL, {}, told, "2026-01-01T00:00:00.000Z", AIRecord())
    added = MultimediaDisplayOutputAdded(id="o", cell_id="c", position=0, representations=bundle)
    return render(Output(added))


def test_text_is_markdown_and_nothing_is_nothing() -> None:
    assert text("*Hi*") == {"text/markdown": "*Hi*", "text/plain": "*Hi*"}
    assert text("") == {}


def test_thinking_is_folded_away() -> None:
    shown = text("Hm.", thinking=True)["text/markdown"]
    assert shown == "<details><summary>Thinking</summary>\n\nHm.\n\n</details>"


def test_notices_and_a_stop_are_said() -> None:
    notices = [{"kind": "retry", "text": "Retrying in 1 s (1 of 2)."}]
    shown = text("Half", notices=notices, finish_reason="cancelled")["text/markdown"]
    assert shown == "> Retrying in 1 s (1 of 2).\n\nHalf\n\n*Stopped.*"


def test_a_model_s_text_and_names_have_nothing_fetched() -> None:
    picture = "![a](http://evil.test/?k)"
    shown = text(f"See {picture}")
    assert shown["text/markdown"] == "See &#33;[a](http://evil.test/?k)"
    assert shown["text/plain"] == f"See {picture}"
    assert picture not in text(picture, thinking=True)["text/markdown"]
    name = f"x\n\n{picture}\u202e"
    bundle = build_call(ToolCall("c", name, ""), {}, AIRecord())
    added = MultimediaDisplayOutputAdded(id="o", cell_id="c", position=0, representations=bundle)
    assert render(Output(added))["text/markdown"] == "**x &#33;[a](http://evil.test/?k)⟦U+202E⟧**"
    assert picture in call(f"a\r\r{picture}")  # in code: as it is, but for the ends of lines
    assert "\r" not in call(f"a\r\r{picture}")


def test_a_call_says_how_far_it_is() -> None:
    assert call({}, state="pending") == "**weather**"
    assert call({"city": "Bern"}, state="waiting") == '**weather** (waits for you) `city = "Bern"`'
    assert call({}, state="success", duration_ms=1240) == "**weather** (done, 1.2 s)"
    assert call("no {json", state="error") == "**weather** (failed) `no {json`"


def test_long_and_quoted_arguments_are_blocks() -> None:
    assert call({"source": "a = `1`\nb"}, state="running").endswith("```python\na = `1`\nb\n```")
    assert '````python\nsource = "```"\n````' in call({"source": "```", "n": 1}, state="running")


def test_a_result_is_folded_away_and_cut() -> None:
    shown = result(ToolResult("x" * 9_000))["text/markdown"]
    assert shown.startswith("<details><summary>Result of weather</summary>")
    assert "[... 6,000 characters left out ...]" in shown
    failed = result(ToolResult("ValueError: no", failed=True))["text/markdown"]
    assert "Error from weather" in failed
    assert result(ToolResult("")) == {}


def test_what_a_tool_shows_is_shown() -> None:
    bundle = build_bundle({"image/svg+xml": "<svg/>", "text/html": "<b>x</b>"})
    shown = result(ToolResult("told", bundle=bundle))
    assert shown["image/svg+xml"] == "<svg/>"
    assert shown["text/html"] == "<b>x</b>"
    assert "text/markdown" not in shown


def test_sources_are_links_that_say_no_more_than_links() -> None:
    """A file may hold any address and any title."""
    pages = [
        {"url": "https://example.com/a?b=(1)", "title": "One [x](javascript:1) <b>\u202e"},
        {"url": "https://example.org/"},
        {"url": "javascript:alert(1)", "title": "No"},
        {"url": "https://example.com/> [x](y", "title": "No"},
    ]
    shown = text("Found.", sources=pages)["text/markdown"]
    assert shown.startswith("Found.\n\nSources:\n\n- [One ")
    assert shown.count("\n- [") == 2
    assert "](<https://example.com/a?b=(1)>)" in shown
    assert "(<https://example.org/>)" in shown
    assert "](javascript" not in shown
    assert "<b>" not in shown.replace("\\", "/")
    assert "\u202e" not in shown
