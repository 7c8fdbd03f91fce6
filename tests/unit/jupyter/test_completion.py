"""Completion of the magics' lines."""

from __future__ import annotations

import pytest
from IPython.core.completer import provisionalcompleter

from runt_pyodide import ask
from tests.support.stages.ai_stage import say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import Stage


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("%%ai te", ["test", "test/m"]),
        ("%%ai --t", ["--temperature"]),
        ("%%ai -", ["--system", "--temperature", "--max-tokens", "--no-tools", "--no-context"]),
        ("%ai ex", ["explain"]),
        ("%%ai bi", ["big"]),
    ],
)
def test_completion(stage: Stage, line: str, found: list[str]) -> None:
    script(say("Hi."), model="m")
    ask.session.aliases["big"] = "test/m"
    # As kernels ask for them.
    with provisionalcompleter():
        completions = [*stage.shell.Completer.completions(line, len(line))]
    assert set(found) <= {one.text for one in completions}
