"""The session that all questions share."""

from __future__ import annotations

import pytest

from runt_pyodide import Conversation, ask, configure
from tests.support.stages.ai_stage import say
from tests.support.stages.asking import script

pytestmark = pytest.mark.usefixtures("fresh")


def test_another_configuration_keeps_what_is_the_same() -> None:
    configure("openai", api_key="sk-1")
    session = ask.session
    openai = session.providers.require("openai")
    configure("test")
    configure(limits={"turns": 3})
    assert session.providers.require("openai") is openai
    configure("openai", api_key="sk-2")
    assert session.providers.require("openai") is not openai


async def test_exchanges_of_all_conversations_are_listed() -> None:
    script(say("Hi."))
    await ask("One")
    await Conversation()("Two")
    await ask("Three", context=False)
    asked = [(one.question.prompt, len(one.outputs)) for one in ask.session.exchanges]
    assert asked == [("One", 1), ("Two", 1), ("Three", 1)]
