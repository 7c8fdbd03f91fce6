"""How much of an answer is held, and what is said when it is more."""

from __future__ import annotations

import pytest

from runt_pyodide.llm.wire.limits import MAX_ANSWER, MAX_LINE, too_long


@pytest.mark.parametrize(
    ("limit", "said"),
    [(MAX_LINE, "16 MiB"), (MAX_ANSWER, "256 MiB"), (1000, "1,000 bytes")],
)
def test_the_limit_is_told_with_its_setting(limit: int, said: str) -> None:
    error = too_long("a line", limit, "maxLine")
    assert f"a line of more than {said}" in error.message and "`maxLine`" in error.advice
