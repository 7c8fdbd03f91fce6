"""What came of a question asked from code: the answer as a text, with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from ..ai.record.calls import call_of, result_of
from ..ai.record.fields import AIRecord, CallState, Ending, RunAccount
from ..ai.record.typed_json import read_as
from ..ai.text.markdown import without_fetches
from ..errors import AnswerError, FileError
from ..llm.messages import Usage
from ..notebook.state.output import Output
from .session import Exchange

_FORMAT = 1
"""Of pickled answers. What a later version adds is left out by this one; only what changes the
meaning of a fact needs another number."""


@dataclass(frozen=True, slots=True)
class AnswerCall:
    """A call that the model made. ``arguments`` are its text if that is not a JSON object, and
    ``result`` is what it was told: None if the call never ended."""

    name: str
    arguments: Mapping[str, Any] | str
    result: str | None = None
    state: CallState | None = None


class Answer(str):
    """The text of an answer, which notebooks show as Markdown, and what is known of its run.

    ``value`` is the answer as a value of the type that was asked for. ``calls`` are those of all
    turns, ``usage`` sums up their tokens, and ``price`` what they cost in US dollars: None if that
    is not known of a turn. ``finish_reason`` says how the last turn ended. ``warnings`` are
    sentences for the reader, on what the model was not sent for example. ``exchange`` leads to all
    else, and is None in an answer that was pickled.
    """

    value: Any = None
    thinking: str = ""
    calls: tuple[AnswerCall, ...] = ()
    usage: Usage | None = None
    price: float | None = None
    finish_reason: Ending | None = None
    provider: str | None = None
    model: str | None = None
    turns: int = 0
    seconds: float | None = None
    warnings: tuple[str, ...] = ()
    exchange: Exchange | None = None

    @classmethod
    def of(cls, exchange: Exchange) -> Self:
        """Return the answer of an exchange that was answered. Raise AnswerError, with the answer,
        if it is not of the type that was asked for."""
        answer = cls._read(exchange, exchange.response.text if exchange.response else "")
        if exchange.question.answer is not None:
            try:
                answer.value = exchange.question.answer.parse(answer)
            except AnswerError as error:
                error.answer = answer
                raise
        return answer

    @classmethod
    def so_far(cls, exchange: Exchange) -> Self:
        """Return what was said in an exchange until it failed, in all of its turns."""
        texts = (one.text for one in _texts(exchange.outputs, thinking=False))
        return cls._read(exchange, "\n\n".join(text for text in texts if text.strip()))

    @classmethod
    def _read(cls, exchange: Exchange, text: str) -> Self:
        answer, outputs = cls(text), exchange.outputs
        records = [AIRecord.of(output) for output in outputs]
        account = next((one.run for one in reversed(records) if one.run), RunAccount())
        asked = [record for record in records if record.ai_provider]
        endings = [record.finish_reason for record in records if record.finish_reason]
        answer.exchange = exchange
        answer.thinking = "".join(one.text for one in _texts(outputs, thinking=True))
        answer.calls = tuple(_calls_in(outputs))
        answer.usage, answer.price = account.usage, account.price_usd
        answer.finish_reason = endings[-1] if endings else None
        answer.provider, answer.model = (
            (asked[-1].ai_provider, asked[-1].ai_model) if asked else (None, None)
        )
        answer.turns = account.turns or 0
        milliseconds = account.duration_ms
        answer.seconds = None if milliseconds is None else milliseconds / 1000
        answer.warnings = tuple(
            notice.text
            for record in records
            for notice in record.notices
            if notice.kind == "warning"
        )
        return answer

    @property
    def text(self) -> str:
        """The text alone."""
        return str(self)

    def _repr_markdown_(self) -> str:
        return without_fetches(self)

    def __reduce__(self) -> tuple[Any, ...]:
        facts = {one.name: getattr(self, one.name) for one in fields(_Facts)}
        facts["calls"] = [asdict(call) for call in self.calls]
        facts["usage"] = None if self.usage is None else asdict(self.usage)
        return restore_answer, (_FORMAT, str(self), facts)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is pickled of an answer besides its text."""

    value: Any = None
    thinking: str = ""
    calls: tuple[AnswerCall, ...] = ()
    usage: Usage | None = None
    price: float | None = None
    finish_reason: Ending | None = None
    provider: str | None = None
    model: str | None = None
    turns: int = 0
    seconds: float | None = None
    warnings: tuple[str, ...] = ()


def restore_answer(*pickled: Any) -> Answer:
    """Return an answer that was pickled, in which this function's name stands: of the version of
    its format, its text and its facts. Raise FileError if it is damaged, or if a newer version
    wrote it."""
    match pickled:
        case (int(version), str(), dict()) if version > _FORMAT:
            raise FileError(
                "This answer was pickled by a newer version of runt-pyodide.",
                advice="Install that version, or ask again.",
            )
        case (int(), str(text), dict(given)) if (facts := read_as(_Facts, given)) is not None:
            answer = Answer(text)
            for one in fields(facts):
                setattr(answer, one.name, getattr(facts, one.name))
            return answer
    raise FileError("What was pickled is no answer, or is damaged.", advice="Ask again.")


def _texts(outputs: Sequence[Output], *, thinking: bool) -> Iterator[Output]:
    for output in outputs:
        if output.kind == "markdown" and AIRecord.of(output).thinking == thinking:
            yield output


def _calls_in(outputs: Sequence[Output]) -> Iterator[AnswerCall]:
    found = (result_of(output) for output in outputs)
    results = {result.tool_call_id: result.text for result in found if result is not None}
    for output in outputs:
        if (call := call_of(output)) is not None:
            result = results.get(call.tool_call_id)
            state = AIRecord.of(output).state
            yield AnswerCall(call.tool_name, call.arguments or {}, result, state)
