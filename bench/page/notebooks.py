"""Large notebooks, timed in Pyodide: the replay of a log, and building a context."""

import gc
import json
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

from runt_pyodide.ai.prompt.context import Budget, build_context
from runt_pyodide.bridge import connect
from runt_pyodide.notebook.events import parse_event
from runt_pyodide.notebook.state import Notebook

# Of each ten events one makes a cell, one writes its source, three run it, and five are its output.
_EVENTS_PER_CELL = 10
_OUTPUT_CHARACTERS = 50_000_000
# A window of 128,000 tokens, of which a tenth is for the answer.
_BUDGET = Budget(128_000, 12_800)

Wire = dict[str, Any]


class _Page:
    """A page whose store drops what it is given."""

    def arm(self) -> None:
        pass

    disarm = arm

    def emit(self, text: str) -> None:
        pass

    def log(self, level: str, text: str) -> None:
        raise RuntimeError(f"{level}: {text}")


def replay(count: int) -> float:
    """Milliseconds in which a new runtime reads a log of so many events, JSON text in one batch."""
    text = json.dumps([*_log(count)])
    bridge = connect('{"runtimeId": "bench"}', _Page())
    return _timed(lambda: bridge.receive(text))


def gather(cells: int, edited: bool) -> float:
    """Milliseconds in which the context of the last of so many cells is built, which have 50 MB of
    outputs between them; ``edited`` where a cell was created since it was last built."""
    notebook = Notebook(event for wire in _notebook(cells) if (event := parse_event(wire)))
    last = notebook.cells_in_order()[-1]
    build_context(notebook, last, budget=_BUDGET)
    if edited:
        for wire in _cell("new", cells // 2, "x = 1"):
            if event := parse_event(wire):
                notebook.apply(event)
    return _timed(lambda: build_context(notebook, last, budget=_BUDGET))


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def _log(count: int) -> Iterator[Wire]:
    """A log as an hour of work leaves it: cells that ran, and their output in deltas."""
    for cell in range(count // _EVENTS_PER_CELL):
        id, queue, output = f"cell-{cell}", f"queue-{cell}", f"output-{cell}"
        yield from _cell(id, cell, f"value = {cell}\nfor i in range(3):\n    print(value)\n")
        requested = {"queueId": queue, "cellId": id, "executionCount": 1, "requestedBy": "someone"}
        yield {"name": "v1.ExecutionRequested", "args": requested}
        at = "2026-11-26T12:00:00.000Z"
        started = {"queueId": queue, "cellId": id, "runtimeSessionId": "s", "startedAt": at}
        yield {"name": "v1.ExecutionStarted", "args": started}
        yield _output(output, id, f"{cell}\n")
        for number in range(4):
            args = {"id": f"{output}-{number}", "cellId": id, "outputId": output}
            args |= {"sequenceNumber": number, "delta": {"text": f"{cell}\n" * 5}}
            yield {"name": "v1.OutputDelta", "args": args}
        completed = {"queueId": queue, "cellId": id, "status": "success"}
        completed |= {"completedAt": at, "executionDurationMs": 12}
        yield {"name": "v1.ExecutionCompleted", "args": completed}


def _notebook(cells: int) -> Iterator[Wire]:
    text = "a line of what a program printed, of some length and no meaning\n"
    printed = text * (_OUTPUT_CHARACTERS // cells // len(text))
    for cell in range(cells):
        yield from _cell(f"cell-{cell}", cell, f"value = {cell}\nfor i in range(3):\n    print(i)")
        yield _output(f"output-{cell}", f"cell-{cell}", printed)
    yield from _cell("prompt", cells, "What is all this?", cell_type="ai")


def _cell(id: str, place: int, source: str, cell_type: str = "code") -> Iterator[Wire]:
    args = {"id": id, "cellType": cell_type, "fractionalIndex": f"i{place:08}", "createdBy": "me"}
    yield {"name": "v2.CellCreated", "args": args}
    yield {"name": "v1.CellSourceChanged", "args": {"id": id, "source": source, "modifiedBy": "me"}}


def _output(id: str, cell_id: str, text: str) -> Wire:
    args = {"id": id, "cellId": cell_id, "position": 0, "streamName": "stdout"}
    content = {"type": "inline", "data": text}
    return {"name": "v1.TerminalOutputAdded", "args": {**args, "content": content}}
