"""A notebook of SQL cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runt_pyodide.agent import RuntimeAgent
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.notebook import events as ev
from runt_pyodide.sql.cell import SqlCell
from tests.support.notebook import logs
from tests.support.stages.loop import settle
from tests.support.stages.world import FixedWorld, WireEvent


class SqlPage:
    """Runs SQL cells with an agent; ``variables`` is the namespace of the Python cells."""

    def __init__(self, database: Path) -> None:
        self.database = str(database)
        self.variables: dict[str, Any] = {}
        self.world = FixedWorld()
        self._count = 0
        self._agent = RuntimeAgent(
            self.world.emit,
            ProviderRegistry(),
            runtime_id="runtime",
            clock=self.world.clock,
            session_id="session",
            executors={"sql": SqlCell(self.database, self._namespace, lambda: self.variables)},
        )
        self._agent.start()

    async def _namespace(self) -> dict[str, object]:
        return self.variables

    async def run(self, source: str, *more: ev.Event) -> list[WireEvent]:
        """Return the events of a cell with this source, from its first output to its end."""
        self._count += 1
        cell, seen = f"cell-{self._count}", len(self.world.events)
        self._agent.receive([*logs.cell(cell, "sql", source), *more])
        self._agent.receive([logs.requested(f"queue-{self._count}", cell, 1)])
        await settle()
        written = [
            event for event in self.world.events[seen:] if event["args"].get("cellId") == cell
        ]
        return written[2:]  # without its start and the clear

    async def shown(self, source: str, mime: str = "text/plain") -> Any:
        """Return the text of a cell's last table."""
        *_, output, completed = await self.run(source)
        assert completed["args"]["status"] == "success", completed
        return output["args"]["representations"][mime]["data"]

    async def fail(self, source: str) -> tuple[str, str]:
        """Return the ename and the text of the error with which a cell ends."""
        error, completed = (await self.run(source))[-2:]
        data = error["args"]["content"]["data"]
        assert data["evalue"] == completed["args"]["error"]
        return data["ename"], data["evalue"]


@pytest.fixture
def sql_page(tmp_path: Path) -> SqlPage:
    """A page with its own database."""
    return SqlPage(tmp_path / "notebook.db")
