"""The opaque state of a service, as outputs keep it: byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide import ProviderRegistry
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.ai.record.service_state import read_state, write_state
from runt_pyodide.llm.messages import Message
from tests.support.stages.ai_stage import AiStage, RecordedProvider, say
from tests.support.stages.wire import cell, claimed, completed, event, plain, request, status
from tests.support.stages.world import FixedWorld, WireEvent

THINKING = "First I look, then I answer. " * 100
items = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "Hm.", "x", THINKING]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "same_as"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=3), items, max_size=3), max_size=3))
def test_what_was_written_is_read_again_as_it_was(state: list[dict[str, Any]]) -> None:
    for thinking in ("", "Hm.", THINKING):
        written = json.loads(json.dumps(write_state(state, thinking)))
        assert read_state(written, thinking) == tuple(state)


def test_thinking_that_is_kept_anyway_is_not_written_twice() -> None:
    state = [{"reasoning_content": THINKING, "details": [{"text": THINKING, "signature": "s"}]}]
    written = write_state(state, THINKING)
    assert len(json.dumps(written)) < 200
    assert read_state(written, THINKING) == tuple(state)


@pytest.mark.parametrize("value", ["half \ud800", 2**60, float("inf"), "nested"])
def test_what_no_event_may_hold_is_not_written(value: Any) -> None:
    if value == "nested":
        for _ in range(300):
            value = [value]
    assert write_state([{"type": "t"}, {"value": value}]) == ()


# Of the shape of keys, which are redacted everywhere else.
SIGNATURE = {"signature": "AIzaSyA0123456789-abcdefghijklmnopqrstu /+=="}
STATE = {"type": "t", "thoughts": "Hm.", "signature": "sk-0123456789abcdefghij/+="}
CALLED: dict[str, Any] = {
    "thinking": "Hm.",
    "toolCalls": [
        {"name": "list_cells", "state": SIGNATURE},
        {"name": "delete_cell", "arguments": {"cellId": "a"}},
    ],
    "state": [STATE],
}
SAID = {"text": "Done.", "state": [{"type": "t", "signature": "2"}]}
START = [*cell("a", "x", index="b"), *cell("ai", "Do it.", "ai"), request("q", "ai")]
MODEL = "model-of-the-test"


def states_in(messages: tuple[Message, ...]) -> list[Any]:
    """What the assistant's messages hold of state: the turn's, and that of its calls."""
    said = [one for one in messages if one.role == "assistant"]
    return [(list(one.state), [call.state for call in one.tool_calls]) for one in said]


FIRST = ([STATE], [SIGNATURE, None])
SECOND = ([{"type": "t", "signature": "2"}], [])


async def run_and_reload(model: str = MODEL) -> AiStage:
    """A run that waits for a person, is resumed by another session, and ends; then a third session
    that has read the whole log, with an AI cell below that asks ``model``."""
    log: list[Any] = [*START]
    first = AiStage(CALLED, SAID, world=FixedWorld("first"))
    first.receive(*log)
    first.agent.start()
    log += await first.settle()
    second = AiStage(CALLED, SAID, session_id="second", world=FixedWorld("second"))
    second.receive(*log)
    second.agent.start()
    second.respond("call_2", "denied")
    log += await second.settle()
    assert states_in(second.provider.requests[0].messages) == [FIRST]
    third = AiStage(say("Below."), session_id="third", world=FixedWorld("third"))
    third.receive(*log, *cell("below", "And now?", "ai", "z"))
    settings = {"cellId": "below", "provider": "test", "model": model, "settings": {}}
    third.receive(("v1.AiSettingsChanged", settings))
    third.agent.start()
    await third.settle()
    third.earlier = (first, second)  # one that is collected while it waits would be heard of
    return third


async def test_state_comes_back_byte_by_byte_over_sessions_and_cells() -> None:
    stage = await run_and_reload(AiStage().provider.models[0])
    await stage.run("r", "below")
    assert states_in(stage.provider.requests[0].messages) == [FIRST, SECOND]


async def test_another_model_is_not_given_it() -> None:
    stage = await run_and_reload("another")
    await stage.run("r", "below")
    assert states_in(stage.provider.requests[0].messages) == [([], [None, None]), ([], [])]


async def test_a_run_that_is_continued_gives_it_back() -> None:
    stage = await run_and_reload()
    stage.agent.continue_run("ai")
    await stage.settle()
    assert states_in(stage.provider.requests[0].messages) == [FIRST, SECOND]


async def test_it_is_written_once_beside_who_it_is_for() -> None:
    stage = await run_and_reload()
    records = [AIRecord.of(output) for output in stage.notebook.outputs_of("ai")]
    written = [(one.iteration, one.service_state) for one in records if one.service_state]
    folded = {**STATE, "thoughts": {"same_as": "thinking"}}
    assert written == [(1, (folded,)), (1, (SIGNATURE,)), (2, tuple(SAID["state"]))]
    origins = {one.origin for one in records if one.service_state}
    assert origins == {stage.provider.origin(stage.provider.models[0])}
    assert {one.origin for one in records if not one.service_state} == {None}


class Named(RecordedProvider):
    """The Test provider under another name, so that it is another service."""

    def __init__(self, name: str, *turns: dict[str, Any]) -> None:
        super().__init__({"responses": [{"pattern": "", "turns": list(turns)}]})
        self.name = name


async def test_a_fallback_is_not_given_what_is_of_the_first() -> None:
    """It answers the second turn, after the first provider has failed."""
    look = {**CALLED, "toolCalls": CALLED["toolCalls"][:1]}
    first, second = Named("first", look, {"fault": 401}), Named("second", say("x"), SAID)
    stage = AiStage()
    registry = ProviderRegistry()
    registry.register(first)
    registry.register(second)
    registry.fallback = ("second",)
    stage.agent.providers = registry
    stage.receive(*cell("a", "x", index="b"), *cell("below", "And now?", "ai", "z"))
    stage.open()
    await stage.run()
    assert states_in(first.requests[1].messages) == [([STATE], [SIGNATURE])]
    assert states_in(second.requests[0].messages) == [([], [None])]
    await stage.run("r", "below")
    # Each has its own again in the cell below.
    assert states_in(first.requests[2].messages) == [([STATE], [SIGNATURE]), ([], [])]
    assert states_in(second.requests[1].messages) == [([], [None]), SECOND, ([], [None])]


async def test_the_events_of_a_run_with_state() -> None:
    """All of them: the state is in the last event of its turn."""
    stage = AiStage({**SAID, "thinking": "Hm.", "state": [STATE]}, world=FixedWorld())
    stage.open()
    origin = stage.provider.origin("scripted")
    source = {"role": "assistant", "run_id": "q", "iteration": 1}
    source |= {"ai_provider": "test", "ai_model": "scripted"}
    kept = [{**STATE, "thoughts": {"same_as": "thinking"}}]
    ended = {"finish_reason": "stop", "origin": origin, "service_state": kept}
    assert plain(await stage.run()) == [
        status("busy"),
        *claimed("q", "ai"),
        _text("id-1", 0, "Hm.", {**source, "thinking": True}),
        _text("id-2", 1, "Done.", {**source, **ended}),
        completed("q", "ai"),
        status("ready"),
    ]


def _text(output_id: str, position: int, text: str, anode: dict[str, Any]) -> WireEvent:
    content = {"type": "inline", "data": text, "metadata": {"anode": anode}}
    place = {"id": output_id, "cellId": "ai", "position": position}
    return event("v1.MarkdownOutputAdded", **place, content=content)
