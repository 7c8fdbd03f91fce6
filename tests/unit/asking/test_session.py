"""Questions that have earlier ones as context."""

from __future__ import annotations

import asyncio

import pytest

from runt_pyodide import ask, configure
from runt_pyodide.errors import LimitError, ModelNotFoundError
from runt_pyodide.llm.messages import ChatRequest
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import double, script, served

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
    assert [one.question.prompt for one in ask.session.exchanges] == ["look it up", "And?"]


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
    configure("test", responses=[{"pattern": "", "text": "Gone on."}])
    assert await ask("Go on.") == "Gone on."
    assert [one.role for one in requests[-1].messages] == ["user", "assistant", "tool", "user"]


def test_another_configuration_keeps_what_is_the_same() -> None:
    configure("openai", api_key="sk-1")
    session = ask.session
    openai = session.providers.require("openai")
    configure("test")
    configure(limits={"turns": 3})
    assert session.providers.require("openai") is openai
    assert session.without_history().providers.require("openai") is openai
    configure("openai", api_key="sk-2")
    assert session.providers.require("openai") is not openai
