"""A Python cell whose first line is ``%%ai`` or ``%%sql``: the events that make it such a cell.

The line becomes the cell's settings, and what stands below it the source. It is kept in the cell's
metadata, under ``magic``, so that the change can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..ai.prompt.answer_type import AnswerType
from ..ai.prompt.cell_settings import (
    ASKING,
    IMAGES,
    SAMPLING,
    images_to_json,
)
from ..errors import CellError
from ..llm.registry import ProviderRegistry
from ..notebook import events as ev
from ..notebook.state import Cell
from ..sql.source import read_magic_line
from .magic_line import MagicLine, parse_line, split_cell, split_magic, split_timed
from .pictures import find_pictures

MAGIC = "magic"


class CellMagics:
    """Reads the first lines of Python cells. ``providers`` and ``variables`` are called for each
    of them."""

    def __init__(
        self,
        providers: Callable[[], ProviderRegistry],
        variables: Callable[[], Mapping[str, object]],
    ) -> None:
        self._providers = providers
        self._variables = variables

    def read(self, cell: Cell, by: str) -> list[ev.Event]:
        """Return the events, ``by`` a session, that make this an AI or an SQL cell; none for any
        other cell.

        Raise CellError or ConfigError if the line cannot be followed: the cell stays as it is.
        """
        if cell.cell_type != "code":
            return []
        # An AI cell says itself how long it took.
        if (asked := split_cell(cell.source) or split_timed(cell.source)) is not None:
            line, prompt = asked
            if not prompt.strip():
                raise CellError(
                    "The AI cell is empty.", advice="Write the prompt below the %%ai line."
                )
            own = self._ask(cell, parse_line(line))
            return [*self._become(cell, "ai", f"%%ai {line}", prompt, by), *own]
        if (queried := split_magic(cell.source, "%%sql")) is not None:
            line, below = queried
            variable, first = read_magic_line(line)
            statements = f"{first}\n{below}" if first else below
            if not statements.strip():
                raise CellError(
                    "The SQL cell is empty.", advice="Write the statements below the %%sql line."
                )
            events = self._become(cell, "sql", f"%%sql {line}", statements, by)
            if variable != cell.sql_variable:
                named = ev.SqlResultVariableChanged(
                    cell_id=cell.id, result_variable=variable, changed_by=by
                )
                events.append(named)
            return events
        return []

    def _become(
        self, cell: Cell, cell_type: ev.CellType, line: str, source: str, by: str
    ) -> list[ev.Event]:
        return [
            ev.CellTypeChanged(id=cell.id, cell_type=cell_type),
            ev.CellSourceChanged.edit(cell.id, cell.source, source, by),
            ev.CellMetadataSet(cell_id=cell.id, key=MAGIC, value=line.strip()),
        ]

    def _ask(self, cell: Cell, line: MagicLine) -> Iterator[ev.Event]:
        """Yield the events for the line's settings, in place of those that the cell has."""
        provider, model = "", ""
        if line.model is not None:
            found, model = self._providers().choose(line.model)
            provider = found.name
        variables = self._variables()
        if line.type is not None:
            AnswerType.named(line.type, variables)  # a fault is told before anything changes
        settings = ev.AiSettings(
            system_prompt=line.system, temperature=line.temperature, max_tokens=line.max_tokens
        )
        chosen = ev.AiSettingsChanged(
            cell_id=cell.id, provider=provider, model=model, settings=settings
        )
        if (provider, model, settings) != ("", "", ev.AiSettings()) or cell.ai is not None:
            yield chosen
        images = [image for name in line.images for image in find_pictures(name, variables)]
        beside: dict[str, Any] = {
            SAMPLING: line.sampling.to_json(),
            ASKING: line.asking.to_json(),
            IMAGES: images_to_json(images),
        }
        for key, value in beside.items():
            if value or key in cell.metadata:
                yield ev.CellMetadataSet(cell_id=cell.id, key=key, value=value or None)
