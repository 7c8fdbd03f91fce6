"""``%%ai`` and ``%ai`` in a real IPython shell."""

from __future__ import annotations

import re

import pytest

from runt_pyodide import ask, load_ipython_extension, unload_ipython_extension
from runt_pyodide.errors import CellError
from tests.support.stages.ai_stage import say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import Stage


def test_within_code_that_runs_it_says_how_to_write_it(stage: Stage) -> None:
    script(say("Hi."))
    source = "await __import__('asyncio').sleep(0)\nget_ipython().run_cell_magic('ai', '', 'Hi')"
    result = stage.run(source)
    assert isinstance(result.error_in_exec, CellError)
    assert "await ask(...)" in str(result.error_in_exec)


def test_time_is_told_of_an_ai_cell(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    script(say("Hi."))
    assert stage.run("%%time\n\n%%ai -> answer\nHi").success
    assert stage.value("answer") == "Hi."
    assert re.search(r"^Wall time: 0\.\d\d s$", capsys.readouterr().out, re.MULTILINE)
    stage.run("%%ai\nAgain")
    assert [cell.source for cell in ask.dialogue.told] == ["Hi", "Again"]


def test_a_shell_that_does_not_await_runs_the_magic_itself(stage: Stage) -> None:
    script(say("Hi."))
    stage.shell.autoawait = False
    assert stage.run("%%ai -> answer\nHi").success
    assert stage.value("answer") == "Hi."


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


def test_the_session_is_the_one_of_ask(stage: Stage) -> None:
    script(say("Hi."))
    stage.run("%%ai\nHi")
    assert [one.question.prompt for one in ask.session.exchanges] == ["Hi"]
