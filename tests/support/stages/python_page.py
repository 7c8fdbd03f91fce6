"""A page that runs Python cells, and shorthands for the events that they should write."""

from __future__ import annotations

import builtins
import getpass
import linecache
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from runt_pyodide.errors import CellError
from runt_pyodide.execution.questions import Questions
from runt_pyodide.execution.run import under_way
from runt_pyodide.notebook.events import Event, Inline
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.python.cell import PythonCell
from runt_pyodide.python.packages import Installation, Say
from tests.support.notebook import logs
from tests.support.stages.run_stage import RunStage
from tests.support.stages.world import FixedWorld, WireEvent


class OwnPackages:
    """What is installed here is what there is; what else was asked for stands in ``asked``."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.failures: list[Exception] = []
        self.says: list[str] = []
        self.unloaded: list[str] = []

    async def load(self, name: str) -> None:
        self.asked.append(name)
        self._fail()

    async def load_imports(self, source: str, show: Say) -> None:
        for line in self.says:
            show(line)

    async def install(self, wanted: Installation, say: Say, show: Say) -> None:
        self.asked.append(wanted)
        self._fail()
        say("Installed it")

    async def uninstall(self, names: Sequence[str], say: Say) -> None:
        self.asked.append(names)

    def list(self) -> Sequence[tuple[str, str]]:
        return [("one", "1.0"), ("another", "2.0")]

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


class Page:
    """Runs sources one after another; ``events`` are those that the last one wrote."""

    def __init__(self, questions: Questions | None = None) -> None:
        self.packages = OwnPackages()
        self.cell = PythonCell(self.packages, questions)
        self.world = FixedWorld()
        self.notebook = Notebook()

    @property
    def events(self) -> list[WireEvent]:
        return self.world.events

    async def run(
        self, source: str, count: int = 1, others: Sequence[Event] = ()
    ) -> list[WireEvent]:
        """Return the events of a cell with this source, in a notebook with ``others``. Its ids
        start again at id-1."""
        stage = RunStage([*logs.cell("cell", source=source), *others], "cell", count=count)
        self.world, self.notebook = stage.world, stage.notebook
        try:
            with under_way(stage.run):
                await self.cell.execute(stage.run)
        finally:
            rest = stage.writer.drain()
            for event in rest:
                self.notebook.apply(event)
            stage.world.emit(rest)
        return self.events

    def shown(self) -> list[dict[str, Any]]:
        """Return what each display and result shows in the end, by MIME type."""
        return [
            {mime: one.data for mime, one in output.bundle.items() if isinstance(one, Inline)}
            for output in self.notebook.outputs_of("cell")
            if output.kind in ("display", "result")
        ]

    def printed(self) -> str:
        outputs = self.notebook.outputs_of("cell")
        return "".join(output.text for output in outputs if output.kind == "terminal")

    async def fail(self, source: str, count: int = 1) -> CellError:
        """Return the error with which a cell with this source ends; it writes nothing."""
        with pytest.raises(CellError) as caught:
            await self.run(source, count)
        assert self.events == []
        return caught.value


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Page]:
    """A page whose shell leaves the process as it was: in the browser it may have it, not here."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("PLOTLY_RENDERER", "plotly_mimetype")
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr(linecache, "cache", dict(linecache.cache))
    for name in ("ps1", "ps2", "ps3"):
        monkeypatch.setattr(sys, name, "", raising=False)
    for name in ("display", "__IPYTHON__"):
        monkeypatch.setattr(builtins, name, None, raising=False)
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr(builtins, "input", builtins.input)
    monkeypatch.setattr(getpass, "getpass", getpass.getpass)
    monkeypatch.setattr(InteractiveShell, "_instance", InteractiveShell._instance)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    before = sys.excepthook, sys.displayhook
    yield Page()
    assert (sys.excepthook, sys.displayhook) == before


def text(number: int, position: int, data: str, stream: str = "stdout") -> WireEvent:
    args = {"id": f"id-{number}", "cellId": "cell", "position": position, "streamName": stream}
    return {
        "name": "v1.TerminalOutputAdded",
        "args": {**args, "content": {"type": "inline", "data": data}},
    }


def more(number: int, output: int, data: str, sequence: int = 0) -> WireEvent:
    args = {"id": f"id-{number}", "cellId": "cell", "outputId": f"id-{output}"}
    return {
        "name": "v1.OutputDelta",
        "args": {**args, "sequenceNumber": sequence, "delta": {"text": data}},
    }


def inline(data: dict[str, Any]) -> dict[str, Any]:
    return {mime: {"type": "inline", "data": value} for mime, value in data.items()}


def result(number: int, position: int, data: dict[str, Any], count: int = 1) -> WireEvent:
    args = {"id": f"id-{number}", "cellId": "cell", "position": position, "executionCount": count}
    return {
        "name": "v1.MultimediaResultOutputAdded",
        "args": {**args, "representations": inline(data)},
    }


def display(number: int, position: int, data: dict[str, Any], **more: str) -> WireEvent:
    args = {"id": f"id-{number}", "cellId": "cell", "position": position, **more}
    return {
        "name": "v1.MultimediaDisplayOutputAdded",
        "args": {**args, "representations": inline(data)},
    }
