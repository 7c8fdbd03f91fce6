"""Writers for what comes after an execution has ended."""

from __future__ import annotations

from runt_pyodide.execution.late import LateWriters
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.log import EventLog
from runt_pyodide.notebook.state import Execution
from runt_pyodide.notebook.writer import Displays, OutputWriter
from tests.support.notebook import logs
from tests.support.stages.world import FixedWorld


class Stage:
    def __init__(self) -> None:
        self.world = FixedWorld()
        self.log = EventLog(self.world.emit)
        self.log.receive(logs.cell("c"))
        self.late = LateWriters(self.log, self.world.clock, 0.05, Displays())

    def begin(self, queue_id: str) -> Execution:
        requested = ev.ExecutionRequested(
            queue_id=queue_id, cell_id="c", execution_count=1, requested_by="me"
        )
        self.log.receive([requested])
        entry = self.log.notebook.executions[queue_id]
        self.late.begin(entry)
        return entry

    def open(self, entry: Execution) -> OutputWriter:
        writer = self.late.open(entry)
        assert writer is not None
        return writer

    def texts(self) -> list[tuple[float, str]]:
        return [(one.position, one.text) for one in self.log.notebook.outputs_of("c")]


def test_the_writer_adds_below_what_is_there() -> None:
    stage = Stage()
    entry = stage.begin("q")
    OutputWriter(stage.log.commit, stage.world.clock, "c").stream("stdout", "first")
    stage.open(entry).stream("stdout", "late")
    assert stage.texts() == [(0, "first"), (1, "late")]
    assert stage.late.open(entry) is stage.late.open(entry)


def test_a_new_execution_of_the_cell_takes_its_place() -> None:
    stage = Stage()
    first = stage.begin("q1")
    stage.open(first).stream("stdout", "a")
    stage.open(first).stream("stdout", "b")
    second = stage.begin("q2")
    assert stage.texts() == [(0, "ab")]
    assert stage.late.open(first) is None
    assert stage.late.open(second) is not None


def test_nothing_comes_to_a_deleted_cell() -> None:
    stage = Stage()
    entry = stage.begin("q")
    stage.open(entry).stream("stdout", "a")
    stage.open(entry).stream("stdout", "b")
    stage.log.receive([ev.CellDeleted(id="c")])
    stage.late.follow()
    stage.world.advance(100)
    assert stage.late.open(entry) is None
    assert len(stage.world.events) == 1


def test_what_waits_is_sent_at_the_end_unless_the_notebook_is_anothers() -> None:
    for write, texts in ((True, [(0, "ab")]), (False, [(0, "a")])):
        stage = Stage()
        entry = stage.begin("q")
        stage.open(entry).stream("stdout", "a")
        stage.open(entry).stream("stdout", "b")
        stage.late.close(write=write)
        stage.world.advance(100)
        assert stage.texts() == texts
        assert stage.late.open(entry) is None
