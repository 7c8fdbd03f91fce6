"""Events of the notebook and of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import SerializerFunctionWrapHandler, model_serializer

from ..ordering import index_of_position
from .model import Event, Integer, Number, WireModel

CellType = Literal["code", "markdown", "sql", "ai", "raw"]


class NotebookTitleChanged(Event, name="v1.NotebookTitleChanged", by=("page",)):
    """Sets the title."""

    title: str


class NotebookMetadataSet(Event, name="v1.NotebookMetadataSet", by=("person",)):
    """Sets one entry of the notebook's metadata, such as ``user_saved_prompt``, which models are
    told in every run, ``max_ai_iterations``, ``ai_provider`` and ``ai_model``."""

    key: str
    value: str


class CellCreatedV1(Event, name="v1.CellCreated", by=()):
    """Adds a cell, as earlier versions wrote it."""

    id: str
    cell_type: CellType
    position: Number
    created_by: str
    actor_id: str | None = None

    @property
    def fractional_index(self) -> str:
        return index_of_position(self.position)


class CellCreated(Event, name="v2.CellCreated", by=("page", "runtime")):
    """Adds a cell. Cells are in the order of their fractional indexes."""

    id: str
    cell_type: CellType
    fractional_index: str
    created_by: str


class SourceBase(WireModel):
    """What a source was made from: its first ``head`` lines, then ``lines``, then its last ``tail``
    lines."""

    head: Integer
    lines: list[str]
    tail: Integer

    @classmethod
    def of(cls, source: str, base: str) -> Self:
        now, before = source.split("\n"), base.split("\n")
        head = _count_same(now, before)
        tail = _count_same(now[head:][::-1], before[head:][::-1])
        return cls(head=head, lines=before[head : len(before) - tail], tail=tail)


class CellSourceChanged(Event, name="v1.CellSourceChanged", by=("page", "runtime")):
    """Sets a cell's source. ``base`` is what it was made from, for stores in which others may have
    written between: they merge the two (``js/notebook/merge/sources.js``)."""

    id: str
    source: str
    modified_by: str
    base: SourceBase | None = None

    @classmethod
    def edit(cls, cell_id: str, base: str, source: str, by: str) -> Self:
        """Return the event for a source that was made from the cell's present one."""
        made_from = SourceBase.of(source, base)
        return cls(id=cell_id, source=source, modified_by=by, base=made_from)


class CellTypeChanged(Event, name="v1.CellTypeChanged", by=("page", "runtime")):
    """Makes a cell one of another type."""

    id: str
    cell_type: CellType
    actor_id: str | None = None


class CellDeleted(Event, name="v1.CellDeleted", by=("page", "runtime")):
    """Deletes a cell for good: no event creates its id again."""

    id: str
    actor_id: str | None = None


class CellMovedV1(Event, name="v1.CellMoved", by=()):
    """Moves a cell, as earlier versions wrote it."""

    id: str
    new_position: Number
    actor_id: str | None = None

    @property
    def fractional_index(self) -> str:
        return index_of_position(self.new_position)


class CellMoved(Event, name="v2.CellMoved", by=("page", "runtime")):
    """Moves a cell to another place."""

    id: str
    fractional_index: str
    actor_id: str | None = None


class CellSourceVisibilityToggled(
    Event, name="v1.CellSourceVisibilityToggled", by=("page", "runtime")
):
    """Shows or hides a cell's source."""

    id: str
    source_visible: bool
    actor_id: str | None = None


class CellOutputVisibilityToggled(
    Event, name="v1.CellOutputVisibilityToggled", by=("page", "runtime")
):
    """Shows or hides a cell's outputs."""

    id: str
    output_visible: bool
    actor_id: str | None = None


class CellAiContextVisibilityToggled(
    Event, name="v1.CellAiContextVisibilityToggled", by=("page", "runtime")
):
    """Hides a cell from models, or lets them see it again."""

    id: str
    ai_context_visible: bool
    actor_id: str | None = None


class AiSettings(WireModel):
    temperature: Number | None = None
    max_tokens: Number | None = None
    system_prompt: str | None = None


class AiSettingsChanged(Event, name="v1.AiSettingsChanged", by=("page", "runtime")):
    """Replaces an AI cell's own provider, model and settings; empty texts leave the choice to the
    notebook."""

    cell_id: str
    provider: str
    model: str
    settings: AiSettings


class SqlResultVariableChanged(Event, name="v1.SqlResultVariableChanged", by=("page", "runtime")):
    """Sets the variable that an SQL cell's result is assigned to; without a name there is none."""

    cell_id: str
    result_variable: str | None = None
    changed_by: str


class KeyValue(WireModel):
    """One entry of an object that is set key by key; a null removes it."""

    key: str
    value: Any

    @model_serializer(mode="wrap")
    def _keep_null(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        wire: dict[str, Any] = write(self)
        wire.setdefault("value", None)
        return wire


class CellMetadataSet(KeyValue, Event, name="v1.CellMetadataSet", by=("page", "runtime")):
    """Sets a value of what the notebook's file holds about a cell and no other event has a place
    for; null removes it."""

    cell_id: str


class NotebookJsonSet(KeyValue, Event, name="v1.NotebookJsonSet", by=("person",)):
    """Sets a value of what the notebook's file holds about the notebook and no other event has a
    place for; null removes it."""


def _count_same(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many items both begin with."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
