"""The page's fold, in one Node process that lives as long as the tests that use it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from runt_pyodide.errors import EventError
from runt_pyodide.notebook.events import Event
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.state.snapshot import state_json
from runt_pyodide.notebook.vocabulary import read_event
from scripts.paths import ROOT

_PROGRAM = Path(__file__).with_name("page_fold.mjs")


class Folded(NamedTuple):
    """What a log comes to: the state, as text by which states can be compared, and how many events
    were refused."""

    state: str
    refused: int


class Joined(NamedTuple):
    """A log whose deltas were joined; the states of the log before and after, and when it was also
    checked; and the states that both come to with what is written later."""

    events: list[Any]
    states: list[str]
    later_states: list[str]


class PageFold:
    def __init__(self) -> None:
        self._node = subprocess.Popen(
            ["node", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
        )

    def fold(self, batches: Sequence[Sequence[Any]]) -> Folded:
        """What the page makes of a log.

        Raises AssertionError if it throws, or does not tell of a change.
        """
        answer = self._ask({"batches": batches})
        assert answer["untold"] == []
        refused = [one for one in answer["problems"] if one.startswith("An event was refused")]
        return Folded(to_text(answer["state"]), len(refused))

    def join_deltas(self, log: Sequence[Any], later: Sequence[Any] = ()) -> Joined:
        """What the page makes of a log when it joins the deltas, and of what comes after it."""
        answer = self._ask({"log": log, "later": later})
        assert answer["isSettled"], "joining again changes nothing"
        return Joined(answer["events"], answer["states"], answer["laterStates"])

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._node.stdin is not None and self._node.stdout is not None
        self._node.stdin.write(json.dumps(question) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer

    def close(self) -> None:
        assert self._node.stdin is not None and self._node.stdout is not None
        self._node.stdin.close()
        self._node.wait()
        self._node.stdout.close()


def fold_here(wires: Iterable[Any]) -> Folded:
    """Fold a log in Python."""
    notebook, refused = Notebook(), 0
    for wire in wires:
        event = read_or_refuse(wire)
        if event:
            notebook.apply(event)
        elif event is False:
            refused += 1
    return Folded(to_text(state_json(notebook)), refused)


def read_or_refuse(wire: Any) -> Event | Literal[False] | None:
    """Return the event; None if its name is unknown, False if it is refused."""
    try:
        return read_event(wire)
    except EventError:
        return False


def to_text(state: Any) -> str:
    """Return JSON that is equal if the states are: objects have no order, and 1.0 is 1."""
    return json.dumps(_plain(state), sort_keys=True, indent=1)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case float() if value.is_integer():
            return int(value)
    return value
