"""AI cells that say how they are asked: for a variable, without tools, without the cells above."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide import AIConfig, ProviderRegistry, RuntimeAgent
from runt_pyodide.ai.prompt.cell_settings import ASKING
from runt_pyodide.asking.cell_magic import CellMagics
from runt_pyodide.llm.transport.scripted import ScriptedTransport
from runt_pyodide.notebook import events as ev
from tests.support.notebook import logs
from tests.support.stages.loop import settle
from tests.support.stages.world import FixedWorld


class Stage:
    """An agent with a Test provider and a namespace, in which a cell is run."""

    def __init__(self, answer: str) -> None:
        self.namespace: dict[str, object] = {}
        self.world = FixedWorld()
        config = {"providers": {"test": {"responses": {"Cities?": answer}}}}
        registry = ProviderRegistry.from_config(AIConfig.read(config), ScriptedTransport([]))
        self.agent = RuntimeAgent(
            self.world.emit,
            registry,
            runtime_id="runtime",
            clock=self.world.clock,
            session_id="session",
            variables=lambda: self.namespace,
            namespace=self._namespace,
            read_magic=CellMagics(lambda: registry, lambda: self.namespace).read,
        )

    async def _namespace(self) -> dict[str, object]:
        return self.namespace

    async def run(self, *cell: ev.Event) -> dict[str, Any]:
        """Return the args of the event that ends the run."""
        above = logs.cell("above", "markdown", "# Above", index="0")
        request = ev.ExecutionRequested(
            queue_id="q", cell_id="c", execution_count=1, requested_by="me"
        )
        self.agent.receive([*above, *cell, request])
        self.agent.start()
        await settle(500)
        self.world.advance(10_000)
        await settle(500)
        ends = [e["args"] for e in self.world.events if e["name"] == "v1.ExecutionCompleted"]
        return ends[0]  # type: ignore[no-any-return]


def asking(**how: object) -> list[ev.Event]:
    return [
        *logs.cell("c", "ai", "Cities?", index="b"),
        ev.CellMetadataSet(cell_id="c", key=ASKING, value=how),
    ]


@pytest.mark.parametrize(
    ("how", "answer", "value"),
    [
        ({"name": "x"}, "Bern", "Bern"),
        ({"name": "x", "type": "str"}, "Bern", "Bern"),
        ({"name": "x", "type": "list[str]"}, '["Bern"]', ["Bern"]),
        ({"name": "x", "type": "int"}, "It is 7.", 7),
    ],
)
async def test_the_variable_gets_the_answer(how: Any, answer: str, value: object) -> None:
    stage = Stage(answer)
    assert (await stage.run(*asking(**how)))["status"] == "success"
    assert stage.namespace == {"x": value}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"name": "x y"}, "cannot be the name of a variable"),
        ({"name": "class"}, "cannot be the name of a variable"),
        ({"name": "x", "type": "print(1)"}, "a type cannot hold a Call"),
        ({"name": "x", "type": "Nope"}, "is not a type for an answer"),
    ],
)
async def test_what_cannot_be_a_variable_asks_nobody(how: Any, said: str) -> None:
    stage = Stage("Bern")
    end = await stage.run(*asking(**how))
    assert end["status"] == "error"
    assert said in end["error"]
    assert stage.namespace == {}
    assert not any(event["name"] == "v1.MarkdownOutputAdded" for event in stage.world.events)


async def test_an_answer_of_another_type_is_an_error_and_leaves_the_variable() -> None:
    stage = Stage("none at all")
    end = await stage.run(*asking(name="x", type="list[int]"))
    assert (end["status"], stage.namespace) == ("error", {})


@pytest.mark.parametrize("odd", [1, [], "x", {"name": 1, "tools": "no", "context": None}])
async def test_what_a_log_says_wrongly_is_passed_over(odd: Any) -> None:
    stage = Stage("Bern")
    cell = [
        *logs.cell("c", "ai", "Cities?", index="b"),
        ev.CellMetadataSet(cell_id="c", key=ASKING, value=odd),
    ]
    assert (await stage.run(*cell))["status"] == "success"


@pytest.mark.parametrize("sent", [True, False])
async def test_cells_above_and_tools_are_left_out_if_the_cell_says_so(sent: bool) -> None:
    stage = Stage("Bern")
    await stage.run(*asking(tools=sent, context=sent))
    outputs = stage.agent.notebook.outputs_of("c")
    sources = [
        entry.get("source") or entry.get("role")
        for entry in outputs[0].metadata["anode"]["manifest"]["messages"]
    ]
    explained = stage.agent.explain("c")
    assert ("# Above" in explained or "above" in explained.lower()) == sent, (sources, explained)
    assert ("create_cell" in explained or "tool" in explained.lower()) == sent, explained


async def test_a_python_cell_with_the_magic_runs_as_an_ai_cell() -> None:
    stage = Stage('["Bern"]')
    end = await stage.run(*logs.cell("c", "code", "%%ai -> x: list[str]\nCities?", index="b"))
    assert end["status"] == "success"
    assert stage.namespace == {"x": ["Bern"]}
    cell = stage.agent.notebook.cells["c"]
    assert (cell.cell_type, cell.source) == ("ai", "Cities?")
    # What ran is what the cell holds now: it is not told as changed since.
    entry = stage.agent.notebook.executions["q"]
    assert entry.source == "Cities?"


async def test_a_line_that_cannot_be_followed_ends_the_run_and_leaves_a_python_cell() -> None:
    stage = Stage("Bern")
    source = "%%ai --frob\nCities?"
    end = await stage.run(*logs.cell("c", "code", source, index="b"))
    assert "there is no option '--frob'" in end["error"]
    cell = stage.agent.notebook.cells["c"]
    assert (cell.cell_type, cell.source) == ("code", source)
