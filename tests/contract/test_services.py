"""Services as they really are: each case of tests/data/services, by the whole loop of a cell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.services.cases import Case, read_cases, read_index, read_not_yet
from tests.support.services.checks import check
from tests.support.services.setups import meet

NOT_YET = read_not_yet()
CASES = read_cases()


def parameters() -> list[Any]:
    return [
        pytest.param(
            case,
            id=case.id,
            marks=[pytest.mark.xfail(reason="not yet", strict=False)] if case.id in NOT_YET else [],
        )
        for case in CASES
    ]


@pytest.mark.parametrize("case", parameters())
async def test_what_is_right(case: Case) -> None:
    assert check(await meet(case.setup), case.expected) == []


@pytest.mark.parametrize("case", parameters())
async def test_what_is_right_in_pieces_of_seven_bytes(case: Case) -> None:
    assert check(await meet({"piece": 7, **case.setup}), case.expected) == []


def test_each_case_of_the_index_is_tried() -> None:
    tried = {case.id.partition(".")[0] for case in CASES}
    assert tried == {row["id"] for row in read_index()}


def test_what_is_not_yet_right_is_a_case() -> None:
    assert {case.id for case in CASES} >= NOT_YET
