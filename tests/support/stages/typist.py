"""A person at a page who types answers to what Python cells ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from runt_pyodide.execution.questions import Question, Questions
from tests.support.stages.python_page import Page


class Typist:
    """A person who answers each question with the next answer; after the last, stops the cell."""

    def __init__(self) -> None:
        self.answers: list[str | None] = []
        self.asked: list[tuple[str, bool]] = []
        self.questions = Questions(self, lambda: self.wait)

    def put(self, question: Question) -> None:
        self.asked.append((question.prompt, question.is_secret))
        if self.answers:
            self.questions.answer(question.id, self.answers.pop(0))

    def withdraw(self, question_id: str) -> None: ...

    def wait(self, answered: Awaitable[Any]) -> Any:
        assert isinstance(answered, asyncio.Future)
        if not answered.done():
            raise KeyboardInterrupt
        return answered.result()


@pytest.fixture
def typist(page: Page) -> Typist:
    """The person at the page."""
    person = Typist()
    page.cell._questions = person.questions
    return person
