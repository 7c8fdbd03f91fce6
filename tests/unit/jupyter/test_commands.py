"""``%ai`` and its commands."""

from __future__ import annotations

import re

from runt_pyodide import configure
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import Stage


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
    assert "changed no variables" in stage.page.markdown()[-1]
    stage.run("%ai")
    assert "%ai usage" in stage.page.markdown()[-1]


def test_runs_without_context_are_runs_too(stage: Stage) -> None:
    """Undo takes back the run that is named, or the last one, whichever they are."""
    code = {"source": "x = 2"}
    script(call("run_python", **code), say("Done."), model="m")
    configure(tools={"run_python": "auto"})
    stage.run("x = 0")
    stage.run("%%ai\nSet it.")
    stage.run("x = 1")
    stage.run("%%ai --no-context\nSet it alone.")
    stage.run("%ai history")
    history = stage.page.markdown()[-1]
    assert "| 2 | Set it alone. | answered | test/m" in history
    stage.run("%ai usage")
    assert "| exchanges | 2 |" in stage.page.markdown()[-1]
    stage.run("%ai explain 2")
    assert "| prompt | user |" in stage.page.markdown()[-1]
    stage.run("%ai undo")
    assert "Restored: `x`" in stage.page.markdown()[-1]
    assert stage.value("x") == 1
    stage.run("%ai undo 2")
    assert "has been undone already" in stage.page.markdown()[-1]
    assert stage.value("x") == 1


def test_keys_are_not_shown(stage: Stage) -> None:
    configure("openai", api_key="sk-secret", base_url="https://ann:sk-secret@host/v1?key=sk-secret")
    stage.run("%ai config")
    assert "openai" in stage.page.markdown()[-1]
    assert "sk-secret" not in repr(stage.page.states)
