"""Events to and from the wire, held to the runt notebooks' public schema."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from runt_pyodide.errors import EventError
from runt_pyodide.notebook import events as ev
from scripts.paths import ROOT
from tests.support.data import DATA
from tests.support.notebook.sample_events import SAMPLES, Args

SCHEMAS: dict[str, Any] = json.loads((DATA / "runt-events.schema.json").read_text("utf-8"))[
    "events"
]
OUR_EVENTS = {
    *("v1.OutputDelta", "v1.OutputRestored"),
    *("v1.CellMetadataSet", "v1.NotebookJsonSet", "v1.ToolPolicySet"),
}
OUR_FIELDS = {
    "v1.CellSourceChanged": {"base"},
    "v1.ToolApprovalResponded": {"reason"},
    "v1.ExecutionStarted": {"executionCount"},
}


def of_each(samples: list[tuple[str, Args, Args]]) -> pytest.MarkDecorator:
    names = [name for name, _, _ in samples]
    return pytest.mark.parametrize(("name", "required", "optional"), samples, ids=names)


every_sample = of_each(SAMPLES)
every_sample_of_runt = of_each([sample for sample in SAMPLES if sample[0] not in OUR_EVENTS])


def read(name: str, args: object) -> ev.Event:
    event = ev.parse_event({"name": name, "args": args})
    assert event is not None
    return event


def test_there_is_a_sample_of_every_event() -> None:
    assert sorted(name for name, _, _ in SAMPLES) == ev.event_names()
    assert set(ev.event_names()) - set(SCHEMAS) == OUR_EVENTS


@every_sample
def test_an_event_comes_through_whole_and_without_what_may_be_absent(
    name: str, required: Args, optional: Args
) -> None:
    for args in (required, {**required, **optional}):
        wire = {"name": name, "args": args}
        event = read(name, args)
        assert ev.to_wire(event) == wire
        assert read(name, json.loads(json.dumps(args))) == event
        assert name == event.NAME


@every_sample_of_runt
def test_what_is_written_is_what_runt_reads(name: str, required: Args, optional: Args) -> None:
    validator = Draft202012Validator(SCHEMAS[name])
    ours = OUR_FIELDS.get(name, set())
    known = {key: value for key, value in optional.items() if key not in ours}
    for args in (required, {**required, **known}):
        validator.validate(ev.to_wire(read(name, args))["args"])


@every_sample_of_runt
def test_fields_and_which_of_them_may_be_absent_are_runts(
    name: str, required: Args, optional: Args
) -> None:
    model = type(read(name, required))
    fields = {str(field.alias) for field in model.model_fields.values()}
    assert fields == {*required, *optional}
    assert set(required) == set(SCHEMAS[name].get("required", ()))
    ours = OUR_FIELDS.get(name, set())
    assert fields - ours == set(SCHEMAS[name].get("properties", ()))


@every_sample
def test_every_field_that_is_needed_is_missed_by_name(
    name: str, required: Args, optional: Args
) -> None:
    for field in required:
        args = {key: value for key, value in {**required, **optional}.items() if key != field}
        with pytest.raises(EventError) as caught:
            ev.parse_event({"name": name, "args": args})
        assert (caught.value.event, caught.value.field) == (name, field)
        assert str(caught.value) == f"{name}: {field} is missing"


@every_sample
def test_every_field_of_a_wrong_type_is_named(name: str, required: Args, optional: Args) -> None:
    for field in {**required, **optional}:
        # A set is no JSON: nothing may hold it, not even what may be null.
        with pytest.raises(EventError) as caught:
            ev.parse_event({"name": name, "args": {**required, **optional, field: {1, 2}}})
        assert (caught.value.event, caught.value.field) == (name, field)


CONTENT = "v1.MarkdownOutputAdded"
OUTPUT = {"id": "o", "cellId": "c", "position": 0}
NULL = {"type": "inline", "data": None}
REQUEST = {"queueId": "q", "cellId": "c", "executionCount": 1, "requestedBy": "me"}


@pytest.mark.parametrize(
    ("name", "args", "field"),
    [
        ("v1.CellDeleted", {"id": 1}, "id"),
        ("v1.CellTypeChanged", {"id": "c", "cellType": "python"}, "cellType"),
        ("v1.CellMoved", {"id": "c", "newPosition": "1"}, "newPosition"),
        ("v1.CellMoved", {"id": "c", "newPosition": True}, "newPosition"),
        ("v1.CellMoved", {"id": "c", "newPosition": float("nan")}, "newPosition"),
        ("v1.CellMoved", {"id": "c", "newPosition": float("inf")}, "newPosition"),
        ("v1.CellSourceVisibilityToggled", {"id": "c", "sourceVisible": 1}, "sourceVisible"),
        ("v1.ExecutionRequested", {**REQUEST, "executionCount": 1.5}, "executionCount"),
        ("v1.ExecutionRequested", {**REQUEST, "executionCount": "1"}, "executionCount"),
        (
            "v1.MultipleExecutionRequested",
            {"requestedBy": "me", "cellsInfo": [{"id": "c", "executionCount": 1}]},
            "cellsInfo.0.queueId",
        ),
        (
            "v1.RuntimeSessionRenewal",
            {"sessionId": "s", "renewedAt": "yesterday", "validForMs": 1},
            "renewedAt",
        ),
        # The path names fields alone, not which kind of representation was read.
        (CONTENT, {**OUTPUT, "content": "text"}, "content"),
        (CONTENT, {**OUTPUT, "content": {"data": "text"}}, "content"),
        (CONTENT, {**OUTPUT, "content": {"type": "other"}}, "content"),
        (CONTENT, {**OUTPUT, "content": {"type": "inline"}}, "content.data"),
        (CONTENT, {**OUTPUT, "content": {"type": "artifact"}}, "content.artifactId"),
        (CONTENT, {**OUTPUT, "content": {**NULL, "metadata": 2}}, "content.metadata"),
        (
            "v1.MultimediaDisplayOutputAdded",
            {**OUTPUT, "representations": {"inline": {"type": "inline"}}},
            "representations.inline.data",
        ),
        ("v1.CellDeleted", [], "args"),
        ("v1.CellDeleted", "c", "args"),
        ("v1.CellDeleted", None, "id"),
    ],
)  # fmt: skip
def test_bad_args_name_the_event_and_the_field(name: str, args: object, field: str) -> None:
    with pytest.raises(EventError) as caught:
        ev.parse_event({"name": name, "args": args})
    assert (caught.value.event, caught.value.field) == (name, field)
    assert str(caught.value).startswith(f"{name}: {field} ")


@pytest.mark.parametrize(
    "wire", [None, "v1.CellDeleted", [], {}, {"name": 1}, {"name": ""}, {"args": {}}]
)
def test_what_is_no_event(wire: object) -> None:
    with pytest.raises(EventError, match=r"^\?: name must be text"):
        ev.parse_event(wire)


def test_unknown_events_are_none() -> None:
    assert ev.parse_event({"name": "v9.CellDeleted", "args": {"id": "c"}}) is None
    assert ev.parse_event({"name": "news", "args": None}) is None


def test_a_newer_notebooks_fields_are_passed_over() -> None:
    event = read("v1.CellDeleted", {"id": "c", "since": 2027})
    assert ev.to_wire(event) == {"name": "v1.CellDeleted", "args": {"id": "c"}}


@pytest.mark.parametrize(
    ("name", "args", "fault"),
    [
        ("v1.CellDeleted", {"id": 1}, "id must be text"),
        ("v1.CellDeleted", {"id": "\ud83d"}, "id holds half of a surrogate pair"),
        ("v1.CellDeleted", {"id": "c", "new": 2**53}, "new must be a finite number"),
        ("v9.News", {"new": 2**53}, "new must be a finite number"),
        ("v1.CellMoved", {"id": "c", "newPosition": []}, "newPosition must be a number"),
        ("v1.CellMoved", {"id": "c", "newPosition": {"int": 1}}, "newPosition must be a number"),
        ("v1.CellTypeChanged", {"id": "c", "cellType": "r"}, "cellType must be one of code, mark"),
        ("v1.CellDeleted", {"id": "c", "actor_id": 1, "actorId": 1}, "actorId must be text"),
        (
            "v1.AiSettingsChanged",
            {"cellId": "c", "provider": "p", "model": "m", "settings": {"temperature": []}},
            "settings.temperature must be a number",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong(name: str, args: object, fault: str) -> None:
    with pytest.raises(EventError) as caught:
        ev.parse_event({"name": name, "args": args})
    assert str(caught.value).startswith(f"{name}: {fault}")


def test_names_as_python_has_them_are_unknown_on_the_wire() -> None:
    event = read("v1.CellDeleted", {"id": "c", "actor_id": "me"})
    assert event == ev.CellDeleted(id="c")
    with pytest.raises(EventError, match="cellId is missing"):
        read("v1.CellOutputsCleared", {"cell_id": "c", "wait": True, "clearedBy": "s"})


def test_an_integer_is_a_number_without_a_fraction() -> None:
    event = read("v1.ExecutionRequested", {**REQUEST, "executionCount": 1.0})
    assert json.dumps(ev.to_wire(event)["args"]["executionCount"]) == "1"


def test_absent_is_never_written_as_null() -> None:
    assert ev.to_wire(read("v1.CellDeleted", {"id": "c", "actorId": None})) == {
        "name": "v1.CellDeleted",
        "args": {"id": "c"},
    }
    delta = ev.OutputDelta(
        id="d", cell_id="c", output_id="o", sequence_number=0, delta=ev.DeltaBody(text="t")
    )
    assert ev.to_wire(delta)["args"]["delta"] == {"text": "t"}
    settings = ev.AiSettings(temperature=0)
    event = ev.AiSettingsChanged(cell_id="c", provider="p", model="m", settings=settings)
    assert ev.to_wire(event)["args"]["settings"] == {"temperature": 0}


def test_all_executions_cancelled_may_come_without_args() -> None:
    expected = {"name": "v1.AllExecutionsCancelled", "args": {}}
    for wire in ({"name": expected["name"]}, {"name": expected["name"], "args": None}, expected):
        event = ev.parse_event(wire)
        assert isinstance(event, ev.AllExecutionsCancelled)
        assert ev.to_wire(event) == expected


def test_events_are_frozen_and_names_are_taken_once() -> None:
    event = read("v1.CellDeleted", {"id": "c"})
    with pytest.raises(ValueError, match="frozen"):
        event.id = "other"  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match=r"two events are named 'v1\.CellDeleted'"):
        type("Again", (ev.Event,), {}, name="v1.CellDeleted", by=())


@pytest.mark.parametrize(
    ("name", "field"), [("v1.CellCreated", "position"), ("v1.CellMoved", "newPosition")]
)
def test_positions_of_old_logs_count_as_indices(name: str, field: str) -> None:
    required = next(args for sample, args, _ in SAMPLES if sample == name)
    event = read(name, {**required, field: 37.9})
    assert isinstance(event, ev.CellCreatedV1 | ev.CellMovedV1)
    assert event.fractional_index == "a11"


# Notebooks in memory, in which Python acts for the person who asks.
IN_MEMORY = (
    "asking/dialogue.py",
    "asking/saved.py",
    "command_line/",
    "notebook/state",
    "notebook/events",
    "ipynb",
)


def made_by_the_runtime() -> set[str]:
    """The names of the events that the code of the runtime makes, in Python or on the page."""
    made = set[str]()
    by_class = {model.__name__: model.NAME for model in ev.event_models()}
    package = ROOT / "runt_pyodide"
    for path in package.rglob("*.py"):
        if path.relative_to(package).as_posix().startswith(IN_MEMORY):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                parts = ast.unparse(node.func).split(".")
                made |= {by_class[part] for part in parts if part in by_class}
    runtime = (ROOT / "js" / "runtime").rglob("*.js")
    renewing = re.compile(r'#write\(\s*"(v\d\.\w+)"')
    return made.union(*(renewing.findall(path.read_text("utf-8")) for path in runtime))


def test_the_runtime_writes_what_is_said_to_be_its_own() -> None:
    said = {model.NAME for model in ev.event_models() if "runtime" in model.BY}
    of_runt = {"v2.MarkdownOutputAppended", "v2.TerminalOutputAppended"}
    assert made_by_the_runtime() | of_runt == said
    for_people = {model.NAME for model in ev.event_models() if "person" in model.BY}
    assert not said & for_people
