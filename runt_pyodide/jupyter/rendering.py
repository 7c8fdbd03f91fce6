"""Renders an output of an AI cell for a Jupyter front end: as Markdown, or as what a tool shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from ..ai.record.calls import as_line, call_of, fence, result_of
from ..ai.record.fields import RESULT, AIRecord, CallData, CallState, ResultData
from ..ai.text.markdown import without_fetches
from ..ai.text.output import clip
from ..ai.text.sizes import Excerpt
from ..ipynb.outputs import write_output
from ..notebook.events import Inline
from ..notebook.hidden import show_hidden
from ..notebook.state.output import Output
from .controls import describe_arguments

_WEB_ADDRESS = re.compile(r"https?://[!-;=?-~]+", re.IGNORECASE)
_MARKUP = re.compile(r"[^\w\s]")
_STATES: Mapping[CallState, str] = {
    "pending": "",
    "waiting": "waits for you",
    "running": "running",
    "success": "done",
    "error": "failed",
    "denied": "denied",
    "cancelled": "stopped",
}
# How much of a tool's result a reader is shown, from its start and from its end.
_SHOWN = Excerpt(2_000, 1_000)


def render(output: Output) -> dict[str, Any]:
    """Return data by MIME type; empty for an output that has nothing to show yet, and for errors,
    which the shell shows."""
    if output.kind == "markdown":
        quiet = _render_text(output, without_fetches(output.text))
        return _markdown(quiet, _render_text(output, output.text))
    if output.kind != "display":
        return {}
    data = {mime: one.data for mime, one in output.bundle.items() if isinstance(one, Inline)}
    if (call := call_of(output)) is not None:
        return _markdown(_render_call(call, AIRecord.of(output)))
    if (result := result_of(output)) is not None:
        return _render_result(result, data)
    return data


def render_whole(output: Output) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the data of an output that is over, and the metadata that make of it, in the file of
    the notebook, what a page writes there: the run, its calls and what it took."""
    shown, written = render(output), write_output(output)
    metadata = written.get("metadata", {})
    if output.kind == "markdown":
        text = shown.get("text/markdown", "")
        own = {} if text == output.text else {"text": output.text}
        return shown, {**metadata, "runt": {**metadata.get("runt", {}), **own}}
    return ({**written.get("data", {}), **shown} if shown else {}), metadata


def _markdown(text: str, plain: str = "") -> dict[str, Any]:
    return {"text/markdown": text, "text/plain": plain or text} if text.strip() else {}


def _render_text(output: Output, text: str) -> str:
    record = AIRecord.of(output)
    parts = [f"> {notice.text}" for notice in record.notices]
    if text.strip():
        parts.append(_details("Thinking", text) if record.thinking else text)
    if record.finish_reason == "cancelled":
        parts.append("*Stopped.*")
    links = [*_render_sources(record)]
    if links:
        parts.append("Sources:\n\n" + "\n".join(links))
    return "\n\n".join(parts)


def _render_sources(record: AIRecord) -> Iterator[str]:
    """Yield a line with a link for each page. A file may hold any address and title."""
    for page in record.sources:
        if _WEB_ADDRESS.fullmatch(page.url):
            title = _MARKUP.sub(r"\\\g<0>", show_hidden(" ".join(page.title.split()) or page.url))
            yield f"- [{title}](<{page.url}>)"


def _render_call(call: CallData, record: AIRecord) -> str:
    arguments = call.arguments
    if isinstance(arguments, str):
        shown = [show_hidden(arguments)]
    else:
        shown = describe_arguments(arguments or {})
    state = _STATES[record.state] if record.state else ""
    if record.duration_ms is not None and state:
        state = f"{state}, {record.duration_ms / 1000:.1f} s"
    head = f"**{without_fetches(as_line(call.tool_name))}**" + (f" ({state})" if state else "")
    if not shown:
        return head
    short = ", ".join(shown)
    if len(short) <= 100 and "\n" not in short and "`" not in short:
        return f"{head} `{short}`"
    return f"{head}\n\n" + "\n\n".join(fence(one, "python") for one in shown)


def _render_result(result: ResultData, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the tool shows, with its text collapsed, since it is for the model."""
    about = {RESULT, "text/markdown", "text/plain"}
    own = {mime: one for mime, one in data.items() if mime not in about}
    if own:
        return {**own, "text/plain": data.get("text/plain", "")}
    if not result.text.strip():
        return {}
    said = "Error from" if result.status == "error" else "Result of"
    text = fence(clip(result.text, _SHOWN)[0])
    return _markdown(_details(f"{said} {escape(as_line(result.tool_name or ''))}", text))


def _details(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"
