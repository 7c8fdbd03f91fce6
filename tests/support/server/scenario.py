"""Scenarios: what the stand-in server does with one request. Values only; see script.py.

An `Answer` is neutral: the same one is spoken as OpenAI's chat completions, as its Responses API,
as Ollama's chat or as Anthropic's messages, streamed or whole, as is asked. `Raw` and `Fixed` are
bytes as given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

from tests.support.server.captures import load_capture

WriteBoundaries: TypeAlias = int | Callable[[bytes], Iterable[bytes]] | None
"""Where the body is cut into writes: None for one write per event, a number of bytes for pieces of
that size whatever they cut (the last may be shorter), or a function from bytes to pieces."""

TroubleKind = Literal["hang", "reset", "fin", "close", "error"]
At: TypeAlias = int | Literal["before_headers"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong, in place of the rest of the response.

    hang: nothing more comes, the connection stays. reset: the connection is cut with RST. fin: it
    ends with FIN, without the terminating chunk. close: the body ends properly, but without finish
    reason and end mark. error: an error object comes in the stream, under HTTP 200.

    `at` says when: "before_headers", or after that many deltas (0: after the headers, before any
    byte of the body). An answer that is not streamed counts as one delta.

    A browser drops what it has not handed to the page when a cut arrives, after a FIN too. Where
    the page must see the deltas before it, set the answer's `gate_after` to the same number, and
    open the gate when they are there.
    """

    kind: TroubleKind
    at: At = 0
    message: str = "The server had an error while processing your request."

    def __post_init__(self) -> None:
        if self.at == "before_headers" and self.kind in ("close", "error"):
            raise ValueError(f"{self.kind!r} needs a body to be in")


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model makes; `arguments` is sent as it is, valid JSON or not.

    It takes `fragments` deltas: the first has id and name, the arguments are cut over the others.
    """

    name: str
    arguments: str = "{}"
    id: str = "call_1"
    fragments: int = 2

    @property
    def parts(self) -> tuple[str, ...]:
        """The arguments, one string for each delta."""
        if self.fragments == 1:
            return (self.arguments,)
        return ("", *cut(self.arguments, self.fragments - 1))


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of the usage record."""

    prompt: int = 11
    completion: int = 7


@dataclass(frozen=True, slots=True)
class Framing:
    """How server-sent events are written; SSE allows each of these (WHATWG HTML, 9.2.5).

    `comment_every`: a keep-alive comment before every so many events, 0 for none. `event_lines`: an
    `event: message` line in each. `escape`: non-ASCII text as JSON escapes, as Python servers do.
    """

    line_ending: Literal["\n", "\r", "\r\n"] = "\n"
    writes: WriteBoundaries = None
    comment_every: int = 0
    event_lines: bool = False
    space: bool = True
    bom: bool = False
    escape: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's answer, as text cut in `deltas` near-equal parts, or as the parts themselves.

    `pace` is the time between two writes in seconds. `gate_after` holds the stream after that many
    deltas (thinking, text and tool-call deltas all count) until the test opens the exchange's gate.
    `finish_reason` "auto" is tool_calls after a tool call, else stop; None leaves it out.
    """

    text: str | tuple[str, ...] = "The sky looks blue because air scatters short waves."
    deltas: int = 10
    pace: float = 0.0
    gate_after: int | None = None
    thinking: str | tuple[str, ...] = ()
    thinking_key: Literal["reasoning_content", "reasoning"] = "reasoning_content"
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str | None = "auto"
    usage: Usage = field(default_factory=Usage)
    send_usage: Literal["asked", "always", "never"] = "asked"
    done: bool = True
    trouble: Trouble | None = None
    framing: Framing = field(default_factory=Framing)
    content_type: str = "text/event-stream; charset=utf-8"

    def __post_init__(self) -> None:
        count = sum(len(call.parts) for call in self.tool_calls)
        count += len(self.text_parts) + len(self.thinking_parts)
        at = self.trouble.at if self.trouble else 0
        for name, index in (("gate_after", self.gate_after), ("trouble.at", at)):
            if isinstance(index, int) and not 0 <= index <= count:
                raise ValueError(f"{name} is {index}, but the answer has {count} deltas")

    @property
    def text_parts(self) -> tuple[str, ...]:
        """The text, one string for each delta."""
        return cut(self.text, self.deltas) if isinstance(self.text, str) else self.text

    @property
    def thinking_parts(self) -> tuple[str, ...]:
        """The thinking, one string for each delta."""
        return cut(self.thinking, self.deltas) if isinstance(self.thinking, str) else self.thinking

    @property
    def reason(self) -> str | None:
        """The finish reason that is sent."""
        if self.finish_reason == "auto":
            return "tool_calls" if self.tool_calls else "stop"
        return self.finish_reason


@dataclass(frozen=True, slots=True)
class Raw:
    """A chunked body of exactly these writes; `gate_after` counts writes."""

    writes: tuple[bytes, ...]
    status: int = 200
    content_type: str = "text/event-stream"
    pace: float = 0.0
    gate_after: int | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """A whole response with a Content-Length."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


Scenario: TypeAlias = Answer | Raw | Fixed


def cut(text: str, count: int) -> tuple[str, ...]:
    """Cut text into `count` parts of near-equal length, or one per character if it is shorter."""
    count = min(count, len(text))
    edges = [len(text) * index // count for index in range(count + 1)] if count else []
    return tuple(text[a:b] for a, b in pairwise(edges))


def regroup(body: bytes, writes: WriteBoundaries) -> tuple[bytes, ...]:
    """Cut bytes into writes; see `WriteBoundaries`."""
    if writes is None:
        return (body,) if body else ()
    if callable(writes):
        return tuple(writes(body))
    return tuple(body[start : start + writes] for start in range(0, len(body), writes))


def replay(
    name: str,
    writes: WriteBoundaries = None,
    *,
    pace: float = 0.0,
    gate_after: int | None = None,
) -> Raw:
    """A capture's body once more: at the boundaries that it came with, or at others."""
    capture = load_capture(name)
    pieces = capture.chunks if writes is None else regroup(capture.body, writes)
    kind = capture.header("content-type")
    return Raw(pieces, capture.status, kind, pace=pace, gate_after=gate_after)


def html_error(status: int = 502) -> Fixed:
    """The error page of a proxy in front of the service."""
    title = f"{status} Bad Gateway" if status == 502 else f"{status} Error"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Fixed(status, page.encode(), "text/html; charset=utf-8")


def empty_answer() -> Fixed:
    """HTTP 200 without a body, as some compatible servers answer when they fail."""
    return Fixed(200, b"", "text/event-stream")


def error_body(message: str, kind: str, code: str | None = None, param: str | None = None) -> bytes:
    """An error body of OpenAI's shape."""
    error = {"message": message, "type": kind, "param": param, "code": code}
    return json.dumps({"error": error}, indent=2).encode()
