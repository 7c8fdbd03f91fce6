"""Outputs as events of the runt notebooks."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state.output import Output
from runt_pyodide.notebook.vocabulary import read_event
from runt_pyodide.runt.outputs import add_again, append
from tests.support.notebook import logs

ERROR = {"ename": "E", "evalue": "v", "traceback": []}
KINDS: list[tuple[Any, Any]] = [
    *(("terminal", "a"), ("markdown", "a"), ("display", {"text/plain": "a"}), ("display", {})),
    *(("result", {"text/plain": "a"}), ("error", ERROR)),
]


def test_pieces_of_a_stream_stand_in_order_before_the_next_output() -> None:
    output = Output(logs.output("terminal", "o", data="a", position=3))
    numbers = [*range(5), 2**21, 2**21 + 1]
    positions = [
        piece.position
        for number in numbers
        if isinstance(piece := append(output, logs.delta("d", number), "x"), ev.TerminalOutputAdded)
    ]
    assert positions == sorted(positions) and len(positions) == len(numbers)
    assert len(set(positions[:5])) == 5
    assert all(3 < position < 4 for position in positions)


@pytest.mark.parametrize(("kind", "data"), KINDS)
def test_an_output_that_is_added_again_stands_for_its_delta(kind: Any, data: Any) -> None:
    output = Output(logs.output(kind, "o", data=data, position=2))
    delta = logs.delta("d", 0, metadata={"anode": {"a": 1}})
    added = add_again(output, delta)
    assert type(added) is type(logs.output(kind, "o", data=data))
    assert (added.id, added.position) == ("o", 2)
    assert read_event(ev.to_wire(added)) == delta
