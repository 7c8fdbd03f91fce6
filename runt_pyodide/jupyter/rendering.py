"""An output of an AI cell as what a Jupyter front end shows: Markdown, and what tools show."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from ..ai.record.calls import CALL, RESULT, fence
from ..ai.text.output import clip
from ..notebook.events import Inline
from ..notebook.state.output import Output
from .controls import describe_arguments

_STATES = {
    "pending": "",
    "waiting": "waits for you",
    "running": "running",
    "success": "done",
    "error": "failed",
    "denied": "denied",
    "cancelled": "stopped",
}
# Of what a tool gave, a reader is shown so much from its start and its end.
_HEAD, _TAIL = 2_000, 1_000


def render(output: Output) -> dict[str, Any]:
    """Data by MIME type; nothing for an output that has nothing to show yet, and for errors, which
    the shell shows."""
    if output.kind == "markdown":
        return _markdown(_render_text(output))
    if output.kind != "display":
        return {}
    data = {mime: one.data for mime, one in output.bundle.items() if isinstance(one, Inline)}
    if CALL in data:
        return _markdown(_render_call(data[CALL], output.anode))
    if RESULT in data:
        return _render_result(data)
    return data


def _markdown(text: str) -> dict[str, Any]:
    return {"text/markdown": text, "text/plain": text} if text.strip() else {}


def _render_text(output: Output) -> str:
    anode = output.anode
    parts = [f"> {notice['text']}" for notice in anode.get("notices", ())]
    if output.text.strip():
        thinking = anode.get("thinking")
        parts.append(_details("Thinking", output.text) if thinking else output.text)
    if anode.get("finish_reason") == "cancelled":
        parts.append("*Stopped.*")
    return "\n\n".join(parts)


def _render_call(call: Mapping[str, Any], anode: Mapping[str, Any]) -> str:
    arguments = call.get("arguments")
    shown = [arguments] if isinstance(arguments, str) else describe_arguments(arguments or {})
    state = _STATES.get(anode.get("state", ""), "")
    if (duration := anode.get("duration_ms")) is not None and state:
        state = f"{state}, {duration / 1000:.1f} s"
    head = f"**{call.get('tool_name')}**" + (f" ({state})" if state else "")
    if not shown:
        return head
    short = ", ".join(shown)
    if len(short) <= 100 and "\n" not in short and "`" not in short:
        return f"{head} `{short}`"
    return f"{head}\n\n" + "\n\n".join(fence(one, "python") for one in shown)


def _render_result(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the tool shows; its text folded away, since it is for the model."""
    result = data[RESULT]
    about = {RESULT, "text/markdown", "text/plain"}
    own = {mime: one for mime, one in data.items() if mime not in about}
    if own:
        return {**own, "text/plain": data.get("text/plain", "")}
    text = str(result.get("result", ""))
    if not text.strip():
        return {}
    failed = result.get("status") == "error"
    said = f"{'What failed in' if failed else 'Result of'} {escape(str(result.get('tool_name')))}"
    return _markdown(_details(said, fence(clip(text, _HEAD, _TAIL)[0])))


def _details(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"
