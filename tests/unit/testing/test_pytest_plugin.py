"""The fixture ``cassette``, in tests that pytest runs from a file of theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from runt_pyodide import configure

Run = Callable[..., pytest.RunResult]
pytest_plugins = ["pytester"]
pytestmark = pytest.mark.usefixtures("fresh")
TESTS = """
import pytest
from runt_pyodide import ask

def test_it(cassette):
    assert ask.sync("Count.", context=False) == "One."

class TestMore:
    @pytest.mark.parametrize("one", ["a/b", "c d"])
    def test_names(self, cassette, one):
        ask.sync(one, context=False)
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the tests of that file, and return how they ended."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    plugins = ["-p", "runt_pyodide.testing.pytest_plugin", "-p", "no:cacheprovider", "-q"]

    def run(*options: str, source: str = TESTS, answer: str = "One.") -> pytest.RunResult:
        configure("test", responses=[{"pattern": "", "text": answer}])
        pytester.makepyfile(test_asking=source)
        return pytester.runpytest_inprocess(*plugins, *options)

    return run


def test_what_was_recorded_once_is_played_and_recorded_again_on_request(
    run: Run, pytester: pytest.Pytester
) -> None:
    run().assert_outcomes(passed=3)
    folder = pytester.path / "cassettes" / "test_asking"
    names = ["TestMore.test_names-a-b.json", "TestMore.test_names-c-d.json", "test_it.json"]
    assert sorted(path.name for path in folder.iterdir()) == names
    run(answer="Two.").assert_outcomes(passed=3)
    again = run("--cassette-mode=all", answer="Two.")
    again.assert_outcomes(passed=2, failed=1)
    assert first_answer(folder / "test_it.json") == "One."
    assert first_answer(folder / names[0]) == "Two."


def first_answer(path: Path) -> str:
    (turn,) = json.loads(path.read_text("utf-8"))["turns"]
    return "".join(delta.get("text", "") for delta in turn["deltas"])


def test_in_a_ci_nobody_is_asked(
    run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("-k", "test_it").assert_outcomes(passed=1)
    monkeypatch.setenv("CI", "true")
    done = run("-k", "test_it or a/b", answer="Two.")
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(
        ["*There is no cassette *Record it: pytest --cassette-mode=all *TestMore::test_names*"]
    )


def test_the_folder_is_a_setting_and_the_advice_names_the_test(
    run: Run, pytester: pytest.Pytester
) -> None:
    pytester.makeini("[pytest]\ncassettes = recorded")
    run("-k", "test_it").assert_outcomes(passed=1)
    assert (pytester.path / "recorded" / "test_asking" / "test_it.json").exists()
    other = TESTS.replace("Count.", "Count on.")
    done = run("-k", "test_it", source=other)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*record it again: pytest --cassette-mode=all *::test_it*"])
