"""The Test provider: the same each time, by exact prompt, by pattern, by turns, with faults."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.config import TestSettings
from runt_pyodide.errors import CutStreamError, RateLimitError
from runt_pyodide.messages import ChatRequest, Delta, FinishDelta, Message, TextDelta, UsageDelta
from runt_pyodide.providers import TestProvider


def ask(*prompts: str) -> ChatRequest:
    """A conversation in which every prompt but the last was answered by "ok"."""
    messages: list[Message] = []
    for prompt in prompts:
        messages += [Message("user", prompt), Message("assistant", "ok")]
    return ChatRequest(tuple(messages[:-1]), "scripted")


def provider(responses: Any, **settings: Any) -> TestProvider:
    return TestProvider("test", TestSettings.model_validate({"responses": responses, **settings}))


async def deltas_of(asked: TestProvider, request: ChatRequest) -> list[Delta]:
    return [delta async for delta in asked.execute_prompt_stream(request)]


async def text_of(asked: TestProvider, request: ChatRequest) -> str:
    return (await asked.execute_prompt(request)).text


async def test_the_first_response_that_matches_answers() -> None:
    asked = provider(
        [
            {"prompt": "hi", "text": "exact"},
            {"pattern": "sky|sea", "text": "pattern"},
            {"pattern": "", "text": "any"},
        ]
    )
    assert await text_of(asked, ask(" hi\n")) == "exact"
    assert await text_of(asked, ask("why is the sky blue?")) == "pattern"
    assert await text_of(asked, ask("hi there")) == "any"


@pytest.mark.parametrize(
    "text", ["one two\n\n  three \n", "", " ", "\n", "a", "\u4f60\u597d \U0001f642"]
)
async def test_text_streams_by_words_and_joins_to_the_same(text: str) -> None:
    deltas = await deltas_of(provider({"hi": text}), ask("hi"))
    words = [delta.text for delta in deltas if isinstance(delta, TextDelta)]
    assert "".join(words) == text
    assert len(words) <= len(text.split()) + 1
    assert isinstance(deltas[-2], UsageDelta)
    assert deltas[-1] == FinishDelta("stop")


async def test_the_same_input_gives_the_same_deltas() -> None:
    asked = provider({"hi": "one two three"})
    assert await deltas_of(asked, ask("hi")) == await deltas_of(asked, ask("hi"))


async def test_a_prompt_without_a_response_says_so() -> None:
    text = await text_of(provider({}), ask("first", "second\nline"))
    assert "no model was asked" in text
    assert "> second\n> line" in text
    assert "2 messages of context" in text


async def test_a_script_of_turns_goes_on_with_the_assistant_s_messages() -> None:
    asked = provider([{"prompt": "hi", "turns": [{"text": "one"}, {"text": "two"}]}])
    again = ChatRequest((Message("user", "hi"), Message("assistant", "one")), "scripted")
    assert await text_of(asked, ask("hi")) == "one"
    assert await text_of(asked, again) == "two"


@pytest.mark.parametrize(("fault", "kind"), [("cut", CutStreamError), (429, RateLimitError)])
async def test_faults_come_after_the_text(fault: Any, kind: type[Exception]) -> None:
    asked = provider([{"pattern": "", "turns": [{"text": "half", "fault": fault}]}])
    seen: list[Delta] = []
    with pytest.raises(kind):
        async for delta in asked.execute_prompt_stream(ask("hi")):
            seen.append(delta)  # noqa: PERF401 -- what came before the error counts
    assert seen == [TextDelta("half")]
