"""Python cells that begin with %%ai or %%sql become such cells when they run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runt_pyodide.ai.prompt.cell_settings import ASKING, IMAGES, SAMPLING
from runt_pyodide.asking.cell_magic import MAGIC, CellMagics
from runt_pyodide.config import AIConfig
from runt_pyodide.errors import CellError, ConfigError
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport.scripted import ScriptedTransport
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Cell, Notebook
from tests.support.notebook import logs
from tests.support.pictures import PNG

CONFIG = {"providers": {"test": {"model": "default"}, "ollama": {"baseUrl": "http://x"}}}


def read(source: str, *more: ev.Event, cell_type: ev.CellType = "code") -> Cell:
    """Return a cell with this source as it is when it runs."""
    notebook = Notebook([*logs.cell("c", cell_type, source), *more])
    registry = ProviderRegistry.from_config(AIConfig.read(CONFIG), ScriptedTransport([]))
    magics = CellMagics(lambda: registry, lambda: {"plot": PNG, "Mine": list[int]})
    for event in magics.read(notebook.cells["c"], "session"):
        notebook.apply(event)
    return notebook.cells["c"]


def own(cell: Cell) -> dict[str, Any]:
    return {key: value for key, value in cell.metadata.items() if key != MAGIC}


@pytest.mark.parametrize(
    ("line", "model", "settings", "metadata"),
    [
        ("", None, {}, {}),
        ("ollama/qwen3", ("ollama", "qwen3"), {}, {}),
        ("ollama", ("ollama", ""), {}, {}),
        ("small", ("test", "small"), {}, {}),
        ("--temperature 0.5", ("", ""), {"temperature": 0.5}, {}),
        (
            "test/big --system 'Be brief.' --max-tokens 9",
            ("test", "big"),
            {"systemPrompt": "Be brief.", "maxTokens": 9},
            {},
        ),
        (
            "--top-p 0.5 --seed 3 --stop END --stop 'THE END' --reasoning-effort low",
            None,
            {},
            {
                SAMPLING: {
                    "topP": 0.5,
                    "seed": 3,
                    "stop": ["END", "THE END"],
                    "reasoningEffort": "low",
                }
            },
        ),
        ("--no-tools --no-context", None, {}, {ASKING: {"tools": False, "context": False}}),
        ("-f code --raw", None, {}, {ASKING: {"raw": True, "format": "code"}}),
        ("-> answer", None, {}, {ASKING: {"name": "answer"}}),
        (
            "test/big -> cities: list[Mine] | None",
            ("test", "big"),
            {},
            {ASKING: {"name": "cities", "type": "list[Mine] | None"}},
        ),
    ],
)
@pytest.mark.parametrize("above", ["", "\n", " \t\r\n\n"])
def test_the_line_becomes_the_settings_of_an_ai_cell(
    line: str, model: tuple[str, str] | None, settings: Any, metadata: Any, above: str
) -> None:
    cell = read(f"{above}%%ai {line}\nWhy?\n\nBecause?")
    assert (cell.cell_type, cell.source, cell.modified_by) == ("ai", "Why?\n\nBecause?", "session")
    if model is None:
        assert cell.ai is None
    else:
        assert cell.ai is not None
        assert (cell.ai.provider, cell.ai.model) == model
        assert cell.ai.settings.model_dump(by_alias=True, exclude_none=True) == settings
    assert own(cell) == metadata
    assert cell.metadata[MAGIC] == f"%%ai {line}".strip()


def test_pictures_are_read_when_the_cell_becomes_one(tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(PNG)
    cell = read(f"%%ai --image plot --image '{tmp_path}/a b.png'\nWhat?")
    assert [one["mediaType"] for one in cell.metadata[IMAGES]] == ["image/png"] * 2


@pytest.mark.parametrize(
    ("source", "text", "variable"),
    [
        ("%%sql\nselect 1", "select 1", None),
        ("\n%%sql -> sales\nselect 1;\nselect 2", "select 1;\nselect 2", "sales"),
        ("%%sql sales <<\nselect 1", "select 1", "sales"),
        ("%%sql sales << select 1", "select 1\n", "sales"),
        ("%%sql select *\nfrom t", "select *\nfrom t", None),
    ],
)
def test_a_cell_becomes_an_sql_cell(source: str, text: str, variable: str | None) -> None:
    cell = read(source)
    assert (cell.cell_type, cell.source, cell.sql_variable) == ("sql", text, variable)


@pytest.mark.parametrize(
    ("source", "kind", "match"),
    [
        ("%%ai --frob\nHi", CellError, "there is no option '--frob'. Write %%ai .*--system"),
        ("%%ai What is this?", CellError, "Write the prompt below"),
        ("%%ai\n\n", CellError, "Write the prompt below the %%ai line"),
        ("%%ai What is this?\nHi", CellError, "'is this.' cannot stand there. Write %%ai"),
        ("%%ai nowhere/m\nHi", ConfigError, "sent to nobody"),
        ("%%ai -> 1x\nHi", CellError, "'1x' is not the name of a variable"),
        ("%%ai -> x: Nope\nHi", CellError, "'Nope' is not a type for an answer. NameError"),
        ("%%ai -> x: open('f')\nHi", CellError, "a type cannot hold a Call"),
        ("%%ai --image nope\nHi", CellError, "no variable and no file 'nope'"),
        ("%%sql\n\n", CellError, "Write the statements below"),
        ("%%sql sqlite:///a.db\nselect 1", CellError, "own SQLite database"),
        ("%%sql --save x\nselect 1", CellError, "without options"),
        ("%%sql -> 1x\nselect 1", CellError, "'1x' cannot be the name"),
    ],
)
def test_a_line_that_cannot_be_followed_changes_nothing(
    source: str, kind: type[Exception], match: str
) -> None:
    notebook = Notebook(logs.cell("c", "code", source))
    registry = ProviderRegistry.from_config(AIConfig.read(CONFIG), ScriptedTransport([]))
    with pytest.raises(kind, match=match):
        CellMagics(lambda: registry, dict).read(notebook.cells["c"], "session")


@pytest.mark.parametrize(
    "source",
    ["1 + 1", "# no\n%%ai\nHi", "%%aim\nHi", "%%ai_x", " %%ai\nHi", "%ai models", "%%sqlx"],
)
def test_any_other_cell_stays_as_it_is(source: str) -> None:
    cell = read(source)
    assert (cell.cell_type, cell.source, cell.metadata) == ("code", source, {})


@pytest.mark.parametrize("cell_type", ["ai", "sql", "markdown", "raw"])
def test_a_cell_of_another_type_keeps_its_text(cell_type: ev.CellType) -> None:
    cell = read("%%ai\nHi", cell_type=cell_type)
    assert (cell.cell_type, cell.source) == (cell_type, "%%ai\nHi")


def test_what_an_earlier_line_has_set_is_replaced() -> None:
    earlier: list[ev.Event] = [
        ev.AiSettingsChanged(
            cell_id="c", provider="test", model="m", settings=ev.AiSettings(temperature=1)
        ),
        ev.CellMetadataSet(cell_id="c", key=SAMPLING, value={"seed": 1}),
        ev.CellMetadataSet(cell_id="c", key="tags", value=["kept"]),
    ]
    cell = read("%%ai\nHi", *earlier)
    assert cell.ai is not None
    assert (cell.ai.provider, cell.ai.model, cell.ai.settings) == ("", "", ev.AiSettings())
    assert own(cell) == {"tags": ["kept"]}
