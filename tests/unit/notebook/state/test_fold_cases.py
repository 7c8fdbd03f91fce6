"""The fold cases of schema/: logs and the resulting states, in both languages.

People write them: a case that fails is a fault of a fold, or of the rules in docs/events.md.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.notebook import events as ev
from scripts.paths import ROOT
from tests.support.notebook.page_fold import fold_here, to_text

FILES = sorted((ROOT / "schema" / "fold-cases").glob("*.json"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['rule']}")
    for path in FILES
    for case in json.loads(path.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_a_log_comes_to_its_state(case: dict[str, Any]) -> None:
    folded = fold_here({"name": name, "args": args} for name, args in case["log"])
    assert folded.state == to_text(case["state"])
    assert folded.refused == case.get("refused", 0)


def test_there_is_a_case_for_every_event() -> None:
    logs = [log for param in CASES for log in [param.values[0]["log"]]]  # type: ignore[index]
    assert {name for log in logs for name, _ in log} >= set(ev.event_names())
