"""Makes the steps that the server plays from a scenario and a request. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from tests.support.server.anthropic_dialect import anthropic_script, anthropic_whole
from tests.support.server.dialects import (
    Script,
    ollama_script,
    ollama_whole,
    openai_script,
    openai_whole,
)
from tests.support.server.gemini_dialect import gemini_script
from tests.support.server.responses_dialect import responses_script, responses_whole
from tests.support.server.scenario import (
    Answer,
    Fixed,
    Raw,
    Scenario,
    Trouble,
    WriteBoundaries,
    regroup,
)


@dataclass(frozen=True, slots=True)
class Head:
    """Sends status and headers; chunked unless they hold a Content-Length."""

    status: int
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Write:
    """One write, which is one HTTP chunk."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Hold:
    """Waits until the gate lets one more than that many deltas pass."""

    index: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Waits for some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hang:
    """Waits until the client closes the connection."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Ends the connection, by RST or by FIN."""

    reset: bool


Step: TypeAlias = Head | Write | Hold | Pause | Hang | Cut


Dialect = Literal["chat", "responses", "ollama", "anthropic", "gemini"]
_ENDPOINTS: dict[str, Dialect] = {
    "/chat/completions": "chat",
    "/responses": "responses",
    "/api/chat": "ollama",
    "/messages": "anthropic",
    ":streamGenerateContent": "gemini",
}


def dialect_of(path: str) -> Dialect | None:
    """Return the protocol at this path; None if there is none."""
    return next((d for end, d in _ENDPOINTS.items() if path.endswith(end)), None)


def steps(scenario: Scenario, body: Mapping[str, Any], dialect: Dialect = "chat") -> Iterator[Step]:
    """Return what the server does with a chat request that has this JSON body."""
    if isinstance(scenario, Fixed):
        return _fixed_steps(scenario)
    if isinstance(scenario, Raw):
        return _paced(_raw_steps(scenario), scenario.pace)
    return _paced(_answer_steps(scenario, speak(scenario, body, dialect)), scenario.pace)


def speak(answer: Answer, body: Mapping[str, Any], dialect: Dialect = "chat") -> Script:
    """Return the answer to a chat request with this JSON body, streamed or whole as it asks."""
    if dialect == "ollama":
        return (ollama_script if body.get("stream", True) else ollama_whole)(answer, body)
    stream = body.get("stream", False)
    if dialect == "responses":
        return (responses_script if stream else responses_whole)(answer, body)
    if dialect == "gemini":
        return gemini_script(answer, body)
    if dialect == "anthropic":
        return (anthropic_script if stream else anthropic_whole)(answer, body)
    return (openai_script if stream else openai_whole)(answer, body)


def _fixed_steps(fixed: Fixed) -> Iterator[Step]:
    length = ("Content-Length", str(len(fixed.body)))
    yield Head(fixed.status, (("Content-Type", fixed.content_type), length, *fixed.headers))
    if fixed.body:
        yield Write(fixed.body)


def _raw_steps(raw: Raw) -> Iterator[Step]:
    yield Head(raw.status, (("Content-Type", raw.content_type),))
    for index, data in enumerate(raw.writes):
        yield from _hold(raw.gate_after, index)
        yield Write(data)
    yield from _hold(raw.gate_after, len(raw.writes))


def _answer_steps(answer: Answer, script: Script) -> Iterator[Step]:
    """Events that no gate and no trouble parts are cut into writes as one run of bytes."""
    if answer.trouble and answer.trouble.at == "before_headers":
        yield from _trouble(answer.trouble, script)
        return
    yield Head(200, (("Content-Type", script.content_type), ("Cache-Control", "no-cache")))
    run: list[bytes] = []
    for beat in _beats(answer, script):
        if isinstance(beat, Write):
            run.append(beat.data)
            continue
        yield from _writes(run, answer.framing.writes)
        run.clear()
        yield beat
    yield from _writes(run, answer.framing.writes)


def _beats(answer: Answer, script: Script) -> Iterator[Step]:
    """Return one Write for each event, and what comes in between."""
    count = len(script.deltas)
    for index in range(count + 1):
        yield from _hold(answer.gate_after, index)
        trouble = answer.trouble
        if trouble and isinstance(trouble.at, int) and index == min(trouble.at, count):
            yield from _trouble(trouble, script)
            return
        if index == 0 and script.lead:
            yield Write(script.lead)
        yield from map(Write, (script.deltas[index],) if index < count else script.tail)


def _hold(gate_after: int | None, index: int) -> Iterator[Step]:
    if gate_after is not None and index >= gate_after:
        yield Hold(index)


def _trouble(trouble: Trouble, script: Script) -> Iterator[Step]:
    if trouble.kind == "error":
        yield Write(script.error)
    elif trouble.kind == "hang":
        yield Hang()
    elif trouble.kind != "close":
        yield Cut(reset=trouble.kind == "reset")


def _writes(run: list[bytes], boundaries: WriteBoundaries) -> Iterator[Step]:
    yield from map(Write, run if boundaries is None else regroup(b"".join(run), boundaries))


def _paced(steps: Iterator[Step], pace: float) -> Iterator[Step]:
    """Add a pause before each write but the first."""
    first = True
    for step in steps:
        if isinstance(step, Write):
            if pace and not first:
                yield Pause(pace)
            first = False
        yield step
