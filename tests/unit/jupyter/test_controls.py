"""The texts of the buttons, and that text of a model or a tool never becomes markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from runt_pyodide.jupyter import controls
from runt_pyodide.jupyter.terminal import confirm

EVIL = "</pre><script>alert('x')</script>\"'&"


class Elements(HTMLParser):
    """The elements of a text, with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.scripts: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.scripts += [value or "" for name, value in attrs if name == "onclick"]

    def handle_data(self, data: str) -> None:
        self.text += data


def messages(html: str) -> list[dict[str, Any]]:
    """What each button posts."""
    scripts = Elements(html).scripts
    decoder = json.JSONDecoder()
    return [decoder.raw_decode(script, script.index("{"))[0] for script in scripts]


def test_stop_says_which_run() -> None:
    html = controls.running("run-1", "openai/m")
    assert messages(html) == [{"run": "run-1", "action": "stop"}]
    assert Elements(html).text == "openai/mStop"
    assert all('BroadcastChannel("runt-pyodide")' in one for one in Elements(html).scripts)


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
