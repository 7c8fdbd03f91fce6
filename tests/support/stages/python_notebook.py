"""A notebook of Python cells, which an agent runs, and what their tasks and callbacks do later."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from runt_pyodide.notebook.state.output import Output
from tests.support.stages.agent_stage import Stage
from tests.support.stages.loop import settle
from tests.support.stages.python_page import Page
from tests.support.stages.wire import cell, request


class Notebook:
    """Runs Python cells in an agent."""

    def __init__(self, page: Page) -> None:
        self._stage = Stage(code=page.cell)
        self._stage.start()
        self._requests = 0
        self.receive = self._stage.receive
        self.agent = self._stage.agent

    async def run(self, cell_id: str, source: str) -> None:
        if cell_id in self.agent.notebook.cells:
            self.receive(
                ("v1.CellSourceChanged", {"id": cell_id, "source": source, "modifiedBy": "me"})
            )
        else:
            self.receive(*cell(cell_id, source, "code"))
        self._requests += 1
        self.receive(request(f"q{self._requests}", cell_id))
        await self.settle()

    async def settle(self) -> None:
        await settle()
        self._stage.world.advance(1000)

    async def do(self, action: str, *args: Any) -> None:
        """Call what a cell has defined."""
        getattr(sys.modules["__main__"], action)(*args)
        await self.settle()

    def outputs(self, cell_id: str) -> tuple[Output, ...]:
        return tuple(self.agent.notebook.outputs_of(cell_id))

    def text(self, cell_id: str) -> str:
        return "".join(output.text for output in self.outputs(cell_id))


@pytest.fixture
def notebook(page: Page) -> Notebook:
    return Notebook(page)
