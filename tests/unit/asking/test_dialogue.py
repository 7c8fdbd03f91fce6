"""Questions that have earlier ones as context, and what becomes of those that do not end well."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from runt_pyodide import ask, configure
from runt_pyodide.ai.record.fields import AIRecord, manifest_of
from runt_pyodide.errors import LimitError, ModelNotFoundError
from runt_pyodide.llm.messages import ChatRequest
from runt_pyodide.llm.transport.scripted import Scripted
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.state.cells import Cells
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import HELLO, double, script, served
from tests.support.stages.loop import settle

pytestmark = pytest.mark.usefixtures("fresh")


async def test_what_was_asked_before_is_context(requests: list[ChatRequest]) -> None:
    script(say("Bern."))
    await ask("The capital?")
    await ask("And its river?")
    await ask("Alone?", context=False)
    told = [[message.content for message in request.messages] for request in requests]
    assert told == [
        ["The capital?"],
        ["The capital?", "Bern.", "And its river?"],
        ["Alone?"],
    ]


async def test_questions_at_once_and_within_a_tool(requests: list[ChatRequest]) -> None:
    async def look_up(city: str) -> str:
        return f"{await ask(city, context=False)} {city}"

    capital = {"pattern": "^Bern$", "text": "capital"}
    nested = {"pattern": "look", "turns": [call("look_up", city="Bern"), say("Looked.")]}
    configure("test", responses=[capital, nested, {"pattern": "", "text": "Other."}], delay=0.001)
    looked, other = await asyncio.gather(ask("look it up", tools=[look_up]), ask("And?"))
    assert (looked, other) == ("Looked.", "Other.")
    assert "capital Bern" in requests[-1].messages[-1].content
    asked = [one.question.prompt for one in ask.session.exchanges]
    assert asked == ["look it up", "And?", "Bern"]  # also what was asked without context


async def test_settings_and_models_of_one_question(requests: list[ChatRequest]) -> None:
    script(say("Hi."), model="default")
    await ask("Hi")
    await ask("Hi", "small", system="Be brief.", temperature=0.5, max_tokens=9)
    await ask("Hi", "test/large")
    await ask("Hi", "org/model", "test")
    await ask("Hi", "test")
    assert [one.model for one in requests] == ["default", "small", "large", "org/model", "default"]
    assert requests[1].settings.temperature == 0.5
    assert requests[1].settings.max_tokens == 9
    assert "Be brief." in (requests[1].system_prompt or "")


async def test_a_wrong_model_says_where_the_settings_are() -> None:
    missing = b'{"error": {"message": "The model m does not exist", "code": "model_not_found"}}'
    served(Scripted(404, {"content-type": "application/json"}, (missing,)))
    with pytest.raises(ModelNotFoundError, match="AI settings") as caught:
        await ask("Hi")
    assert "runt_pyodide.configure" in caught.value.__notes__[0]


async def test_a_limit_says_how_to_go_on_and_to_go_on_works(requests: list[ChatRequest]) -> None:
    script({"text": "First.", **call("double", x=1)}, say("Done."))
    configure(limits={"turns": 1})
    with pytest.raises(LimitError, match="limit of 1 turns") as caught:
        await ask("Do it.", tools=[double])
    assert "ask the model to go on" in caught.value.__notes__[0]
    assert caught.value.answer == "First."
    assert [one.name for one in caught.value.answer.calls] == ["double"]
    configure("test", responses=[{"pattern": "", "text": "Gone on."}])
    assert await ask("Go on.") == "Gone on."
    assert [one.role for one in requests[-1].messages] == ["user", "assistant", "tool", "user"]


async def test_a_question_that_is_stopped_leaves_no_half_exchange(
    requests: list[ChatRequest],
) -> None:
    script(say("Bern."))
    await ask("The capital?")
    script(say("One two three four."), delay=1000)
    stopped = asyncio.ensure_future(ask("Count."))
    await settle()
    stopped.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopped
    assert [one.content for one in ask.messages] == ["The capital?", "Bern."]
    script(say("Aare."), delay=0)
    await ask("And its river?")
    assert [one.content for one in requests[-1].messages] == [
        "The capital?",
        "Bern.",
        "And its river?",
    ]
    assert [one.question.prompt for one in ask.session.exchanges][1] == "Count."


async def test_an_answer_that_takes_too_long_is_ended_and_leaves_no_half_exchange() -> None:
    never = asyncio.Event()
    transport = served(Scripted(pieces=(HELLO[0], never)), Scripted(pieces=HELLO))
    with pytest.raises(LimitError, match=r"not complete after 0\.01 seconds") as caught:
        await ask("Hi", timeout=0.01)
    assert "ask(..., timeout=...)" in str(caught.value)
    assert caught.value.answer in ("", "Hel")
    assert transport.aborted == 1
    assert ask.messages == []
    assert await ask("Again", timeout=60) == "Hello"


async def test_questions_at_once_are_told_of_what_was_answered_before_them(
    requests: list[ChatRequest],
) -> None:
    script(say("Yes."))
    await ask("First?")
    await asyncio.gather(*(ask(f"Question {number}?") for number in range(5)))
    assert [len(one.messages) for one in requests] == [1, 3, 3, 3, 3, 3]
    await ask("Last?")
    assert len(requests[-1].messages) == 13


async def test_what_is_forgotten_is_not_told_again_and_what_goes_on_is_not_kept(
    requests: list[ChatRequest],
) -> None:
    script(say("Yes."))
    await ask("First?")
    open_question = asyncio.ensure_future(ask("Second?"))
    await asyncio.sleep(0)
    ask.reset()
    await open_question
    await ask("Third?")
    assert [one.content for one in requests[-1].messages] == ["Third?"]
    assert len(ask.session.exchanges) == 3


async def test_what_goes_along_is_bounded(requests: list[ChatRequest]) -> None:
    script(say("word " * 10))
    for number in range(30):
        await ask(f"Question {number}?")
    assert len(requests[-1].messages) == 2 * 20 + 1
    script(say("word " * 1000), context_length=10_000)
    ask.reset()
    for number in range(8):
        await ask(f"Question {number}?")
    manifest = manifest_of(AIRecord.of(ask.session.exchanges[-1].outputs[0]))
    assert manifest is not None
    earlier = [one.tokens for one in manifest.messages if one.source.startswith("ask-")]
    assert 1_000 < sum(earlier) <= 2_500
    assert manifest.no_room is not None


class Counted:
    """Counts how often the methods of the given classes were called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *methods: tuple[type, str]) -> None:
        self.count = 0
        for kind, name in methods:
            monkeypatch.setattr(kind, name, self._counted(getattr(kind, name)))

    def _counted(self, method: Any) -> Any:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            return method(*args, **kwargs)

        return counted


@pytest.mark.parametrize("at_once", [False, True])
async def test_the_work_of_a_question_does_not_grow_with_their_number(
    fresh: None, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    """All that a question reads or writes goes through these."""
    counted = Counted(
        monkeypatch,
        (Notebook, "apply"),
        (Notebook, "outputs_of"),
        (Cells, "place_of"),
        (AIRecord, "of_metadata"),
    )
    script(say("Yes."))

    async def work_of(number: int) -> float:
        before = counted.count
        if at_once:
            await asyncio.gather(*(ask("Well?") for _ in range(number)))
        else:
            for _ in range(number):
                await ask("Well?")
        return (counted.count - before) / number

    await work_of(25)
    assert await work_of(100) <= 1.1 * await work_of(20)
