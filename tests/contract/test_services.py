"""Services as they really are: each case of tests/data/services, by the whole loop of a cell."""

from __future__ import annotations

import pytest

from tests.support.services.cases import Case, read_cases, read_index
from tests.support.services.checks import check
from tests.support.services.setups import meet

CASES = read_cases()


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
async def test_what_is_right(case: Case) -> None:
    assert check(await meet(case.setup), case.expected) == []


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
async def test_what_is_right_in_pieces_of_seven_bytes(case: Case) -> None:
    assert check(await meet({"piece": 7, **case.setup}), case.expected) == []


def test_each_case_of_the_index_is_tried() -> None:
    tried = {case.id.partition(".")[0] for case in CASES}
    assert tried == {row["id"] for row in read_index()}
