"""Which answer of a script is given: by the prompt, in sequence, by a function, or none."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from runt_pyodide import ask, configure
from runt_pyodide.config import AIConfig
from runt_pyodide.errors import BadRequestError, ConfigError, RateLimitError
from runt_pyodide.llm.messages import ChatRequest
from runt_pyodide.llm.test.script import runs_in_ci
from tests.support.stages.ai_stage import call
from tests.support.stages.asking import double

pytestmark = pytest.mark.usefixtures("fresh")


async def said(prompt: str, **options: Any) -> str:
    return str(await ask(prompt, context=False, **options))


async def test_answers_are_given_one_after_the_other_and_the_last_one_stays() -> None:
    configure("test", responses={"Roll.": ["Two.", "Five."], "Flip.": ["Heads."]})
    rolled = [await said("Roll."), await said("Flip."), await said("Roll."), await said("Roll.")]
    assert rolled == ["Two.", "Heads.", "Five.", "Five."]


async def test_questions_at_once_get_one_answer_each() -> None:
    configure("test", responses={"Roll.": [str(number) for number in range(20)]})
    rolled = await asyncio.gather(*(said("Roll.") for _ in range(20)))
    assert sorted(map(int, rolled)) == [*range(20)]


async def test_an_answer_of_several_turns_goes_on_as_it_began() -> None:
    first, second = ({"text": t, **call("double", x=x)} for t, x in (("One.", 1), ("Two.", 2)))
    answers = [{"turns": [first, {"text": "It is 2."}]}, {"turns": [second, {"text": "It is 4."}]}]
    configure("test", responses=[{"pattern": "", "answers": answers}], strict=True)
    both = await asyncio.gather(*(said("Go.", tools=[double]) for _ in answers))
    assert sorted(both) == ["It is 2.", "It is 4."]


async def test_an_answer_that_failed_before_it_began_is_given_at_the_next_try() -> None:
    broken = {"turns": [{"text": "First.", "fault": {"status": 429, "times": 3}}]}
    configure("test", responses=[{"pattern": "", "answers": [broken, "Second."]}])
    ask.session.policy = type(ask.session.policy)(sleep=lambda _: asyncio.sleep(0))
    with pytest.raises(RateLimitError):
        await said("a")
    assert [await said("a"), await said("a")] == ["First.", "Second."]


async def test_a_strict_script_refuses_what_it_has_no_answer_to() -> None:
    configure("test", responses={"a": ["b"]}, strict=True)
    with pytest.raises(BadRequestError) as caught:
        await said("What now?")
    assert str(caught.value) == (
        "The script of the Test provider has no answer to this prompt: 'What now?'. Add a response "
        "for it, or a last one for all the rest: {'pattern': '', 'text': ...}; or set strict=False."
    )
    assert await said("a") == "b"
    with pytest.raises(BadRequestError, match="has 1 answers to this prompt, and all were given"):
        await said("a")


@pytest.mark.parametrize(
    ("value", "is_ci"),
    [(None, False), ("", False), ("0", False), ("false", False), ("true", True), ("1", True)],
)
async def test_without_a_setting_it_is_strict_in_a_ci(
    value: str | None, is_ci: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert runs_in_ci({} if value is None else {"CI": value}) is is_ci
    monkeypatch.delenv("CI", raising=False)
    if value is not None:
        monkeypatch.setenv("CI", value)
    configure("test", responses={})
    if is_ci:
        with pytest.raises(BadRequestError, match=r"\(it is strict, since CI is set\): 'a'"):
            await said("a")
        configure("test", strict=False)
    assert "no model was asked" in await said("a")


async def test_a_function_answers_and_leaves_to_the_responses_what_it_does_not() -> None:
    def shout(request: ChatRequest) -> Any:
        return None if request.prompt == "Hush." else request.prompt.upper()

    configure("test", respond=shout, responses={"Hush.": "..."})
    assert [await said("Hello."), await said("Hush.")] == ["HELLO.", "..."]


async def test_a_function_may_be_async_and_answer_with_turns() -> None:
    async def calculate(request: ChatRequest) -> dict[str, Any]:
        last = request.messages[-1]
        if last.role == "tool":
            return {"text": f"It is {last.content.splitlines()[1]}.", "thinking": "So."}
        return call("double", x=len(request.prompt))

    configure("test", respond=calculate)
    answer = await ask("abc", tools=[double])
    assert (answer, answer.thinking, answer.turns) == ("It is 6.", "So.", 2)


@pytest.mark.parametrize(
    ("value", "said_of_it"),
    [(3, "int is neither"), ({"txt": "a"}, "unknown key 'txt'"), (["a"], "list is neither")],
)
async def test_what_a_function_may_not_return_is_said(value: Any, said_of_it: str) -> None:
    configure("test", respond=lambda _: value)
    with pytest.raises(ConfigError) as caught:
        await said("a")
    assert said_of_it in str(caught.value)


async def test_a_function_stays_until_another_is_given_and_is_in_no_json() -> None:
    configure("test", respond=lambda request: request.prompt)
    configure("test", delay=0.0)
    configure(limits={"turns": 3})
    assert await said("a") == "a"
    dumped = ask.session.config.model_dump_json(by_alias=True)
    assert "respond" not in json.loads(dumped)["providers"]["test"]
    configure("test", respond=None, responses={"a": "b"})
    assert await said("a") == "b"
    with pytest.raises(ConfigError, match="respond: Input should be callable"):
        AIConfig.read({"providers": {"test": {"respond": "shout"}}})
