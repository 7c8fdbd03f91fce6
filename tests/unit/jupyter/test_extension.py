"""``%%ai`` and ``%ai`` in a real IPython shell."""

from __future__ import annotations

import os
import re
import signal
from itertools import pairwise
from typing import Any

import pytest
from IPython.core.completer import provisionalcompleter

from runt_pyodide import ask, configure, load_ipython_extension, unload_ipython_extension
from runt_pyodide.errors import CellError, ConfigError, StoppedError
from runt_pyodide.llm.messages import ChatRequest
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import Stage

LONG = "One two three four five six. " * 40


def test_an_answer_streams_into_one_display_and_a_variable(stage: Stage) -> None:
    script(say(LONG), delay=0.002)
    result = stage.run("%%ai -> answer\nHi")
    assert result.success
    assert result.result is None
    assert stage.value("answer") == LONG
    assert stage.page.markdown() == [LONG]
    grown = [data["text/markdown"] for _, data in stage.page.states if "text/markdown" in data]
    assert len(grown) >= 5
    assert all(after.startswith(before) for before, after in pairwise(grown))


def test_the_stop_button_stands_while_it_runs_and_then_what_it_took(stage: Stage) -> None:
    script(say("Hi."))
    stage.run("%%ai\nHi")
    heads = [data["text/html"] for _, data in stage.page.states if "text/html" in data]
    assert ">Stop</button>" in heads[0]
    (head,) = stage.page.html()
    assert "button" not in head
    assert "test/scripted" in head
    assert "tokens" in head


def test_stop_ends_the_request_keeps_the_text_and_fails_the_cell(stage: Stage) -> None:
    script(say(LONG), delay=0.01)

    def react(display_id: str, data: dict[str, Any]) -> None:
        if len(data.get("text/markdown", "")) > 100:
            run = re.search(r"runt-[0-9a-f-]{36}", stage.page.html()[0])
            assert run is not None
            stage.page.react = lambda *_: None
            stage.buttons.press(run="another", action="stop")  # type: ignore[union-attr]
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
    configure("test", delay=0)
    assert stage.run("%%ai -> answer\nAgain").success


def test_an_interrupt_stops_it_where_there_are_signals(stage: Stage) -> None:
    script(say(LONG), delay=0.01)

    def react(display_id: str, data: dict[str, Any]) -> None:
        if len(data.get("text/markdown", "")) > 100:
            stage.page.react = lambda *_: None
            os.kill(os.getpid(), signal.SIGINT)

    stage.page.react = react
    assert isinstance(stage.run("%%ai\nHi").error_in_exec, StoppedError)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


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


def test_cells_and_what_they_showed_are_context(
    stage: Stage, requests: list[ChatRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    script(say("I see."))
    stage.run("x = 41\nprint('printed', x)\nx + 1")
    stage.run("from IPython.display import Markdown, display\ndisplay(Markdown('*shown*'))")
    stage.run("1 / 0")
    stage.run("%%ai\nWhat now?")
    stage.run("%ai history")
    stage.run("%%ai\nAnd now?")
    stage.run("%%ai --no-context\nAlone?")
    told = ["\n".join(message.content for message in one.messages) for one in requests]
    for part in ("x + 1", "printed 41", "42", "*shown*", "ZeroDivisionError: division by zero"):
        assert told[0].count(part) >= 1
    assert told[0].count("printed 41") == 1
    assert "I see." in told[1]
    assert "%ai" not in told[1]
    assert told[2] == "Alone?"


def test_keys_in_cells_outputs_and_variables_are_not_told(
    stage: Stage, requests: list[ChatRequest]
) -> None:
    script(call("inspect_variables"), say("I see."))
    stage.run("from runt_pyodide import configure")
    stage.run("key = 'plain-secret-1'\nprint(key)")
    stage.run("configure('openai', api_key=key)")
    stage.run("configure('local', type='openai', base_url='http://x/v1', api_key='ollama')")
    stage.run("other = 'sk-proj-abcdefghij0123456789'")
    configure(defaultProvider="test")
    assert stage.run("%%ai\nWhat is plain-secret-1 to ollama?").success
    told = repr([request.messages for request in requests])
    assert "plain-secret" not in told
    assert "sk-proj" not in told
    assert "print(key)" in told
    assert "What is [key] to ollama?" in told


def test_cells_before_the_extension_was_loaded_are_context(
    stage: Stage, requests: list[ChatRequest]
) -> None:
    unload_ipython_extension(stage.shell)
    stage.run("before = 6\nbefore * 7")
    script(say("I see."))
    stage.run("%load_ext runt_pyodide")
    stage.run("%%ai\nWhat now?")
    told = requests[0].messages[0].content
    assert "before * 7" in told
    assert "42" in told


def test_ask_in_a_cell_knows_the_cells_too(stage: Stage, requests: list[ChatRequest]) -> None:
    script(say("I see."))
    stage.run("from runt_pyodide import ask\nprint('here')")
    result = stage.run("await ask('What now?')")
    assert result.result == "I see."
    assert "here" in requests[0].messages[0].content


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


def test_the_model_runs_python_and_undo_binds_variables_as_before(
    stage: Stage, requests: list[ChatRequest]
) -> None:
    code = "print('hello')\nkept = 'new'\nmade = 2\nmade + 1"
    script(call("run_python", source=code), say("Done."))
    configure(tools={"run_python": "auto"})
    stage.run("kept = 'old'")
    assert stage.run("%%ai\nDo it.").success
    told = requests[1].messages[-1].content
    assert "hello" in told
    assert "3" in told
    assert (stage.value("kept"), stage.value("made")) == ("new", 2)
    stage.run("made = 5")
    stage.run("%ai undo")
    assert (stage.value("kept"), stage.value("made")) == ("old", 5)
    assert "`kept`" in stage.page.markdown()[-1]
    assert "changed again: `made`" in stage.page.markdown()[-1]


def test_python_of_the_model_that_fails_is_told_and_does_not_fail_the_cell(
    stage: Stage, requests: list[ChatRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    script(call("run_python", source="1 / 0"), say("It failed."))
    configure(tools={"run_python": "auto"})
    assert stage.run("%%ai\nDo it.").success
    told = requests[1].messages[-1].content
    assert "ZeroDivisionError" in told
    assert "site-packages" not in told
    assert "ZeroDivisionError" not in capsys.readouterr().out


def test_what_the_model_puts_in_the_next_cell(stage: Stage) -> None:
    script(call("create_cell", source="a = 1"), call("create_cell", source="b = 2"), say("Look."))
    stage.run("%%ai\nWrite code.")
    payload = stage.shell.payload_manager.read_payload()
    assert [one["text"] for one in payload] == ["a = 1\n\nb = 2"]


def test_variables_can_be_looked_at(stage: Stage, requests: list[ChatRequest]) -> None:
    script(call("inspect_variables"), say("I see."))
    stage.run("answer = 42")
    stage.run("%%ai\nWhat is there?")
    assert "answer: int = 42" in requests[1].messages[-1].content


def test_options_of_a_cell(stage: Stage, requests: list[ChatRequest]) -> None:
    script(say("Hi."))
    stage.run("%%ai test/big --system 'Be brief.' --temperature 0.5 --max-tokens 9 --no-tools\nHi")
    (request,) = requests
    assert (request.model, request.tools) == ("big", ())
    assert (request.settings.temperature, request.settings.max_tokens) == (0.5, 9)
    assert "Be brief." in (request.system_prompt or "")
    assert request.messages[-1].content == "Hi"


@pytest.mark.parametrize(
    ("source", "kind", "match"),
    [
        ("%%ai\nHi", ConfigError, "no API key"),
        ("%%ai --frob\nHi", CellError, "unrecognized arguments: --frob.*--system"),
        ("%%ai --system 'a\nHi", CellError, "Close the quotation mark"),
        ("%%ai -> 1x\nHi", CellError, "'1x' is no name of a variable"),
        ("%%ai -> x: Nope\nHi", CellError, "'Nope' is no type for an answer. NameError"),
        ("%%ai\n\n", CellError, "The AI cell is empty"),
        ("%ai frob", CellError, "no command 'frob'. It has models"),
        ("%ai explain", CellError, "Nothing was asked yet"),
    ],
)
def test_bad_input_fails_the_cell_and_says_what_to_do(
    stage: Stage, source: str, kind: type, match: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = stage.run(source)
    assert isinstance(result.error_in_exec, kind)
    assert re.search(match, str(result.error_in_exec))
    shown = capsys.readouterr().out
    assert str(result.error_in_exec) in shown
    assert "Traceback" not in shown


def test_within_code_that_runs_it_says_how_to_write_it(stage: Stage) -> None:
    script(say("Hi."))
    source = "await __import__('asyncio').sleep(0)\nget_ipython().run_cell_magic('ai', '', 'Hi')"
    result = stage.run(source)
    assert isinstance(result.error_in_exec, CellError)
    assert "await ask(...)" in str(result.error_in_exec)


def test_a_shell_that_does_not_await_runs_the_magic_itself(stage: Stage) -> None:
    script(say("Hi."))
    stage.shell.autoawait = False
    assert stage.run("%%ai -> answer\nHi").success
    assert stage.value("answer") == "Hi."


def test_commands(stage: Stage) -> None:
    script(say("Hi there."), model="m")
    stage.run("%%ai\nA | prompt")
    stage.run("%ai history")
    assert "| 1 | A \\| prompt | answered | test/m" in stage.page.markdown()[-1]
    stage.run("%ai usage")
    assert re.search(r"\| output tokens \| 2 \|", stage.page.markdown()[-1])
    stage.run("%ai config")
    assert "| test | m |  | default |" in stage.page.markdown()[-1]
    stage.run("%ai models")
    assert "`test/m`" in stage.page.markdown()[-1]
    stage.run("%ai explain 1")
    assert "| prompt | user |" in stage.page.markdown()[-1]
    stage.run("%ai undo")
    assert "changed no variable" in stage.page.markdown()[-1]
    stage.run("%ai")
    assert "%ai usage" in stage.page.markdown()[-1]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("%%ai te", ["test", "test/m"]),
        ("%%ai --t", ["--temperature"]),
        ("%%ai -", ["--system", "--temperature", "--max-tokens", "--no-tools", "--no-context"]),
        ("%ai ex", ["explain"]),
    ],
)
def test_completion(stage: Stage, line: str, found: list[str]) -> None:
    script(say("Hi."), model="m")
    # As kernels ask for them.
    with provisionalcompleter():
        completions = [*stage.shell.Completer.completions(line, len(line))]
    assert set(found) <= {one.text for one in completions}


def test_keys_are_not_shown(stage: Stage) -> None:
    configure("openai", api_key="sk-secret")
    stage.run("%ai config")
    assert "openai" in stage.page.markdown()[-1]
    assert "sk-secret" not in repr(stage.page.states)


def test_loaded_twice_it_is_there_once_and_unloaded_it_is_gone(stage: Stage) -> None:
    load_ipython_extension(stage.shell)
    transforms = stage.shell.input_transformers_cleanup
    assert sum("Extension" in repr(one) for one in transforms) == 1
    unload_ipython_extension(stage.shell)
    assert sum("Extension" in repr(one) for one in transforms) == 0
    assert "ai" not in stage.shell.magics_manager.magics["cell"]
    assert "publish" not in vars(stage.shell.display_pub)
    load_ipython_extension(stage.shell)


# Without displays


def test_a_terminal_gets_the_text_as_it_comes(
    terminal: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    script(say(LONG), delay=0.002)
    terminal.run("%%ai -> answer\nHi")
    assert capsys.readouterr().out == f"{LONG}\n"
    assert terminal.value("answer") == LONG


def test_a_terminal_asks_for_approval(
    terminal: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["n", "y"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    script(call("run_python", source="x = 1"), say("Then not."))
    terminal.run("%%ai\nDo it.")
    assert "x" not in terminal.shell.user_ns
    script(call("run_python", source="x = 1"), say("Done."))
    terminal.run("%%ai\nDo it.")
    assert terminal.value("x") == 1
    assert "The model wants to call run_python" in capsys.readouterr().out


def test_the_session_is_the_one_of_ask(stage: Stage) -> None:
    script(say("Hi."))
    stage.run("%%ai\nHi")
    assert [one.question.prompt for one in ask.session.exchanges] == ["Hi"]
