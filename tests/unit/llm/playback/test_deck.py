"""``record`` and ``replay``: what was asked once is answered again, without a key or a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide import Answer, Conversation, ask, configure, record, replay
from runt_pyodide.errors import ConfigError, LimitError, NotRecordedError, RateLimitError
from runt_pyodide.llm.cassette.cassette import Cassette
from runt_pyodide.llm.playback.deck import Mode
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import HELLO, double, script, served
from tests.support.stages.loop import LoopClock, settle

pytestmark = pytest.mark.usefixtures("fresh")
FILE = "cassettes/c.json"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text_of(name: str = FILE) -> str:
    return Path(name).read_text("utf-8")


def offline(**settings: Any) -> ScriptedTransport:
    """Configure OpenAI as a CI has it: no key, and a transport that answers nothing."""
    transport = ScriptedTransport()
    own = {"model": "m", **settings}
    configure({"providers": {"openai": own}}, transport=transport)
    return transport


async def twice_each() -> list[Any]:
    """What each way of asking comes to."""
    chat = Conversation()
    return [
        await ask("One?"),
        [piece async for piece in ask.stream("Two?")],
        await chat("Three?"),
        await chat("Four?"),
        *await asyncio.gather(*(ask("At once?", context=False) for _ in range(3))),
    ]


async def test_all_ways_of_asking_are_played_without_a_key_or_a_network() -> None:
    served(*(Scripted(pieces=HELLO) for _ in range(7)))
    with record(FILE):
        recorded = await twice_each()
    assert "sk-secret" not in text_of()
    ask.reset()
    transport = offline()
    with replay(FILE, strict=True):
        assert await twice_each() == recorded
    assert transport.requests == []
    with pytest.raises(ConfigError, match="key"):
        await ask("One?")


def test_what_waits_without_await_is_played_too() -> None:
    served(Scripted(pieces=HELLO))
    with record(FILE):
        assert ask.sync("One?") == "Hello"
    offline()
    with replay(FILE):
        assert ask.sync("One?", context=False) == "Hello"


async def test_tools_run_again_and_the_answer_knows_what_they_said() -> None:
    script({"text": "Looking.", **call("double", x=2)}, say("4."))
    with record(FILE):
        recorded = await ask("Two times two?", tools=[double])
    configure("test", responses=[{"pattern": "", "text": "No."}])
    with replay(FILE):
        played = await ask("Two times two?", tools=[double], context=False)
    assert (played, played.calls, played.usage, played.turns) == (
        recorded,
        recorded.calls,
        recorded.usage,
        2,
    )


async def test_answers_do_not_depend_on_the_order_of_the_questions() -> None:
    prompts = {f"Question {number}?": f"Answer {number}." for number in range(20)}
    configure("test", responses=prompts)
    with record(FILE):
        await asyncio.gather(*(ask(prompt, context=False) for prompt in prompts))
    configure("test", responses={})
    with replay(FILE, strict=True):
        for prompt in reversed(prompts):
            assert await ask(prompt, context=False) == prompts[prompt]


async def test_a_provider_that_is_not_configured_is_known_from_the_recording() -> None:
    configure("work", type="test", model="big", responses={"Hi": "Hello."})
    with record(FILE):
        assert await ask("Hi") == "Hello."
    ask.reset()
    offline()
    with replay(FILE):
        for choice in ({}, {"provider": "work"}, {"model": "work/big"}):
            answer = await ask("Hi", context=False, **choice)
            assert (answer, answer.provider, answer.model) == ("Hello.", "work", "big")


async def test_a_request_that_differs_is_told_with_the_nearest_one_and_what_to_do() -> None:
    configure("test", responses=[{"pattern": "", "text": "Yes."}])
    with record(FILE):
        await ask("Is the sky blue?", context=False)
        await ask("Do cats purr?", context=False)
    with replay(FILE), pytest.raises(NotRecordedError) as caught:
        await ask("Do cats purr loudly?", context=False)
    said = str(caught.value)
    assert "The cassette 'cassettes/c.json' holds no turn for this request." in said
    assert "2 of 2, differs from it in\n\nmessages[0].content:" in said
    assert "-Do cats purr?\n" in said
    assert "+Do cats purr loudly?" in said
    assert said.endswith("record it again: with record('cassettes/c.json'): ...")


async def test_a_strict_one_wants_each_request_as_often_as_it_was_recorded() -> None:
    configure("test", responses=[{"pattern": "", "text": "Yes."}])
    with record(FILE):
        await ask("One?", context=False)
        await ask("Two?", context=False)
    half = replay(FILE, strict=True).start()
    await ask("One?", context=False)
    with pytest.raises(NotRecordedError, match=r"1 of the requests in .* ends with 'Two\?'"):
        half.stop()
    with replay(FILE, strict=True):
        await ask("Two?", context=False)
        await ask("One?", context=False)
        with pytest.raises(NotRecordedError, match="no more turns for this request"):
            await ask("One?", context=False)
    with replay(FILE):
        await ask("One?", context=False)
        await ask("One?", context=False)


async def test_an_error_is_played_as_what_it_was_and_not_waited_for() -> None:
    slow = {"status": 429, "message": "Slow down", "retry_after": 60.0, "times": 3}
    script({"text": "Yes.", "fault": slow})
    ask.session.policy = type(ask.session.policy)(sleep=lambda _: asyncio.sleep(0))
    with record(FILE):
        with pytest.raises(RateLimitError):
            await ask("One?", context=False)
        assert await ask("One?", context=False) == "Yes."
    ask.session.policy = type(ask.session.policy)()
    with replay(FILE, strict=True):
        with pytest.raises(RateLimitError, match="Slow down"):
            await ask("One?", context=False)
        assert await ask("One?", context=False) == "Yes."


async def paced(clock: LoopClock, asked: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer, while the time passes as fast as it is awaited."""
    task = asyncio.create_task(asked)
    while not task.done():
        await settle()
        clock.advance(0.5)
    return await task


async def test_a_cancelled_request_is_cancelled_again(loop_clock: LoopClock) -> None:
    script(say("One two three four."), delay=1.0)
    with record(FILE), pytest.raises(LimitError) as recorded:
        await paced(loop_clock, ask("Count.", context=False, timeout=2.5))
    (turn,) = json.loads(text_of())["turns"]
    assert [delta["text"] for delta in turn["deltas"]] == ["One", " two"]
    assert turn["cancelledAfter"] == pytest.approx(2.5, abs=0.5)
    with replay(FILE):
        with pytest.raises(LimitError) as played:
            await paced(loop_clock, ask("Count.", context=False, timeout=2.5))
        assert played.value.answer == recorded.value.answer == "One two"
        with pytest.raises(NotRecordedError, match="it was cancelled, or not awaited, after 2"):
            await paced(loop_clock, ask("Count.", context=False))


async def test_a_stream_that_is_left_is_left_at_the_same_place() -> None:
    script(say("One two three four."))
    with record(FILE):
        async for _ in ask.stream("Count.", context=False):
            break
    with replay(FILE, strict=True):
        async for piece in ask.stream("Count.", context=False):
            assert piece == "One"
            break


async def asked(path: str, mode: Any, *prompts: str) -> list[str]:
    with record(path, mode=mode):
        return [str(await ask(prompt, context=False)) for prompt in prompts]


async def test_the_modes_send_all_what_is_new_or_what_there_is_no_file_for() -> None:
    def answer(text: str) -> None:
        configure("test", responses=[{"pattern": "", "text": text}])

    answer("First.")
    assert await asked(FILE, "once", "a") == ["First."]
    answer("Second.")
    assert await asked(FILE, "once", "a") == ["First."]
    assert await asked(FILE, "new", "a", "b") == ["First.", "Second."]
    answer("Third.")
    assert await asked(FILE, "none", "a", "b") == ["First.", "Second."]
    with pytest.raises(NotRecordedError):
        await asked(FILE, "once", "c")
    assert await asked(FILE, "all", "b") == ["Third."]
    with pytest.raises(NotRecordedError):
        await asked(FILE, "none", "a")
    with pytest.raises(
        ValueError, match="mode must be one of 'all', 'new', 'once', 'none', not 'any'"
    ):
        record(FILE, mode="any")  # type: ignore[arg-type]


async def test_a_block_that_fails_keeps_a_file_that_was_whole() -> None:
    configure("test", responses=[{"pattern": "", "text": "Yes."}])
    await asked(FILE, "all", "a", "b")
    before = text_of()
    with pytest.raises(ZeroDivisionError) as caught, record(FILE):
        await ask("a", context=False)
        raise ZeroDivisionError
    assert caught.value.__notes__ == ["The cassette 'cassettes/c.json' stays as it was before."]
    assert text_of() == before


async def test_the_last_that_was_started_is_used_and_each_can_be_stopped_alone() -> None:
    configure("test", responses=[{"pattern": "", "text": "Yes."}])
    outer, inner = record("outer.json").start(), record("inner.json").start()
    await ask("a", context=False)
    outer.stop()
    await ask("b", context=False)
    inner.stop()
    await ask("c", context=False)
    assert len(outer.cassette.turns) == 0
    assert len(inner.cassette.turns) == 2


async def test_what_is_not_awaited_is_recorded_as_far_as_it_came(loop_clock: LoopClock) -> None:
    script(say("One two."), delay=1.0)
    with record(FILE):
        asked = asyncio.create_task(ask("a", context=False))
        await settle()
        loop_clock.advance(1)
        await settle()
    loop_clock.advance(10)
    assert await asked == "One two."
    (turn,) = Cassette.read(text_of()).turns
    assert [delta.text for delta in turn.deltas] == ["One"]
    assert turn.cancelled_after is not None


@pytest.mark.parametrize("prompt", ["a", "b"])
async def test_without_a_cassette_what_to_do_is_said(prompt: str) -> None:
    with pytest.raises(ConfigError) as caught, replay("none.json"):
        await ask(prompt)
    assert str(caught.value) == (
        "There is no cassette 'none.json'. Record it: with record('none.json'): ..."
    )


@pytest.mark.parametrize("mode", ["all", "new", "once"])
async def test_nothing_is_asked_if_it_could_not_be_written(mode: Mode) -> None:
    transport = served(Scripted(pieces=HELLO))
    with pytest.raises(ConfigError, match=r"No cassette can be written to"), record("c/..", mode):
        await ask("One?")
    assert transport.requests == []
