"""The turns of an AI cell, rebuilt from the outputs that its runs wrote (``transcript.py`` wrote
them), and mended so that every service takes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...llm.messages import Message, ToolCall
from ...notebook.events import Inline
from ...notebook.state.output import Output
from .calls import CALL, RESULT

# Who answers in the place of a provider that is not configured.
MOCK_PROVIDER = "mock"
_NO_RESULT = "This call was stopped before it had a result."


@dataclass(slots=True)
class _Turn:
    texts: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    results: list[Message] = field(default_factory=list)

    def messages(self) -> Iterator[Message]:
        text = "\n\n".join(self.texts)
        if text or self.calls:
            yield Message("assistant", text, tool_calls=tuple(self.calls))
        yield from self.results


def read_turns(outputs: Sequence[Output]) -> list[Message]:
    """What a model said, called and was told, without its thinking; nothing of a mock answer, which
    is for the reader."""
    turns: dict[tuple[Any, Any], _Turn] = {}
    for output in outputs:
        anode = output.anode
        if anode.get("ai_provider") == MOCK_PROVIDER:
            continue
        turn = turns.setdefault((anode.get("run_id"), anode.get("iteration")), _Turn())
        if output.kind == "markdown":
            if not anode.get("thinking") and output.text.strip():
                turn.texts.append(output.text)
        elif (call := _data_of(output, CALL)) is not None:
            turn.calls.append(_read_call(call))
        elif (result := _data_of(output, RESULT)) is not None:
            turn.results.append(_read_result(result))
    return [message for turn in turns.values() for message in turn.messages()]


def repair(messages: Sequence[Message]) -> list[Message]:
    """The messages with exactly one result right after each call, in the order of the calls: what
    is missing says so, and results that no call asked for are left out."""
    mended: list[Message] = []
    at = 0
    while at < len(messages):
        message = messages[at]
        at += 1
        if message.role == "tool":
            continue
        if not message.tool_calls:
            mended.append(message)
            continue
        results: dict[str | None, Message] = {}
        while at < len(messages) and messages[at].role == "tool":
            results.setdefault(messages[at].tool_call_id, messages[at])
            at += 1
        calls = {call.id: call for call in message.tool_calls}
        mended.append(replace(message, tool_calls=tuple(calls.values())))
        for call in calls.values():
            nothing = Message("tool", _NO_RESULT, tool_call_id=call.id, tool_name=call.name)
            mended.append(results.get(call.id, nothing))
    return mended


def _data_of(output: Output, mime: str) -> Mapping[str, Any] | None:
    shown = output.bundle.get(mime) if output.kind == "display" else None
    return shown.data if isinstance(shown, Inline) and isinstance(shown.data, Mapping) else None


def _read_call(data: Mapping[str, Any]) -> ToolCall:
    arguments = data.get("arguments")
    text = arguments if isinstance(arguments, str) else json.dumps(arguments or {})
    return ToolCall(str(data.get("tool_call_id", "")), str(data.get("tool_name", "")), text)


def _read_result(data: Mapping[str, Any]) -> Message:
    result = data.get("result", "")
    return Message(
        "tool",
        result if isinstance(result, str) else json.dumps(result),
        tool_call_id=str(data.get("tool_call_id", "")),
        tool_name=str(data.get("tool_name", "")),
    )
