"""``ask`` and ``configure``, outside of any notebook."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from runt_pyodide import ask, configure, tool
from runt_pyodide.errors import AnswerError, ConfigError, LimitError, ModelNotFoundError
from runt_pyodide.llm.messages import ChatRequest
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import script
from tests.support.stages.loop import settle

pytestmark = pytest.mark.usefixtures("fresh")

HELLO = (
    b'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n',
    b'data: {"choices":[{"index":0,"delta":{"content":"lo"}}]}\n\n',
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
)


class City(BaseModel):
    name: str
    people: int


def served(*answers: Scripted) -> ScriptedTransport:
    """OpenAI behind a transport that answers so."""
    transport = ScriptedTransport(answers)
    configure(
        {
            "providers": {
                "openai": {"base_url": "http://x/v1", "api_key": "sk-secret", "model": "m"}
            }
        },
        transport=transport,
    )
    return transport


async def test_the_answer_is_a_text_that_notebooks_show_as_markdown() -> None:
    transport = served(Scripted(pieces=HELLO))
    answer = await ask("Hi")
    assert answer == "Hello"
    assert answer._repr_markdown_() == "Hello"
    assert answer.exchange.response.finish_reason == "stop"
    assert [request.url for request in transport.requests] == ["http://x/v1/chat/completions"]


async def test_a_stream_gives_pieces_that_add_up() -> None:
    script(say("One two three four five six. " * 20), delay=0.001)
    pieces = [piece async for piece in ask.stream("Hi")]
    assert len(pieces) > 1
    assert "".join(pieces) == "One two three four five six. " * 20


async def test_the_turns_of_a_stream_are_a_blank_line_apart() -> None:
    script({"text": "Looking.", **call("double", x=2)}, say("4."))
    pieces = [piece async for piece in ask.stream("Hi", tools=[double])]
    assert "".join(pieces) == "Looking.\n\n4."


async def test_to_leave_a_stream_closes_the_request() -> None:
    never = asyncio.Event()
    transport = served(Scripted(pieces=(HELLO[0], never)))
    stream = ask.stream("Hi")
    assert await anext(stream) == "Hel"
    await stream.aclose()
    assert transport.aborted == 1


async def test_to_cancel_the_task_closes_the_request_and_the_next_question_works() -> None:
    never = asyncio.Event()
    transport = served(Scripted(pieces=(HELLO[0], never)), Scripted(pieces=HELLO))
    task = asyncio.ensure_future(ask("Hi"))
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert transport.aborted == 1
    assert await ask("Again") == "Hello"


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


async def test_a_value_of_a_type(requests: list[ChatRequest]) -> None:
    script(say('{"name": "Bern", "people": 134000}'))
    assert await ask("A city.", returns=City) == City(name="Bern", people=134000)
    format_ = requests[0].response_format
    assert format_ is not None
    assert format_["required"] == ["name", "people"]


async def test_an_answer_that_is_not_of_the_type_is_an_error_after_one_repair(
    requests: list[ChatRequest],
) -> None:
    script(say("Bern"))
    with pytest.raises(AnswerError, match="Invalid JSON"):
        await ask("A city.", returns=City)
    assert len(requests) == 2


def double(x: int) -> int:
    """Doubles a number."""
    return 2 * x


async def test_tools_that_are_given_are_called_without_asking(
    requests: list[ChatRequest],
) -> None:
    script(call("double", x=21), say("42."))
    assert await ask("Twice 21?", tools=[double]) == "42."
    assert "42" in requests[1].messages[-1].content
    assert "double" in [spec.name for spec in requests[0].tools]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "Nobody can be asked here."),
        ({"approve": lambda name, arguments: False}, "The user denied this call."),
        ({"approve": lambda name, arguments: (name, arguments) == ("double", {"x": 21})}, "42"),
    ],
)
async def test_registered_tools_are_called_by_their_policy(
    requests: list[ChatRequest], options: Any, told: str
) -> None:
    tool(double)
    script(call("double", x=21), say("Done."))
    assert await ask("Twice 21?", **options) == "Done."
    assert told in requests[1].messages[-1].content


async def test_an_approval_that_raises_is_an_answer_of_no(requests: list[ChatRequest]) -> None:
    async def approve(name: str, arguments: Any) -> bool:
        raise OSError("no terminal")

    tool(double)
    script(call("double", x=21), say("Done."))
    assert await ask("Twice 21?", approve=approve) == "Done."
    assert "no terminal" in requests[1].messages[-1].content


async def test_no_tools_is_none_at_all(requests: list[ChatRequest]) -> None:
    tool(double)
    script(say("Hi."))
    await ask("Hi")
    await ask("Hi", tools=[])
    assert {"double", "inspect_variables"} <= {spec.name for spec in requests[0].tools}
    assert requests[1].tools == ()


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


# What goes wrong says what to do


async def test_no_key_says_how_to_give_one() -> None:
    with pytest.raises(ConfigError, match=r"no API key.*configure\('openai', api_key="):
        await ask("Hi")


async def test_no_pyodide_says_what_is_missing() -> None:
    configure("openai", api_key="sk-secret")
    with pytest.raises(ConfigError, match="There is no Pyodide here") as caught:
        await ask("Hi")
    assert "configure(transport=...)" in str(caught.value)
    assert "sk-secret" not in str(caught.value)


async def test_an_old_pyodide_says_which_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyodide", SimpleNamespace(__version__="0.26.4"))
    configure("openai", api_key="sk-secret")
    with pytest.raises(ConfigError, match=r"This is Pyodide 0\.26\.4, which is too old"):
        await ask("Hi")


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
    assert "ask it to go on" in caught.value.__notes__[0]
    configure("test", responses=[{"pattern": "", "text": "Gone on."}])
    assert await ask("Go on.") == "Gone on."
    assert [one.role for one in requests[-1].messages] == ["user", "assistant", "tool", "user"]


async def test_bad_input() -> None:
    script(say("Hi."))
    with pytest.raises(ValueError, match="The prompt is empty"):
        await ask(" ")
    with pytest.raises(TypeError, match="cannot be of the type"):
        await ask("Hi", returns=object())
    with pytest.raises(ConfigError, match="No AI provider is named 'nobody'"):
        await ask("Hi", provider="nobody")


# configure


def test_a_provider_is_added_or_changed_and_made_the_default() -> None:
    configure("openai", api_key="sk-1")
    configure("openai", model="gpt-x")
    configure("office", type="openai", base_url="http://llm.example/v1")
    config = ask.session.config
    openai: Any = config.providers["openai"]
    assert openai.api_key.get_secret_value() == "sk-1"
    assert openai.model == "gpt-x"
    assert config.default_provider == "office"


def test_keys_of_the_configuration() -> None:
    configure("openai", api_key="sk-1")
    configure(limits={"turns": 3}, tools={"double": "auto"}, defaultProvider="test")
    config = ask.session.config
    assert (config.limits.turns, config.tools, config.default_provider) == (
        3,
        {"double": "auto"},
        "test",
    )
    assert "openai" in config.providers


@pytest.mark.parametrize(
    ("arguments", "keywords", "match"),
    [
        (("nothing",), {}, "unknown type 'nothing'"),
        (("openai",), {"key": "x"}, "unknown key 'key'"),
        ((), {"colour": 1}, "unknown key 'colour'"),
        (({"providers": {}},), {"limits": {}}, "not both"),
    ],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(
    arguments: Any, keywords: Any, match: str
) -> None:
    before = ask.session.config
    with pytest.raises(ConfigError, match=match):
        configure(*arguments, **keywords)
    assert ask.session.config is before


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "localhost:11434")
    assert ask.session.config.default_provider == "ollama"
