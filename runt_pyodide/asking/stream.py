"""An answer as it comes: its text, all that happens in its run, or its value as far as it is
there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar

from ..ai.prompt.answer_type import AnswerType
from ..ai.record.fields import CALL, RESULT, AIRecord, CallData, ResultData
from ..errors import ArgumentError
from ..llm.messages import Usage
from ..notebook import events as ev
from .answer import Answer
from .dialogue import Watch

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class TextAdded:
    """A piece of the answer's text. The first one after thinking or a call ``begins`` a text."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class ThinkingAdded:
    """A piece of the model's thinking."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCalled:
    """The model made a call. ``arguments`` is its text if that is not a JSON object."""

    id: str
    name: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class ToolAnswered:
    """A call ended, and the model is told this result."""

    id: str
    name: str
    result: str
    failed: bool


@dataclass(frozen=True, slots=True)
class UsageCounted:
    """A turn ended; ``usage`` is that of the run so far."""

    usage: Usage


StreamEvent = TextAdded | ThinkingAdded | ToolCalled | ToolAnswered | UsageCounted


class AnswerStream(Generic[_T]):
    """An answer as it comes. Iterate over it once: itself for the text, or the value, or its
    ``events`` for all that happens. ``answer`` is the whole, once it is there.

    Leaving the loop early aborts the request.
    """

    def __init__(
        self,
        run: Callable[[Watch], Coroutine[Any, Any, Answer]],
        answer_type: AnswerType | None,
    ) -> None:
        # What iterates does not know this object: in a cycle, it would not end with the loop.
        self._running = running = _Running(run)
        read: Any = _texts(running) if answer_type is None else _values(running, answer_type)
        self._items: AsyncGenerator[_T] = read

    @property
    def answer(self) -> Answer | None:
        return self._running.answer

    def __aiter__(self) -> AsyncIterator[_T]:
        return self

    async def __anext__(self) -> _T:
        return await anext(self._items)

    def __await__(self) -> NoReturn:
        raise _wrong_use("awaited")

    def __iter__(self) -> NoReturn:
        raise _wrong_use("iterated over without `async`")

    async def aclose(self) -> None:
        """Abort the request, if it is not over."""
        await self._items.aclose()

    def events(self) -> AsyncGenerator[StreamEvent]:
        """Yield what happens. Raise what ``ask`` raises."""
        return self._running.events()


def _wrong_use(how: str) -> ArgumentError:
    return ArgumentError(
        f"A stream cannot be {how}.",
        advice="Write `async for piece in ask.stream(...)`, or `await ask(...)` for all of it.",
    )


class _Running:
    """A run whose events are read while it writes them."""

    def __init__(self, run: Callable[[Watch], Coroutine[Any, Any, Answer]]) -> None:
        self._run = run
        self.answer: Answer | None = None

    async def events(self) -> AsyncGenerator[StreamEvent]:
        queue, reader = asyncio.Queue[StreamEvent | None](), EventReader()

        def take(events: Sequence[ev.Event]) -> None:
            for event in reader.read(events):
                queue.put_nowait(event)

        task = asyncio.ensure_future(self._run(take))
        task.add_done_callback(lambda _: queue.put_nowait(None))
        try:
            while (event := await queue.get()) is not None:
                yield event
            self.answer = await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _texts(running: _Running) -> AsyncGenerator[str]:
    """Yield the text in pieces; a blank line separates turns."""
    is_first = True
    async with aclosing(running.events()) as events:
        async for event in events:
            if isinstance(event, TextAdded):
                yield f"\n\n{event.text}" if event.begins and not is_first else event.text
                is_first = False


async def _values(running: _Running, answer_type: AnswerType) -> AsyncGenerator[Any]:
    """Yield as much of the value as is there, whenever that is more, and at last the value."""
    partial, last = _PartialValue(answer_type), None
    async with aclosing(running.events()) as events:
        async for event in events:
            if isinstance(event, TextAdded):
                value = partial.add(event)
                if value is not None and value != last:
                    yield value
                    last = value
    if running.answer is not None and (last is None or running.answer.value != last):
        yield running.answer.value


class _PartialValue:
    """What has come of a value. A long text is not read again for each piece, but whenever it has
    grown by a part of its length, so that the time is linear."""

    def __init__(self, answer_type: AnswerType) -> None:
        self._type = answer_type
        self._text = ""
        self._read_at = 0

    def add(self, event: TextAdded) -> Any:
        """Return the value so far; None if none can be told, or if it is too early to look."""
        self._text = event.text if event.begins else self._text + event.text
        if event.begins:
            self._read_at = 0
        if len(self._text) < self._read_at:
            return None
        self._read_at = len(self._text) + len(self._text) // 64
        return self._type.read_partial(self._text)


class EventReader:
    """Reads what happens in a run from the events that write it down."""

    def __init__(self) -> None:
        self._is_thinking: dict[str, bool] = {}
        self._last: str | None = None
        self._usage: Usage | None = None

    def read(self, events: Sequence[ev.Event]) -> Iterator[StreamEvent]:
        for event in events:
            match event:
                case ev.MarkdownOutputAdded(content=ev.Inline(data=text, metadata=metadata)):
                    self._is_thinking[event.id] = AIRecord.of_metadata(metadata or {}).thinking
                    yield from self._read_text(event.id, str(text or ""))
                    yield from self._read_usage(metadata)
                case ev.OutputDelta() if event.output_id in self._is_thinking:
                    yield from self._read_text(event.output_id, event.delta.text or "")
                    yield from self._read_usage(event.delta.metadata)
                case ev.MultimediaDisplayOutputAdded():
                    yield from _read_call(event.representations)

    def _read_text(self, output_id: str, text: str) -> Iterator[StreamEvent]:
        if not text:
            return
        if self._is_thinking[output_id]:
            yield ThinkingAdded(text)
        else:
            yield TextAdded(text, begins=output_id != self._last)
            self._last = output_id

    def _read_usage(self, metadata: dict[str, Any] | None) -> Iterator[StreamEvent]:
        usage = AIRecord.of_metadata(metadata or {}).usage
        if usage is not None:
            self._usage = usage if self._usage is None else self._usage + usage
            yield UsageCounted(self._usage)


def _read_call(bundle: ev.Bundle) -> Iterator[StreamEvent]:
    data = {mime: one.data for mime, one in bundle.items() if isinstance(one, ev.Inline)}
    if (call := CallData.read(data.get(CALL))) is not None:
        yield ToolCalled(call.tool_call_id, call.tool_name, call.arguments or {})
    if (result := ResultData.read(data.get(RESULT))) is not None:
        failed = result.status == "error"
        yield ToolAnswered(result.tool_call_id, result.tool_name or "", result.text, failed)
