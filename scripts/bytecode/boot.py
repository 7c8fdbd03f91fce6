"""Do in Pyodide what a page does first: start a runtime, and run a Python cell and an AI cell."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import cast

from runt_pyodide.bridge import Host, connect
from runt_pyodide.notebook import events as ev

_OPTIONS = {"runtimeId": "boot", "sessionId": "boot", "config": {"providers": {"test": {}}}}
_CELLS = [("code", "print(1)\n[1, 2]"), ("code", "1 / 0"), ("ai", "Say hello.")]
_LIMIT = 60  # seconds


class _Host:
    """As much of the page's side as these cells use: it waits for them to end."""

    def __init__(self) -> None:
        self._open = len(_CELLS)
        self.done = asyncio.Event()

    def emit(self, text: str) -> None:
        self._open -= text.count("v1.ExecutionCompleted")
        if self._open <= 0:
            self.done.set()

    def log(self, level: str, text: str) -> None:
        raise AssertionError(f"{level}: {text}")


async def modules_of_a_boot() -> list[str]:
    """Return the files of all modules that this imports. Raise TimeoutError if the cells do not
    end."""
    host = _Host()
    bridge = connect(json.dumps(_OPTIONS), cast(Host, host))
    bridge.receive(json.dumps([ev.to_wire(event) for event in _requests()]))
    await bridge.call("start", "{}")
    await asyncio.wait_for(host.done.wait(), _LIMIT)
    await bridge.call("stop", "{}")
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return [file for file in files if file and file.endswith(".py")]


def _requests() -> list[ev.Event]:
    events: list[ev.Event] = []
    for number, (kind, source) in enumerate(_CELLS, start=1):
        cell_id = f"cell-{number}"
        created = {"cellType": kind, "fractionalIndex": f"a{number}", "createdBy": "boot"}
        events += [
            ev.CellCreated.model_validate({"id": cell_id, **created}),
            ev.CellSourceChanged(id=cell_id, source=source, modified_by="boot"),
            ev.ExecutionRequested(
                queue_id=f"run-{number}", cell_id=cell_id, execution_count=1, requested_by="boot"
            ),
        ]
    return events
