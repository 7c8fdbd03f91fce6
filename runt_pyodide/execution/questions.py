"""Questions that running cells put to the person at the page, for ``input()`` and the like.

A question is no event: the page is told of it, and shows it below its cell for as long as it is
open. The answer comes back through the bridge. What was asked and answered is then printed below
the cell, without a password.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import RuntError
from ..notebook.bundle import clean_text
from .run import Run, current_run

_NOBODY = "Nobody can be asked here: there is no place to type an answer while a cell runs."
_CANNOT_WAIT = (
    "This browser cannot let Python wait for an answer (it lacks WebAssembly's promise "
    "integration). Use a current Chrome or Edge."
)
_OVER = "Nobody is asked once the cell is over."
_ADVICE = "Assign the value in the cell instead."


class CannotAskError(RuntError):
    """Nobody can answer; the message says why."""

    advice = _ADVICE


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked, at which cell. The answer to a secret one must not be shown."""

    id: str
    cell_id: str
    prompt: str
    is_secret: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "cellId": self.cell_id,
            "prompt": self.prompt,
            "isSecret": self.is_secret,
        }


class Person(Protocol):
    """Who is asked."""

    def put(self, question: Question) -> None:
        """Show a question; ``Questions.answer`` takes the answer."""

    def withdraw(self, question_id: str) -> None:
        """Show a question no longer: it is over."""


Wait = Callable[[Awaitable[Any]], Any]
"""Waits for an awaitable while the event loop runs. Raises KeyboardInterrupt if a person stops the
cell."""


class Questions:
    """The questions of a session, which ``person`` answers if there is anybody. ``find_wait``
    returns how the code of a cell can wait here, or None if it cannot."""

    def __init__(
        self,
        person: Person | None = None,
        find_wait: Callable[[], Wait | None] = lambda: None,
    ) -> None:
        self._person = person
        self._find_wait = find_wait
        self._open: dict[str, asyncio.Future[str | None]] = {}

    def ask(self, prompt: str, *, is_secret: bool = False) -> str | None:
        """Ask at the cell that calls this, and wait. Return the answer, without its line end, or
        None if the person ended the input. Raise CannotAskError.
        """
        person, run, wait = self.check()
        question = Question(run.writer.new_id(), run.cell.id, clean_text(prompt), is_secret)
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._open[question.id] = answered
        try:
            person.put(question)
            answer: str | None = wait(answered)
        finally:
            del self._open[question.id]
            person.withdraw(question.id)
        return answer

    def check(self) -> tuple[Person, Run, Wait]:
        """Return who is asked, for which run, and how to wait. Raise CannotAskError."""
        if self._person is None:
            raise CannotAskError(_NOBODY)
        if (run := current_run()) is None:
            raise CannotAskError(_OVER)
        if (wait := self._find_wait()) is None:
            raise CannotAskError(_CANNOT_WAIT)
        return self._person, run, wait

    def answer(self, question_id: str, text: str | None) -> None:
        """Answer a question. Raise RuntError if it is over."""
        answered = self._open.get(question_id)
        if answered is None or answered.done():
            raise RuntError("This question is over: its cell waits for no answer to it.")
        answered.set_result(text)
