"""Answers: text that knows its exchange, or a value of a type."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from runt_pyodide import ask, tool
from runt_pyodide.errors import AnswerError
from runt_pyodide.llm.messages import ChatRequest
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import HELLO, double, script, served

pytestmark = pytest.mark.usefixtures("fresh")


class City(BaseModel):
    name: str
    people: int


async def test_the_answer_is_a_text_that_notebooks_show_as_markdown() -> None:
    transport = served(Scripted(pieces=HELLO))
    answer = await ask("Hi")
    assert answer == "Hello"
    assert answer._repr_markdown_() == "Hello"
    assert answer.exchange.response.finish_reason == "stop"
    assert [request.url for request in transport.requests] == ["http://x/v1/chat/completions"]


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
    with pytest.raises(AnswerError, match="There is no JSON in it"):
        await ask("A city.", returns=City)
    assert len(requests) == 2


async def test_an_approval_that_raises_is_an_answer_of_no(requests: list[ChatRequest]) -> None:
    async def approve(name: str, arguments: Any) -> bool:
        raise OSError("no terminal")

    tool(double)
    script(call("double", x=21), say("Done."))
    assert await ask("Twice 21?", approve=approve) == "Done."
    assert "no terminal" in requests[1].messages[-1].content
