"""Questions that a cell puts to a person, who answers, ends the input, or is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from runt_pyodide.errors import RuntError
from runt_pyodide.execution.questions import CannotAskError, Question, Questions
from runt_pyodide.execution.run import Run, current_run, under_way
from tests.support.notebook import logs
from tests.support.stages.run_stage import RunStage


class ScriptedPerson:
    """Answers each question at once with the next answer; of an exception, none comes."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = [*answers]
        self.asked: list[Question] = []
        self.withdrawn: list[str] = []
        self.questions = Questions(self, lambda: self.wait)

    def put(self, question: Question) -> None:
        self.asked.append(question)
        if self.answers:
            self.questions.answer(question.id, self.answers.pop(0))

    def withdraw(self, question_id: str) -> None:
        self.withdrawn.append(question_id)

    def wait(self, answered: Awaitable[Any]) -> Any:
        """Return the result, as there is no promise integration here to wait for one; a person who
        does not answer stops the cell."""
        assert isinstance(answered, asyncio.Future)
        if not answered.done():
            raise KeyboardInterrupt
        return answered.result()


@contextmanager
def running() -> Iterator[Run]:
    stage = RunStage(logs.cell("cell"), "cell")
    with under_way(stage.run):
        yield stage.run


async def test_the_cell_that_asks_gets_the_answer() -> None:
    person = ScriptedPerson("Ada", None, "")
    with running():
        assert person.questions.ask("Name? ") == "Ada"
        assert person.questions.ask("Key: ", is_secret=True) is None
        assert person.questions.ask("") == ""
    assert [one.to_json() for one in person.asked] == [
        {"id": "id-1", "cellId": "cell", "prompt": "Name? ", "isSecret": False},
        {"id": "id-2", "cellId": "cell", "prompt": "Key: ", "isSecret": True},
        {"id": "id-3", "cellId": "cell", "prompt": "", "isSecret": False},
    ]
    assert person.withdrawn == ["id-1", "id-2", "id-3"]


async def test_a_question_is_withdrawn_when_the_cell_is_stopped() -> None:
    person = ScriptedPerson()
    with running(), pytest.raises(KeyboardInterrupt):
        person.questions.ask("Name? ")
    assert person.withdrawn == ["id-1"]
    with pytest.raises(RuntError, match="This question is over"):
        person.questions.answer("id-1", "late")


async def test_a_question_is_answered_once() -> None:
    person = ScriptedPerson()
    person.put = lambda question: [  # type: ignore[method-assign]
        person.questions.answer(question.id, text) for text in ("first", "second")
    ]
    with running(), pytest.raises(RuntError, match="This question is over"):
        person.questions.ask("Name? ")


async def test_a_prompt_is_what_json_can_carry() -> None:
    person = ScriptedPerson("x")
    with running():
        person.questions.ask("\ud83d?")
    assert person.asked[0].prompt == "\\ud83d?"


@pytest.mark.parametrize(
    ("questions", "reason"),
    [
        (Questions(), "Nobody can be asked here"),
        (Questions(ScriptedPerson()), "lacks WebAssembly's promise integration"),
    ],
)
async def test_what_stands_in_the_way_is_said(questions: Questions, reason: str) -> None:
    with running(), pytest.raises(CannotAskError, match=reason) as caught:
        questions.ask("Name? ")
    assert str(caught.value).endswith("Assign the value in the cell instead.")


async def test_nobody_is_asked_by_what_a_cell_left_behind() -> None:
    person = ScriptedPerson("Ada")
    with running():
        late = asyncio.create_task(ask_later(person.questions))
    with pytest.raises(CannotAskError, match="Nobody is asked once the cell is over"):
        await late
    assert person.asked == []


async def ask_later(questions: Questions) -> str | None:
    return questions.ask("Name? ")


async def test_a_task_of_the_cell_asks_at_the_cell() -> None:
    with running() as outer:
        with running() as inner:
            assert current_run() is inner
        assert current_run() is outer
        assert await asyncio.create_task(current_run_later()) is outer
    assert current_run() is None


async def current_run_later() -> Run | None:
    return current_run()
