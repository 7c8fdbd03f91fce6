"""Prompts to services by the whole loop of an AI cell, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from runt_pyodide.ai.prompt.answer_type import AnswerType
from runt_pyodide.ai.record.calls import call_of
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.ai.tools.function import FunctionTool
from runt_pyodide.asking.answer import Answer
from runt_pyodide.asking.dialogue import Dialogue
from runt_pyodide.asking.session import Exchange, Question, Session
from runt_pyodide.config import AIConfig
from runt_pyodide.errors import RuntError
from runt_pyodide.llm.messages import Image
from runt_pyodide.llm.retry import RetryPolicy
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state.output import Output
from tests.support.services.service import Service

# One white pixel.
_PICTURE = Image(
    "image/png",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTxhdQAAAABJRU5ErkJggg==",
)
_TYPES: dict[str, Any] = {"int": int, "list": list[int]}


class Place(BaseModel):
    """A city in a country."""

    city: str
    country: str


@dataclass(slots=True)
class Outcome:
    """What came of a series of prompts: what the reader has and is told, what ran, and what the
    service was sent. An error ends the series."""

    service: Service
    text: str = ""
    value: Any = None
    error: RuntError | None = None
    ran: list[list[Any]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)

    @property
    def said(self) -> str:
        """All text that the reader sees, also of turns that did not end well."""
        return "\n\n".join(one.text for one in self._texts(thinking=False))

    @property
    def thinking(self) -> str:
        return "".join(one.text for one in self._texts(thinking=True)).strip()

    @property
    def calls(self) -> list[str]:
        """The names of the calls that were written down."""
        return [call.tool_name for one in self.outputs if (call := call_of(one)) is not None]

    @property
    def told(self) -> str:
        """What the reader was told beside the answer."""
        records = map(AIRecord.of, self.outputs)
        return " ".join(notice.text for record in records for notice in record.notices)

    def _texts(self, *, thinking: bool) -> Iterator[Output]:
        for one in self.outputs:
            if one.kind == "markdown" and AIRecord.of(one).thinking == thinking and one.text:
                yield one


class Cells:
    """AI cells, one below the other, in a notebook in memory, whose tools are weather(city),
    clock(), nothing(), visit(place) and note(anything)."""

    def __init__(self, service: Service, config: Mapping[str, Any]) -> None:
        self.outcome = Outcome(service)
        policy = RetryPolicy(sleep=self._wait, random=lambda: 0.0)
        read = AIConfig.read(config)
        self._dialogue = Dialogue(Session(read, service, interval=0, policy=policy))

    def write(self, source: str) -> None:
        """Add a code cell."""
        number = len(self._dialogue.notebook.cells) + 1
        self._dialogue.record(source, f"In[{number}]").close()

    async def ask(
        self,
        prompt: str,
        *,
        provider: str | None = None,
        returns: str | None = None,
        tools: Sequence[str] = ("weather", "clock"),
        settings: Mapping[str, Any] | None = None,
        images: int = 0,
    ) -> None:
        """Run an AI cell with so many pictures; what comes of it is in the outcome."""
        answer = AnswerType.of(_TYPES[returns]) if returns else None
        made = [one for one in self._make_tools() if one.spec.name in tools]
        question = Question(
            prompt,
            provider,
            answer=answer,
            settings=ev.AiSettings(**(settings or {})),
            images=(_PICTURE,) * images,
            tools=lambda _: made,
            policies={one.spec.name: "auto" for one in made},
        )
        outcome = self.outcome
        try:
            exchange = await self._dialogue.ask(question)
            if answer is not None:
                outcome.value = Answer.of(exchange).value
        except RuntError as error:
            outcome.error = error
        self._read(self._dialogue.exchanges[-1])

    def _read(self, exchange: Exchange) -> None:
        self.outcome.outputs += exchange.outputs
        self.outcome.text = exchange.response.text if exchange.response else ""

    async def _wait(self, seconds: float) -> None:
        self.outcome.waits.append(seconds)

    def _make_tools(self) -> list[FunctionTool]:
        ran = self.outcome.ran

        def weather(city: str) -> str:
            """The weather in a city."""
            ran.append(["weather", {"city": city}])
            return "sunny"

        def clock() -> str:
            """The time."""
            ran.append(["clock", {}])
            return "noon"

        def nothing() -> str:
            """Gives nothing."""
            ran.append(["nothing", {}])
            return ""

        def visit(place: Place) -> str:
            """Visits a place."""
            ran.append(["visit", json.loads(place.model_dump_json())])
            return "seen"

        def note(**values: Any) -> str:
            """Notes values."""
            ran.append(["note", values])
            return "noted"

        return [FunctionTool(one) for one in (weather, clock, nothing, visit, note)]
