"""The texts of the buttons, and that text of a model or a tool never becomes markup."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from runt_pyodide.jupyter import controls
from runt_pyodide.jupyter.terminal import confirm
from tests.support.buttons import Elements, messages

EVIL = "</pre><script>alert('x')</script>\"'&"


def test_stop_says_which_run() -> None:
    html = controls.running("run-1", "openai/m")
    assert messages(html) == [{"run": "run-1", "action": "stop"}]
    assert Elements(html).text == "openai/mStop"
    assert all('BroadcastChannel("runt-pyodide")' in one for one in Elements(html).scripts)


@pytest.mark.parametrize(
    "html", [controls.running("run-1", "m"), controls.approval("run-1", "call-1", "f", {})]
)
def test_a_button_comes_only_where_its_run_answers(html: str) -> None:
    """What is saved while the cell runs is opened when nobody hears the buttons any more."""
    assert "<button" not in html and "<input" not in html
    assert messages(html)
    assert "data.run !== run || !data.isRunning" in html
    assert unescape(html).count('const place = this, run = "run-1"') == 1


def test_an_approval_offers_each_answer_for_its_call() -> None:
    html = controls.approval("run-1", "call-1", "weather", {"city": "Bern", "days": 2})
    said = {"run": "run-1", "call": "call-1", "action": "answer"}
    assert messages(html) == [
        {**said, "status": "approved_once"},
        {**said, "status": "approved_always"},
        {**said, "status": "denied"},
    ]
    assert 'city = "Bern"' in Elements(html).text
    assert "days = 2" in Elements(html).text


def test_code_is_shown_as_it_is() -> None:
    html = controls.approval("run", "call", "run_python", {"source": "x = 1\nprint(x)"})
    assert "x = 1\nprint(x)" in Elements(html).text
    assert "source" not in Elements(html).text


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x1b", "\u2066", "\U000e0041"])
def test_what_is_approved_reads_as_it_runs(
    hidden: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "n")
    mark = f"\u27e6U+{ord(hidden):04X}\u27e7"
    for arguments in ({"source": f"x = 1\n{hidden}y"}, {f"k{hidden}": "v", "to": f"{hidden}y"}):
        elements = Elements(controls.approval("run", "call", f"f{hidden}", arguments))
        assert confirm(f"f{hidden}", arguments) == "denied"
        for text in (elements.text, capsys.readouterr().out):
            assert hidden not in text
            assert f"f{mark}" in text
            assert f"{mark}y" in text or json.dumps(hidden)[1:-1] in text


def test_a_call_without_arguments_says_so() -> None:
    assert "f without arguments." in Elements(controls.approval("run", "call", "f", {})).text


def test_nothing_becomes_markup() -> None:
    html = controls.approval(EVIL, EVIL, EVIL, {EVIL: EVIL})
    elements = Elements(html)
    assert set(elements.names) == {"div", "span", "b", "pre", "button", "input"}
    assert EVIL in elements.text
    assert messages(html)[0]["call"] == EVIL
    for made in (controls.answered(EVIL, "denied"), controls.running(EVIL, EVIL)):
        assert "script" not in Elements(made).names
        assert not re.search(r"<script", made)
