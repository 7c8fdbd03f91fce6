"""A tool call and its result as bundles: for the page, for the history, and for plain readers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ...llm.messages import ToolCall
from ...notebook.events import Bundle, Inline
from ..tool import ToolResult

CALL = "application/vnd.anode.aitool+json"
RESULT = "application/vnd.anode.aitool.result+json"


def build_call(
    call: ToolCall, arguments: Mapping[str, Any] | str, source: Mapping[str, Any]
) -> Bundle:
    """The call with ``arguments``: an object, or the model's text where it is none."""
    data = {"tool_call_id": call.id, "tool_name": call.name, "arguments": arguments}
    anode = {
        "role": "function_call",
        **source,
        "tool_call": True,
        "tool_name": call.name,
        "tool_args": arguments if isinstance(arguments, Mapping) else {},
        "tool_call_id": call.id,
        "state": "pending",
    }
    shown = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return {
        CALL: Inline(data=data, metadata={"anode": anode}),
        "text/markdown": Inline(data=f"**Tool call:** `{call.name}`\n\n{fence(shown, 'json')}"),
        "text/plain": Inline(data=f"Tool call: {call.name}({shown})"),
    }


def build_result(
    call: ToolCall,
    arguments: Mapping[str, Any] | str,
    result: ToolResult,
    timestamp: str,
    source: Mapping[str, Any],
) -> Bundle:
    """The result, with what the tool shows besides."""
    data = {
        "tool_call_id": call.id,
        "status": "error" if result.failed else "success",
        "result": result.text,
        "tool_name": call.name,
        "arguments": arguments,
        "timestamp": timestamp,
    }
    anode: dict[str, Any] = {
        "role": "tool",
        **{key: source[key] for key in ("iteration", "run_id") if key in source},
        "tool_name": call.name,
        "tool_call_id": call.id,
    }
    if result.failed:
        anode["tool_error"] = True
    if result.change is not None:
        anode["change"] = dict(result.change)
    said = "failed" if result.failed else "result"
    return {
        "text/markdown": Inline(data=f"**Tool {said}:** `{call.name}`\n\n{fence(result.text)}"),
        "text/plain": Inline(data=f"Tool {said}: {call.name}: {result.text}"),
        **result.bundle,
        RESULT: Inline(data=data, metadata={"anode": anode}),
    }


def fence(text: str, language: str = "") -> str:
    """A Markdown code block whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    bar = "`" * (longest + 1)
    return f"{bar}{language}\n{text}\n{bar}"
