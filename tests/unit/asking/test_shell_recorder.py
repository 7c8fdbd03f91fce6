"""The cells of a shell as context: what ran, what it showed, and what is left out."""

from __future__ import annotations

import pytest

from runt_pyodide import configure, unload_ipython_extension
from runt_pyodide.llm.messages import ChatRequest
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import Stage


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
