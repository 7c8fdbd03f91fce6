"""Values that an event may not hold, packed and cleaned."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from runt_pyodide.ipynb.exact_json import clean, is_equal, pack, unpack
from runt_pyodide.notebook.wire import find_fault
from tests.support.ipynb.odd_files import JSON


@given(JSON)
def test_any_json_is_packed_for_an_event_and_comes_back(value: Any) -> None:
    assert find_fault(pack(value)) is None
    assert find_fault(clean(value)) is None
    assert is_equal(unpack(json.loads(json.dumps(pack(value)))), value)


def test_what_is_equal_in_json() -> None:
    assert is_equal({"a": 1, "b": [float("nan")]}, {"b": [float("nan")], "a": 1.0})
    assert not is_equal(True, 1)
    assert not is_equal([1], [1, 2])
    assert not is_equal({"a": None}, {})
