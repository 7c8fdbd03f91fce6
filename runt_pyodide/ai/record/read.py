"""The turns of an AI cell, rebuilt from the outputs that its runs wrote (see `write`), and repaired
so that every service takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...llm.messages import Message, ToolCall
from ...notebook.state.output import Output
from .calls import read_call, result_of
from .fields import MOCK_PROVIDER, AIRecord
from .service_state import read_state

_NO_RESULT = "This call was stopped before it had a result."


@dataclass(slots=True)
class _Turn:
    texts: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    results: list[Message] = field(default_factory=list)
    thinking: list[str] = field(default_factory=list)
    written_state: tuple[Mapping[str, Any], ...] = ()
    origin: str = ""

    def messages(self) -> Iterator[Message]:
        text = "\n\n".join(self.texts)
        if text or self.calls:
            yield Message(
                "assistant",
                text,
                tool_calls=tuple(self.calls),
                state=read_state(self.written_state, "".join(self.thinking)),
                origin=self.origin,
            )
        yield from self.results

    def add_text(self, output: Output, record: AIRecord) -> None:
        if record.thinking:
            self.thinking.append(output.text)
        elif output.text.strip():
            self.texts.append(output.text)
        self.written_state = record.service_state or self.written_state


def read_turns(outputs: Sequence[Output]) -> list[Message]:
    """Return what a model said, called and was told, with the state that its service wants back.
    Its thinking is left out, and so are mock answers, which are for the reader."""
    turns: dict[tuple[str | None, int | None], _Turn] = {}
    for output in outputs:
        record = AIRecord.of(output)
        if record.ai_provider == MOCK_PROVIDER:
            continue
        turn = turns.setdefault((record.run_id, record.iteration), _Turn())
        turn.origin = record.origin or turn.origin
        if output.kind == "markdown":
            turn.add_text(output, record)
        elif (call := read_call(output)) is not None:
            turn.calls.append(call)
        elif (result := result_of(output)) is not None:
            name, call_id = result.tool_name or "", result.tool_call_id
            turn.results.append(Message("tool", result.text, tool_call_id=call_id, tool_name=name))
    return [message for turn in turns.values() for message in turn.messages()]


def describe_sources(outputs: Sequence[Output]) -> str:
    """Return the pages of the web that an answer rests on, one a line; "" if there are none."""
    pages = {page.url: page.title for one in outputs for page in AIRecord.of(one).sources}
    return "\n".join(f"{title} <{url}>".strip() for url, title in pages.items())


def last_iteration(outputs: Sequence[Output]) -> int:
    """Return the number of the last turn that the outputs record; 0 if they record none."""
    return max((AIRecord.of(output).iteration or 0 for output in outputs), default=0)


def repair(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with exactly one result for each call, right after it and in the order of
    the calls. A missing result is replaced by one that says so; a result without a call is left
    out."""
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
