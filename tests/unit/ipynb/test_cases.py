"""The cases of schema/: notebooks' files, the states that they come to, and the files that these
become, in both languages.

People write them: a case that fails is a fault of a mapping, or of the rules in docs/events.md.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.ipynb.files import CASES, text_of
from tests.support.ipynb.here import Fault, Read, comparable, read_here


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES])
def test_a_file_comes_to_its_state_and_becomes_its_file(case: dict[str, Any]) -> None:
    text = text_of(case)
    read = read_here(text, case.get("name"))
    if "fault" in case:
        assert read == Fault(case["fault"])
        return
    becomes = json.dumps(case["becomes"]) if "becomes" in case else text
    assert comparable(read) == comparable(Read(case["state"], becomes))


def test_each_fault_is_said_plainly() -> None:
    faults = [case["fault"] for _, case in CASES if "fault" in case]
    assert faults
    for said in faults:
        assert said.startswith("This ") and said.endswith(".") and len(said) < 160
