"""Every event that goes in or out, as a model: ``parse_event`` reads one, ``to_wire`` writes one.

Names and fields are those of the runt notebooks' public schema (runtimed/anode), but for those
under "Ours". Fields are snake_case here and camelCase on the wire. Optional fields are left out
there, never null. Unknown fields are passed over, so that a newer notebook can be read.

``make schema`` writes schema/events.json from these models: JavaScript's validator, its types and
the page's store come from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PlainValidator,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from ..errors import EventError
from .ordering import index_of_position
from .wire import find_fault, is_in_range, is_well_formed, read_fault

CellType = Literal["code", "markdown", "sql", "ai", "raw"]
ApprovalStatus = Literal["approved_once", "approved_always", "denied"]
StreamName = Literal["stdout", "stderr"]
OutputKind = Literal["terminal", "markdown", "display", "result", "error"]
ToolPolicy = Literal["auto", "ask", "never", "risky"]


def _read_number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not is_in_range(value):
        raise PydanticCustomError("number", "must be a number")
    return value


def _read_integer(value: Any) -> int:
    """JavaScript has one kind of number: an integer is one without a fraction."""
    try:
        number = _read_number(value)
    except PydanticCustomError:
        number = 0.5
    if number % 1:
        raise PydanticCustomError("integer", "must be a whole number")
    return int(number)


Number = Annotated[float, PlainValidator(_read_number), WithJsonSchema({"type": "number"})]
Integer = Annotated[int, PlainValidator(_read_integer), WithJsonSchema({"type": "integer"})]
Timestamp = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
        r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
    ),
]

_WIRE = object()
"""The context of validation of what came by the wire, where fields have their camelCase names."""


class WireModel(BaseModel):
    """What stands on the wire: camelCase, strictly typed, no NaN, frozen."""

    _python_names: ClassVar[frozenset[str]]

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        strict=True,
        extra="ignore",
        allow_inf_nan=False,
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_kwargs: Any) -> None:
        fields = cls.model_fields.items()
        cls._python_names = frozenset(name for name, field in fields if name != field.alias)

    @model_validator(mode="before")
    @classmethod
    def _forget_python_names(cls, data: Any, info: ValidationInfo) -> Any:
        """On the wire a name as Python has it is an unknown one."""
        if info.context is not _WIRE or not isinstance(data, dict):
            return data
        if cls._python_names.isdisjoint(data):
            return data
        return {key: value for key, value in data.items() if key not in cls._python_names}


class Event(WireModel):
    """The root of all events. ``NAME`` is the versioned name, the fields are the args."""

    NAME: ClassVar[str]

    def __init_subclass__(cls, *, name: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if name in _EVENTS:
            raise TypeError(f"two events are named {name!r}")
        cls.NAME = name
        _EVENTS[name] = cls


_EVENTS: dict[str, type[Event]] = {}


class Inline(WireModel):
    """A representation that holds its data."""

    type: Literal["inline"] = "inline"
    data: Any
    metadata: dict[str, Any] | None = None

    @model_serializer(mode="wrap")
    def _keep_null(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leaving out what is None, as events do, would leave out data that is a JSON null."""
        wire: dict[str, Any] = write(self)
        wire.setdefault("data", None)
        return wire


class Artifact(WireModel):
    """A representation that says where its data is kept."""

    type: Literal["artifact"] = "artifact"
    artifact_id: str
    metadata: dict[str, Any] | None = None


Representation = Annotated[Inline | Artifact, Field(discriminator="type")]
Bundle = dict[str, Representation]


# Notebook and cells


class NotebookTitleChanged(Event, name="v1.NotebookTitleChanged"):
    title: str


class NotebookMetadataSet(Event, name="v1.NotebookMetadataSet"):
    key: str
    value: str


class CellCreatedV1(Event, name="v1.CellCreated"):
    id: str
    cell_type: CellType
    position: Number
    created_by: str
    actor_id: str | None = None

    @property
    def fractional_index(self) -> str:
        return index_of_position(self.position)


class CellCreated(Event, name="v2.CellCreated"):
    id: str
    cell_type: CellType
    fractional_index: str
    created_by: str


class CellSourceChanged(Event, name="v1.CellSourceChanged"):
    id: str
    source: str
    modified_by: str


class CellTypeChanged(Event, name="v1.CellTypeChanged"):
    id: str
    cell_type: CellType
    actor_id: str | None = None


class CellDeleted(Event, name="v1.CellDeleted"):
    id: str
    actor_id: str | None = None


class CellMovedV1(Event, name="v1.CellMoved"):
    id: str
    new_position: Number
    actor_id: str | None = None

    @property
    def fractional_index(self) -> str:
        return index_of_position(self.new_position)


class CellMoved(Event, name="v2.CellMoved"):
    id: str
    fractional_index: str
    actor_id: str | None = None


class CellSourceVisibilityToggled(Event, name="v1.CellSourceVisibilityToggled"):
    id: str
    source_visible: bool
    actor_id: str | None = None


class CellOutputVisibilityToggled(Event, name="v1.CellOutputVisibilityToggled"):
    id: str
    output_visible: bool
    actor_id: str | None = None


class CellAiContextVisibilityToggled(Event, name="v1.CellAiContextVisibilityToggled"):
    id: str
    ai_context_visible: bool
    actor_id: str | None = None


class AiSettings(WireModel):
    temperature: Number | None = None
    max_tokens: Number | None = None
    system_prompt: str | None = None


class AiSettingsChanged(Event, name="v1.AiSettingsChanged"):
    cell_id: str
    provider: str
    model: str
    settings: AiSettings


class SqlResultVariableChanged(Event, name="v1.SqlResultVariableChanged"):
    """The variable that an SQL cell's result is kept in; none where there is no name."""

    cell_id: str
    result_variable: str | None = None
    changed_by: str


# Runtime sessions


class Capabilities(WireModel):
    can_execute_code: bool
    can_execute_sql: bool
    can_execute_ai: bool
    available_ai_models: list[dict[str, Any]] | None = None


class RuntimeSessionStarted(Event, name="v1.RuntimeSessionStarted"):
    session_id: str
    runtime_id: str
    runtime_type: str
    capabilities: Capabilities


class RuntimeSessionStatusChanged(Event, name="v1.RuntimeSessionStatusChanged"):
    session_id: str
    status: Literal["ready", "busy", "restarting"]


class RuntimeSessionRenewal(Event, name="v1.RuntimeSessionRenewal"):
    session_id: str
    renewed_at: Timestamp
    valid_for_ms: Number


class RuntimeSessionTerminated(Event, name="v1.RuntimeSessionTerminated"):
    session_id: str
    reason: Literal["shutdown", "restart", "error", "timeout", "displaced"]


# Executions


class ExecutionRequested(Event, name="v1.ExecutionRequested"):
    queue_id: str
    cell_id: str
    execution_count: Integer
    requested_by: str
    actor_id: str | None = None


class RequestedCell(WireModel):
    id: str
    execution_count: Integer
    queue_id: str


class MultipleExecutionRequested(Event, name="v1.MultipleExecutionRequested"):
    requested_by: str
    cells_info: list[RequestedCell]


class ExecutionAssigned(Event, name="v1.ExecutionAssigned"):
    queue_id: str
    runtime_session_id: str


class ExecutionStarted(Event, name="v1.ExecutionStarted"):
    queue_id: str
    cell_id: str
    runtime_session_id: str
    started_at: Timestamp
    execution_count: Integer | None = None
    """Ours: the session's own counter. A request's count is only a wish."""


class ExecutionCompleted(Event, name="v1.ExecutionCompleted"):
    queue_id: str
    cell_id: str
    status: Literal["success", "error", "cancelled"]
    error: str | None = None
    completed_at: Timestamp
    execution_duration_ms: Number


class ExecutionCancelled(Event, name="v1.ExecutionCancelled"):
    queue_id: str
    cell_id: str
    cancelled_by: str
    reason: str
    actor_id: str | None = None


class AllExecutionsCancelled(Event, name="v1.AllExecutionsCancelled"):
    pass


# Outputs


class TerminalOutputAdded(Event, name="v1.TerminalOutputAdded"):
    id: str
    cell_id: str
    position: Number
    content: Representation
    stream_name: StreamName


class TerminalOutputAppended(Event, name="v2.TerminalOutputAppended"):
    id: str
    output_id: str
    delta: str
    sequence_number: Integer


class MarkdownOutputAdded(Event, name="v1.MarkdownOutputAdded"):
    id: str
    cell_id: str
    position: Number
    content: Representation


class MarkdownOutputAppended(Event, name="v2.MarkdownOutputAppended"):
    id: str
    output_id: str
    delta: str
    sequence_number: Integer


class MultimediaDisplayOutputAdded(Event, name="v1.MultimediaDisplayOutputAdded"):
    id: str
    cell_id: str
    position: Number
    representations: Bundle
    display_id: str | None = None


class MultimediaDisplayOutputUpdated(Event, name="v1.MultimediaDisplayOutputUpdated"):
    display_id: str
    representations: Bundle


class MultimediaResultOutputAdded(Event, name="v1.MultimediaResultOutputAdded"):
    id: str
    cell_id: str
    position: Number
    representations: Bundle
    execution_count: Integer


class ErrorOutputAdded(Event, name="v1.ErrorOutputAdded"):
    id: str
    cell_id: str
    position: Number
    content: Representation


class CellOutputsCleared(Event, name="v1.CellOutputsCleared"):
    cell_id: str
    wait: bool
    cleared_by: str


class AllOutputsCleared(Event, name="v1.AllOutputsCleared"):
    cleared_by: str


# Approvals


class ToolApprovalRequested(Event, name="v1.ToolApprovalRequested"):
    tool_call_id: str
    cell_id: str
    tool_name: str
    arguments: dict[str, Any]
    requested_at: Timestamp


class ToolApprovalResponded(Event, name="v1.ToolApprovalResponded"):
    tool_call_id: str
    status: ApprovalStatus
    approved_by: str
    responded_at: Timestamp
    reason: str | None = None


# Ours


class DeltaBody(WireModel):
    """What an OutputDelta brings: text to append, representations and metadata to merge."""

    text: str | None = None
    data: Bundle | None = None
    metadata: dict[str, Any] | None = None


class OutputDelta(Event, name="v1.OutputDelta"):
    id: str
    cell_id: str
    output_id: str
    sequence_number: Integer
    delta: DeltaBody


class KeyValue(WireModel):
    """One entry of an object that is set key by key; a null removes it."""

    key: str
    value: JsonValue

    @model_serializer(mode="wrap")
    def _keep_null(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        wire: dict[str, Any] = write(self)
        wire.setdefault("value", None)
        return wire


class CellMetadataSet(KeyValue, Event, name="v1.CellMetadataSet"):
    """What a cell's file holds and no other event has a place for."""

    cell_id: str


class NotebookJsonSet(KeyValue, Event, name="v1.NotebookJsonSet"):
    """The same for the notebook."""


class PolicyScope(WireModel):
    """The cell or the run that a policy holds in; everywhere if it names neither."""

    cell_id: str | None = None
    run_id: str | None = None


class ToolPolicySet(Event, name="v1.ToolPolicySet"):
    tool: str
    policy: ToolPolicy
    scope: PolicyScope | None = None
    set_by: str


class RestoredOutput(WireModel):
    """An output as it stood: a terminal's or Markdown output's ``text``, a display's or result's
    ``bundle``, an error's ``error``; and the metadata that deltas left beside the
    representations' own."""

    kind: OutputKind
    text: str | None = None
    bundle: Bundle | None = None
    error: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    stream_name: StreamName | None = None
    display_id: str | None = None


class OutputRestored(Event, name="v1.OutputRestored"):
    """An output that came whole, from a file or from compaction."""

    id: str
    cell_id: str
    position: Number
    output: RestoredOutput
    execution_count: Integer | None = None


def event_models() -> list[type[Event]]:
    """Every kind of event, in the order in which they are defined."""
    return list(_EVENTS.values())


def event_names() -> list[str]:
    """Every name that ``parse_event`` knows, sorted."""
    return sorted(_EVENTS)


def parse_event(wire: object) -> Event | None:
    """The event that ``wire`` (``{"name", "args"}``, as JSON has it) stands for.

    None for a name that is not known here: such events are passed over. Raises EventError, which
    names the event and the field, for known names with bad args, and for what is no event at all or
    holds what may not stand on the wire, whatever its name.
    """
    name, args = _open_event(wire)
    if fault := find_fault(args):
        raise EventError(name, ".".join(fault.path) or "args", fault.problem)
    model = _EVENTS.get(name)
    if model is None:
        return None
    try:
        return model.model_validate(args, context=_WIRE)
    except ValidationError as error:
        fault = read_fault(error.errors(include_url=False, include_input=False)[0], args)
        raise EventError(name, ".".join(fault.path) or "args", fault.problem) from None


def to_wire(event: Event) -> dict[str, Any]:
    """The event as JSON has it: ``{"name": ..., "args": {...}}``."""
    return {"name": event.NAME, "args": event.model_dump(by_alias=True, exclude_none=True)}


def _open_event(wire: object) -> tuple[str, dict[str, Any]]:
    """The name and the args, which an event without any may leave out: JSON has no void."""
    name = wire.get("name") if isinstance(wire, Mapping) else None
    if not isinstance(wire, Mapping) or not isinstance(name, str) or not name:
        raise EventError("?", "name", "must be text, and not empty: an event has a name and args")
    if not is_well_formed(name):
        raise EventError("?", "name", "holds half of a surrogate pair")
    args = wire.get("args")
    if args is None:
        return name, {}
    if not isinstance(args, dict):
        raise EventError(name, "args", "must be an object")
    return name, args
