"""A shell without displays."""

from __future__ import annotations

import pytest

from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import LONG, Stage


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
