"""What a model can do in a shell."""

from __future__ import annotations

import builtins
import getpass

import pytest

from runt_pyodide import configure
from runt_pyodide.llm.messages import ChatRequest
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import Stage


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


@pytest.mark.parametrize("source", ["input('Name? ')", "import getpass\ngetpass.getpass()"])
def test_code_of_the_model_asks_nobody(
    stage: Stage, requests: list[ChatRequest], source: str
) -> None:
    before = builtins.input, getpass.getpass
    script(call("run_python", source=source), say("It failed."))
    configure(tools={"run_python": "auto"})
    assert stage.run("%%ai\nAsk them.").success
    told = requests[1].messages[-1].content
    assert "Nobody can be asked by code that a model runs." in told
    assert (builtins.input, getpass.getpass) == before


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
