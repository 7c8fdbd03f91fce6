"""What a cell types for the person: %load, %recall, set_next_input."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from runt_pyodide.errors import CellError
from runt_pyodide.notebook import events as ev
from runt_pyodide.python.outputs import CellOutputs
from tests.support.notebook import logs
from tests.support.stages.python_page import Page
from tests.support.stages.run_stage import RunStage

BELOW = logs.cell("below", source="below", index="b")
TYPE = "get_ipython().set_next_input"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("two.py").write_text("x = 2\n")


def sources(page: Page) -> list[str]:
    return [cell.source for cell in page.notebook.cells_in_order()]


@pytest.mark.parametrize(
    ("source", "replaced", "added"),
    [
        ("%load two.py", "# %load two.py\nx = 2\n", None),
        ("%load -r 2 two.py\n", "# %load -r 2 two.py\n", None),
        ("%load 1", "# %load 1\nfirst = 3", None),
        ("x = 1\n%recall 1", None, "first = 3"),
        ("%rep 1", None, "first = 3"),
        ("%recall first", None, "3"),
        ("%recall rst =", None, "first = 3"),
        (f"{TYPE}('a')", None, "a"),
        (f"{TYPE}('a', replace=True)", "a", None),
        (f"for text in 'ab': {TYPE}(text)", None, "b"),
        (f"{TYPE}('\\ud800')", None, "\\ud800"),
        (f"{TYPE}('')", None, ""),
        ("%recall nowhere", None, None),
    ],
)
async def test_the_notebook_has_it(
    page: Page,
    source: str,
    replaced: str | None,
    added: str | None,
    home: None,
) -> None:
    await page.run("first = 3", 1)
    await page.run(source, 2, BELOW)
    own = source if replaced is None else replaced
    assert sources(page) == [own, *([] if added is None else [added]), "below"]
    written = [event["args"] for event in page.events if event["name"] == "v1.CellSourceChanged"]
    assert all(one["modifiedBy"] == "session" for one in written)


async def test_a_cell_that_fails_types_nothing(page: Page) -> None:
    with pytest.raises(CellError):
        await page.run(f"{TYPE}('a')\n1 / 0")
    await page.run("1", 2)
    assert sources(page) == ["1"]


async def test_what_a_person_writes_while_the_cell_runs_is_kept(page: Page) -> None:
    begun, go = asyncio.Event(), asyncio.Event()
    (await page.cell.namespace()).update(begun=begun, go=go)
    source = f"{TYPE}('loaded', True)\nbegun.set()\nawait go.wait()"
    running = asyncio.create_task(page.run(source))
    await begun.wait()
    page.notebook.apply(ev.CellSourceChanged(id="cell", source="mine", modified_by="me"))
    go.set()
    await running
    assert sources(page) == ["mine", "loaded"]
    (said,) = (one for one in page.events if one["name"] == "v1.TerminalOutputAdded")
    assert "a new cell below" in said["args"]["content"]["data"]


async def test_a_cell_that_is_deleted_meanwhile_gets_nothing(page: Page) -> None:
    source = f"{TYPE}('a', True)\nnotebook.apply(deleted)"
    await page.run("1")
    namespace = await page.cell.namespace()

    class Later:
        def apply(self, event: ev.Event) -> None:
            page.notebook.apply(event)

    namespace |= {"notebook": Later(), "deleted": ev.CellDeleted(id="cell")}
    await page.run(source, 2, BELOW)
    assert sources(page) == ["below"]


@pytest.mark.parametrize("has_run_again", [True, False])
async def test_what_a_task_types_after_the_end_comes_below_its_own_cell(
    has_run_again: bool,
) -> None:
    stage = RunStage([*logs.cell("cell", source="task"), *BELOW], "cell")
    writer = None if has_run_again else stage.writer
    outputs = CellOutputs(replace(stage.run, reopen=lambda: writer))
    with outputs.open():
        pass
    outputs.set_next_input("late", replace=False)
    typed = [] if has_run_again else ["late"]
    cells = stage.notebook.cells_in_order()
    assert [cell.source for cell in cells] == ["task", *typed, "below"]


async def test_without_room_below_it_goes_to_the_end(page: Page) -> None:
    crowded = [*logs.cell("next", source="next", index="a0"), *BELOW]
    await page.run(f"{TYPE}('new')", 1, crowded)
    assert sources(page) == [f"{TYPE}('new')", "next", "below", "new"]
