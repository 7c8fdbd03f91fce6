"""Refusals by their meaning: in everybody's words, under any status that services give them."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.services.answers import SERVICES, told
from tests.support.services.checks import check
from tests.support.services.setups import meet

WORDS: dict[str, Any] = tomllib.loads((SERVICES / "words.toml").read_text("utf-8"))
FALLBACK = {
    "providers": {"one": {}, "two": {"kind": "chat", "base_url": "http://other/v1"}},
    "fallback": ["two"],
}
LONG = [{"above": ["LONG", "LONG", "LONG"]}]


def words(group: str) -> list[Any]:
    return [pytest.param(one, id=name) for name, one in WORDS[group].items()]


def refusal(words: dict[str, Any], status: int = 400) -> Scripted:
    """Return the answer that says it."""
    body = {"error": {"message": words.get("message")}}
    return told(json.loads(words["body"]) if "body" in words else body, words.get("status", status))


async def expect(words: dict[str, Any], elsewhere: bool = True, **expected: Any) -> None:
    """The refusal has this effect; ``elsewhere`` says whether a fallback answers in its place."""
    answer = refusal(words)
    assert check(await meet({"answers": [answer]}), expected) == []
    asked = expected["asked"]
    hosts = ["host"] * asked + ["other"] * elsewhere
    found = await meet({"answers": [answer] * asked, **FALLBACK})
    error = "" if elsewhere else expected["error"]
    assert check(found, {"error": error, "hosts": hosts}) == []


@pytest.mark.parametrize("one", words("key"))
async def test_a_wrong_key(one: dict[str, Any]) -> None:
    await expect(one, error=one.get("error", "AuthenticationError"), asked=1)


@pytest.mark.parametrize("one", words("quota"))
async def test_a_used_up_quota_is_not_asked_again(one: dict[str, Any]) -> None:
    await expect(one, error="QuotaExceededError", asked=1)


@pytest.mark.parametrize("one", words("gone"))
async def test_a_model_that_is_not_there(one: dict[str, Any]) -> None:
    await expect(one, error="ModelNotFoundError", asked=1)


@pytest.mark.parametrize("one", words("withheld"))
async def test_a_prompt_that_the_service_withholds(one: dict[str, Any]) -> None:
    await expect(one, error="ContentFilterError", asked=1)


@pytest.mark.parametrize("one", words("at fault"))
async def test_only_a_request_at_fault_is_not_sent_elsewhere(one: dict[str, Any]) -> None:
    await expect(one, elsewhere=False, error="BadRequestError", asked=1)


@pytest.mark.parametrize("one", words("busy"))
async def test_a_busy_service_is_asked_again(one: dict[str, Any]) -> None:
    assert check(await meet({"answers": [refusal(one)]}), {"text": "ok", "asked": 2}) == []


@pytest.mark.parametrize("one", words("too long"))
async def test_a_prompt_that_is_too_long_is_shortened(one: dict[str, Any]) -> None:
    expected = {"text": "ok", "asked": 2, "shorter": True, "told": "less"}
    for status in (400, 413, 422):
        found = await meet({"answers": [refusal(one, status)], "prompts": LONG})
        assert (status, check(found, expected)) == (status, [])


@pytest.mark.parametrize("one", words("taught"))
async def test_a_refusal_teaches_what_to_leave_out(one: dict[str, Any]) -> None:
    """It is learnt once, for the second cell too."""
    setup = {
        "refuses": {one["rule"]: refusal(one)},
        "prompts": [{"above": ["x = 1", "y = 2"]}, {}],
    }
    found = await meet(setup)
    assert check(found, {"text": "ok"}) == []
    assert check(found, {"asked": 2}) == [] or check(found, {"asked": 3}) == []


@pytest.mark.parametrize("one", words("format"))
async def test_without_a_response_format_the_schema_is_told_in_words(one: dict[str, Any]) -> None:
    setup = {
        "refuses": {"a response format": refusal(one)},
        "prompts": [{"returns": "int"}],
        "text": '{"value": 5}',
    }
    expected = {"value": 5, "sent": {"response_format": "(absent)", "messages": "~integer"}}
    assert check(await meet(setup), expected) == []


@pytest.mark.parametrize("one", words("typed"))
async def test_a_typed_answer_in_other_words(one: dict[str, Any]) -> None:
    found = await meet({"prompts": [{"returns": "int"}], "text": one["text"]})
    assert check(found, {"value": 5, "asked": 1}) == []
