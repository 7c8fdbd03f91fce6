"""``%%ai`` from its line to a variable, and stopped on the way there."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide import ask, configure
from runt_pyodide.errors import ConfigError, StoppedError
from runt_pyodide.llm.messages import ChatRequest
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import HELLO, script, served
from tests.support.stages.shell_stage import LONG, Stage, opened


def test_stop_ends_the_request_keeps_the_text_and_fails_the_cell(stage: Stage) -> None:
    script(say(LONG), delay=0.01)

    def react(display_id: str, data: dict[str, Any]) -> None:
        if len(data.get("text/markdown", "")) > 100:
            run = re.search(r"runt-[0-9a-f-]{36}", stage.page.html()[0])
            assert run is not None
            stage.page.react = lambda *_: None
            stage.buttons.press(run="another", action="stop")  # type: ignore[union-attr]
            stage.buttons.press(run=run[0], action="look")  # type: ignore[union-attr]
            stage.buttons.press(run=run[0], action="stop")  # type: ignore[union-attr]

    stage.page.react = react
    result = stage.run("%%ai -> answer\nHi")
    assert isinstance(result.error_in_exec, StoppedError)
    assert "answer" not in stage.shell.user_ns
    (text,) = stage.page.markdown()
    assert 100 < len(text) < len(LONG)
    assert text.endswith("*Stopped.*")
    assert stage.buttons is not None
    assert stage.buttons.listeners == 0
    assert len(stage.buttons.told) == 2  # that it is there: at its beginning, and when asked
    configure("test", delay=0)
    assert stage.run("%%ai -> answer\nAgain").success


def test_an_interrupt_stops_it_where_there_are_signals(stage: Stage) -> None:
    script(say(LONG), delay=0.01)
    before = signal.getsignal(signal.SIGINT)  # not Python's own if the tests run in the background

    def react(display_id: str, data: dict[str, Any]) -> None:
        if len(data.get("text/markdown", "")) > 100:
            stage.page.react = lambda *_: None
            os.kill(os.getpid(), signal.SIGINT)

    stage.page.react = react
    assert isinstance(stage.run("%%ai\nHi").error_in_exec, StoppedError)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_interrupt_breaks_into_busy_code(stage: Stage) -> None:
    interrupt = "signal.raise_signal(signal.SIGINT)"
    busy = f"import signal\n{interrupt}\nonce = True\n{interrupt}\nwhile True: pass"
    script(call("run_python", source=busy), say("Done."))
    configure(tools={"run_python": "auto"})
    assert isinstance(stage.run("%%ai\nDo it.").error_in_exec, StoppedError)
    assert stage.value("once")


def test_a_stop_while_it_waits_for_a_click(stage: Stage, requests: list[ChatRequest]) -> None:
    script(call("run_python", source="x = 1"), say("Done."))

    def react(display_id: str, data: dict[str, Any]) -> None:
        if "Allow once" in data.get("text/html", ""):
            assert stage.buttons is not None
            stage.buttons.press(run=display_id.removesuffix("-call_1"), action="stop")

    stage.page.react = react
    assert isinstance(stage.run("%%ai\nDo it.").error_in_exec, StoppedError)
    assert len(requests) == 1
    assert "x" not in stage.shell.user_ns
    assert any("Nobody answered this call of" in html for html in stage.page.html())
    assert "**run_python** (stopped)" in stage.page.markdown()[-1]
    script(say("Fine."))
    assert stage.run("%%ai -> answer\nAnd now?").success
    told = requests[-1].messages
    assert [one.tool_call_id for one in told if one.role == "tool"] == ["call_1"]


def test_a_value_of_a_type_goes_to_the_variable(stage: Stage) -> None:
    script(say('{"value": [3, 4]}'))
    assert stage.run("%%ai test -> sizes: list[int]\nSizes?").success
    assert stage.value("sizes") == [3, 4]
    stage.run("from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int\n    y: int")
    script(say('{"x": 1, "y": 2}'))
    assert stage.run("%%ai -> point: Point\nA point.").success
    assert (stage.value("point").x, stage.value("point").y) == (1, 2)


def test_a_tool_of_the_cell_before_is_called_after_a_click(stage: Stage) -> None:
    stage.run(
        "from runt_pyodide import tool\n\n@tool\ndef weather(city: str) -> str:\n"
        "    return f'Sunny in {city}'"
    )
    script(call("weather", city="Bern"), say("It is sunny."))

    def react(display_id: str, data: dict[str, Any]) -> None:
        if "Allow once" in data.get("text/html", ""):
            assert "Bern" in data["text/html"]
            assert stage.buttons is not None
            run = display_id.removesuffix("-call_1")
            answer = {"action": "answer", "call": "call_1", "status": "approved_once"}
            stage.buttons.press(run=run, **answer)

    stage.page.react = react
    assert stage.run("%%ai -> answer\nWeather?").success
    assert stage.value("answer") == "It is sunny."
    shown = "\n".join(stage.page.markdown())
    assert "**weather** (done" in shown
    assert "Sunny in Bern" in shown
    assert any("You allowed this call of <b>weather</b>" in html for html in stage.page.html())


def test_a_denial_with_its_reason_goes_to_the_model(
    stage: Stage, requests: list[ChatRequest]
) -> None:
    script(call("run_python", source="x = 1"), say("Then not."))

    def react(display_id: str, data: dict[str, Any]) -> None:
        if "Allow once" in data.get("text/html", ""):
            assert stage.buttons is not None
            run = display_id.removesuffix("-call_1")
            answer = {
                "action": "answer",
                "call": "call_1",
                "status": "denied",
                "reason": "Too soon",
            }
            stage.buttons.press(run=run, **answer)

    stage.page.react = react
    stage.run("%%ai\nDo it.")
    assert "Too soon" in requests[1].messages[-1].content
    assert "x" not in stage.shell.user_ns


def test_a_provider_that_is_not_configured_is_nobody_s(stage: Stage) -> None:
    transport = ScriptedTransport()
    configure({"providers": {"openai": {"apiKey": "k"}}}, transport=transport)
    error = stage.run("%%ai ollama/qwen3\nHi").error_in_exec
    assert isinstance(error, ConfigError)
    assert "No AI provider is named 'ollama'; configured: openai." in str(error)
    assert transport.requests == []


def test_what_the_magic_asks_is_recorded_and_played_without_a_key(
    fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guide for teachers says how: models are told of these cells, so they are the same."""
    monkeypatch.chdir(tmp_path)
    transport = served(Scripted(pieces=HELLO))

    def run(prompt: str) -> object:
        monkeypatch.setattr(ask, "_dialogue", None)  # as in a kernel that was started again
        with opened(None) as stage:
            stage.run("from runt_pyodide import record\nfile = record('a.json', 'new').start()")
            result = stage.run(f"%%ai -> answer\n{prompt}")
            assert stage.run("file.stop()").success
            return result.error_in_exec or stage.value("answer")

    assert run("Hi") == "Hello"
    configure({"providers": {"openai": {"model": "m"}}})
    assert run("Hi") == "Hello"
    assert len(transport.requests) == 1
    recorded = Path("a.json").read_text("utf-8")
    assert '"Hel' in recorded and "Authorization" not in recorded
    assert isinstance(run("Something else"), ConfigError)  # it would be asked, without a key
    assert len(transport.requests) == 1
