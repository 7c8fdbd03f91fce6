"""The Test provider: answers from a script or a recording, without a key or a network."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from ...errors import CutStreamError, NetworkError, ProviderError
from ...json_text import read_json
from ..cassette.cassette import Cassette
from ..cassette.replay import Replay, play
from ..messages import (
    AiModel,
    Capability,
    ChatRequest,
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from ..provider import AIProvider
from ..service_errors import Complaint, error_of_complaint, error_of_status
from .script import ChosenTurn, Place, Script
from .settings import ScriptedCall, ScriptedFault, ScriptedPart, TestSettings

_WORDS = re.compile(r"\s*\S+|\s+$")
_REFERENCE = re.compile(r"\{\{([\w-]+)\.(\w+)\}\}")
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Performance:
    """What comes: deltas, with a pause before each, and the error that ends them."""

    deltas: Sequence[Delta]
    delay: float
    error: ProviderError | None = None


class TestProvider(AIProvider):
    """Answers a prompt with the first response that matches it, or with a cassette's recorded turn.
    If no response matches, that is an error if the script is strict; else the answer says so,
    repeats the prompt, and counts what came with it.

    Texts and arguments stream a word at a time, and usage counts words. The same requests in the
    same order give the same deltas: between them it only remembers how often the fault of each turn
    has happened, and which answers were given.
    """

    __test__ = False  # pytest collects classes by this name.

    def __init__(self, name: str = "test", settings: TestSettings | None = None) -> None:
        self.name = name
        self._settings = settings = settings or TestSettings()
        self._replay: Replay | None = None
        models: tuple[str, ...] = ()
        if settings.cassette is not None:
            self._replay = Replay(Cassette.read(settings.cassette))
            models = self._replay.models
        chosen = (settings.model,) if settings.model else ()
        self.models: Sequence[str] = tuple(dict.fromkeys((*chosen, *models))) or ("scripted",)
        self._script = Script(settings)
        self._faults: dict[Place, int] = {}

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        try:
            async with aclosing(self._perform(request)) as deltas:
                async for delta in deltas:
                    yield delta
        except ProviderError as error:
            error.provider, error.model = self.name, request.model
            raise

    @property
    def plays_recording(self) -> bool:
        return self._replay is not None

    def supports_tools(self, model: str | None = None) -> bool:
        recorded = self._replay is None or self._replay.supports_tools(model or "")
        return self._settings.tools and recorded

    async def get_available_models(self) -> list[AiModel]:
        return [self._describe(name) for name in self.models]

    async def describe_model(self, model: str) -> AiModel | None:
        return self._describe(model)

    async def check_model(self, model: str) -> None:
        """Accept every model without asking it: a fault that happens once must not happen here."""

    def _describe(self, name: str) -> AiModel:
        recorded = self._replay and self._replay.describe_model(name)
        if recorded:
            return replace(recorded, provider=self.name)
        tools: tuple[Capability, ...] = ("tools",) if self._settings.tools else ()
        able: tuple[Capability, ...] = ("completion", *tools, "vision", "thinking")
        return AiModel(name, self.name, name, able, self._settings.context_length)

    def _perform(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        if self._replay is not None:
            return play(self._replay.find(request), self._settings.delay)
        return self._give(request)

    async def _give(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        performance = self._prepare(request, await self._script.choose(request))
        for delta in performance.deltas:
            await asyncio.sleep(performance.delay)
            yield delta
        if performance.error is not None:
            raise performance.error

    def _prepare(self, request: ChatRequest, chosen: ChosenTurn) -> _Performance:
        turn = chosen.turn
        deltas = list(_speak(turn.in_order(), request))
        delay = self._settings.delay if turn.delay is None else turn.delay
        fault = turn.fault
        if fault is not None and self._happens(fault, chosen.place):
            before = fault.kind in ("status", "unreachable")
            if before:
                self._script.take_back(chosen.place)
            said = deltas[: 0 if before else fault.after]
            return _Performance(said, delay, _error_of(fault))
        usage = turn.usage or _count_usage(deltas, request)
        called = any(isinstance(delta, ToolCallDelta) for delta in deltas)
        reason = turn.finish or ("tool_calls" if called else "stop")
        finish = FinishDelta(reason, turn.notice, turn.state)
        return _Performance([*deltas, UsageDelta(usage), finish], delay)

    def _happens(self, fault: ScriptedFault, place: Place) -> bool:
        happened = self._faults.get(place, 0)
        self._faults[place] = happened + 1
        return fault.times is None or happened < fault.times


def _speak(parts: Sequence[ScriptedPart], request: ChatRequest) -> Iterator[Delta]:
    names = _CallNames(request)
    index = -1
    for part in parts:
        for word in _WORDS.findall(part.thinking or ""):
            yield ThinkingDelta(word)
        for word in _WORDS.findall(part.text or ""):
            yield TextDelta(word)
        if part.tool_call is not None:
            index += 1
            yield from _call(index, part.tool_call, names, request)


def _call(
    index: int, call: ScriptedCall, names: _CallNames, request: ChatRequest
) -> Iterator[Delta]:
    arguments = call.arguments
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    arguments = _REFERENCE.sub(lambda named: _look_up(request, *named.groups()), arguments)
    yield ToolCallDelta(index, call.id or names.next(), call.name, state=call.state)
    for word in _WORDS.findall(arguments):
        yield ToolCallDelta(index, arguments=word)


def _look_up(request: ChatRequest, call_id: str, field: str) -> str:
    """Return a field of the JSON object that a call of this conversation came to, as text; the
    reference itself if there is none."""
    for message in reversed(request.messages):
        if message.role == "tool" and message.tool_call_id == call_id:
            found = _OBJECT.search(message.content)
            try:
                return str(read_json(found[0] if found else "")[field])
            except (ValueError, KeyError):
                break
    return f"{{{{{call_id}.{field}}}}}"


class _CallNames:
    """Ids for calls that have none in the settings: by their place in the conversation, so that no
    two of its calls share one, and the same request gives the same ids."""

    def __init__(self, request: ChatRequest) -> None:
        self._taken = {call.id for message in request.messages for call in message.tool_calls}
        self._count = sum(len(message.tool_calls) for message in request.messages)

    def next(self) -> str:
        self._count += 1
        while f"call_{self._count}" in self._taken:
            self._count += 1
        return f"call_{self._count}"


def _error_of(fault: ScriptedFault) -> ProviderError:
    said = fault.message or "The Test provider fails here, as its script says."
    if fault.kind == "unreachable":
        return NetworkError(said)
    if fault.kind == "cut":
        return CutStreamError(said)
    if fault.kind == "error" or fault.status is None:
        return error_of_complaint(Complaint(said, (fault.code,) if fault.code else ()))
    wait = fault.retry_after
    headers = {} if wait is None else {"retry-after": f"{wait:g}"}
    body = json.dumps({"error": {"message": said, "code": fault.code}})
    return error_of_status(fault.status, headers, body.encode())


def _count_usage(deltas: Sequence[Delta], request: ChatRequest) -> Usage:
    asked = sum(len(message.content.split()) for message in request.messages)
    words = [d.text for d in deltas if isinstance(d, TextDelta | ThinkingDelta)]
    words += [d.arguments for d in deltas if isinstance(d, ToolCallDelta)]
    return Usage(input_tokens=asked, output_tokens=sum(len(word.split()) for word in words))
