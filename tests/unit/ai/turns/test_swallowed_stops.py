"""A run ends when it is stopped or its time is up, whatever the code that it runs makes of that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from runt_pyodide.ai.tools.function import remove_tool, tool
from runt_pyodide.llm.messages import ChatRequest, TextDelta
from runt_pyodide.notebook.state import Execution
from tests.support.stages.ai_stage import AiStage, call, calls, say
from tests.support.stages.loop import LoopClock
from tests.support.stages.signals import Host

Act = Callable[[AiStage], Awaitable[None]]


async def go_on() -> str:
    try:
        await asyncio.Event().wait()
    except BaseException:  # noqa: BLE001 -- what is tested
        return "I go on."
    return ""


async def go_on_in_another_task() -> str:
    return await asyncio.ensure_future(go_on())


async def fail() -> str:
    try:
        await asyncio.Event().wait()
    finally:
        raise ValueError("I was disturbed.")


async def interrupt(stage: AiStage) -> None:
    await stage.agent.interrupt()


async def cancel(stage: AiStage) -> None:
    args = {"queueId": "q", "cellId": "ai", "cancelledBy": "me", "reason": "stop"}
    stage.receive(("v1.ExecutionCancelled", args))


@pytest.fixture
def use() -> Iterator[Callable[..., None]]:
    """Makes a function the tool "work"."""

    def register(function: Callable[..., Any], **options: Any) -> None:
        tool(name="work", policy="auto", **options)(function)

    yield register
    remove_tool("work")


def end_of(stage: AiStage) -> tuple[Execution, int]:
    """Return the execution, after its end, and how many requests were sent."""
    assert not stage.notebook.open_executions()
    return stage.notebook.executions["q"], len(stage.provider.requests)


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("stop", [interrupt, cancel])
@pytest.mark.parametrize("work", [go_on, go_on_in_another_task, fail])
async def test_a_tool_that_catches_the_stop(
    use: Callable[..., None], work: Callable[[], Any], stop: Act, together: bool
) -> None:
    use(work, reads_only=together)
    stage = AiStage(calls(*[("work", {})] * (2 if together else 1)), say("Never."))
    stage.open()
    await stage.run()
    assert set(stage.states()) == {"running"}
    await stop(stage)
    await stage.settle()
    entry, requests = end_of(stage)
    assert entry.outcome in ("cancelled", None)  # a person has ended it
    assert requests == 1


async def test_a_tool_that_catches_the_signal(use: Callable[..., None], host: Host) -> None:
    def work() -> str:
        try:
            host.signal(1)
        except BaseException:  # noqa: BLE001 -- what is tested
            return "I go on."
        return ""

    use(work)
    stage = AiStage(calls(("work", {}), ("work", {})), say("Never."))
    stage.open()
    await stage.run()
    entry, requests = end_of(stage)
    assert (entry.outcome, requests) == ("cancelled", 1)
    assert stage.states() == ["success", "cancelled"]


@pytest.mark.parametrize("work", [go_on, go_on_in_another_task, fail])
async def test_a_tool_that_catches_the_end_of_the_time(
    use: Callable[..., None], work: Callable[[], Any], loop_clock: LoopClock
) -> None:
    use(work)
    stage = AiStage(call("work"), say("Never."), config={"limits": {"seconds": 60}})
    stage.open()
    await stage.run()
    loop_clock.advance(61)
    await stage.settle()
    entry, requests = end_of(stage)
    assert requests == 1
    assert entry.error.startswith("The run reached its limit of 60 seconds.")


async def test_a_tool_that_does_not_let_the_time_end_it(
    use: Callable[..., None], loop_clock: LoopClock
) -> None:
    use(lambda: loop_clock.advance(61))
    stage = AiStage(call("work"), say("Never."), config={"limits": {"seconds": 60}})
    stage.open()
    await stage.run()
    entry, requests = end_of(stage)
    assert requests == 1
    assert entry.error.startswith("The run reached its limit of 60 seconds.")


async def test_a_prompt_that_catches_the_stop() -> None:
    names = {"go_on": go_on}

    async def within(_run: Any, work: Callable[[dict[str, Any]], Awaitable[str]]) -> str:
        return await work(names)

    stage = AiStage(say("Never."), within=within, variables=lambda: names)
    stage.open("Say {await go_on()}")
    await stage.run()
    await interrupt(stage)
    entry, requests = end_of(stage)
    assert (entry.outcome, requests) == ("cancelled", 0)


async def test_a_provider_that_catches_the_stop() -> None:
    async def answer(_request: ChatRequest) -> Any:
        yield TextDelta(await go_on())
        yield TextDelta("And on.")

    stage = AiStage()
    stage.provider.execute_prompt_stream = answer  # type: ignore[method-assign]
    stage.open()
    await stage.run()
    await interrupt(stage)
    assert end_of(stage)[0].outcome == "cancelled"
    assert "And on." not in stage.notebook.outputs_of("ai")[0].text
