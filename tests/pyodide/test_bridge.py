"""The bridge as the page calls it: JSON text in, JSON text out, failures as text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pytest_pyodide import run_in_pyodide

SCHEMAS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "runt-events.schema.json").read_text("utf-8")
)["events"]
OPTIONS = {"runtimeId": "r", "sessionId": "s", "config": {"providers": {"test": {}}}}


@run_in_pyodide
async def drive(
    selenium: Any, options: str, received: list[str], calls: list[list[str]], until: str = ""
) -> Any:
    """Connect, receive these texts, make these calls; what was answered, emitted and logged when
    an event of the name ``until`` was there."""
    import asyncio
    import json

    from pyodide.code import run_js

    from runt_pyodide.bridge import connect

    host = run_js(
        """({ emitted: [], logged: [], arm() {}, disarm() {},
              emit(text) { this.emitted.push(text); },
              log(level, text) { this.logged.push(level + ": " + text); } })"""
    )
    try:
        bridge = connect(options, host)
    except Exception as error:  # noqa: BLE001 -- it is what the test asks for
        return {"refused": f"{type(error).__name__}: {error}"}
    answers = []
    for text in received:
        bridge.receive(text)
    for method, params in calls:
        answers.append(json.loads(await bridge.call(method, params)))
    while until not in "".join(host.emitted.to_py()):  # noqa: ASYNC110 -- it is JavaScript
        await asyncio.sleep(0)
    emitted = [json.loads(text) for text in host.emitted.to_py()]
    return {"answers": answers, "emitted": emitted, "logged": host.logged.to_py()}


def names(batches: list[list[dict[str, Any]]]) -> list[list[str]]:
    return [[event["name"] for event in batch] for batch in batches]


def test_a_session_from_start_to_stop(selenium_runt: Any) -> None:
    calls = [["start", "{}"], ["models", "{}"], ["interrupt", "{}"], ["stop", "{}"]]
    got = drive(selenium_runt, json.dumps(OPTIONS), ["[]"], calls)
    assert got["answers"][0] == {"result": {"sessionId": "s"}}
    assert got["answers"][1]["result"][0]["provider"] == "test"
    assert got["answers"][2:] == [{"result": None}, {"result": None}]
    assert names(got["emitted"]) == [
        ["v1.RuntimeSessionStarted", "v1.RuntimeSessionStatusChanged"],
        ["v1.RuntimeSessionTerminated"],
    ]
    assert got["logged"] == []


def test_failures_are_answers(selenium_runt: Any) -> None:
    calls = [
        ["dance", "{}"],
        ["configure", '{"config": {"providers": {"test": {"x": 1}}}}'],
        ["configure", '{"config": {"providers": {"x": {}}}}'],
        ["doctor", '{"provider": "x"}'],
        ["configure", "{}"],
    ]
    unknown, refused, kept, told, broken = drive(selenium_runt, json.dumps(OPTIONS), [], calls)[
        "answers"
    ]
    assert unknown["error"]["name"] == "RuntError"
    assert "There is no method 'dance'. The methods are: start, " in unknown["error"]["message"]
    assert refused["error"]["name"] == "ConfigError"
    assert "unknown key 'x'" in refused["error"]["message"]
    assert kept == {"result": None}
    assert "unknown type 'x'" in told["result"]["steps"][-1]["found"]
    assert broken["error"]["name"] == "TypeError"


def test_a_bad_event_is_logged_and_the_rest_of_its_batch_counts(selenium_runt: Any) -> None:
    cell = {"id": "c", "cellType": "markdown", "fractionalIndex": "m", "createdBy": "u"}
    asked = {"queueId": "q", "cellId": "c", "executionCount": 1, "requestedBy": "u"}
    batch = [
        {"name": "v1.CellDeleted", "args": {}},
        {"name": "v7.News", "args": {}},
        {"name": "v7.News", "args": {}},
        "no event",
        {"name": "v2.CellCreated", "args": cell},
        {"name": "v1.ExecutionRequested", "args": asked},
    ]
    deep = "[" * 100_000 + "]" * 100_000
    texts, calls = [f"{json.dumps(batch)[:-1]}, {deep}]"], [["start", "{}"]]
    got = drive(selenium_runt, json.dumps(OPTIONS), texts, calls, "v1.ExecutionCompleted")
    assert [
        event["args"]["status"]
        for batch in got["emitted"]
        for event in batch
        if event["name"] == "v1.ExecutionCompleted"
    ] == ["success"]
    said = [
        "error: An event was refused. v1.CellDeleted: id ",
        "warning: Events named 'v7.News' ",
        "error: An event was refused. ?: name ",
        "error: An event was refused: ",
    ]
    assert len(got["logged"]) == len(said)
    assert all(map(str.startswith, got["logged"], said)), got["logged"]
    assert "deep" in got["logged"][-1]
    assert len(got["logged"][-1]) < 300


def test_the_vocabulary_of_the_runt_notebooks(selenium_runt: Any) -> None:
    responses = [{"prompt": "hi", "turns": [{"thinking": "Hm.", "text": "Hello there."}]}]
    config = {"providers": {"test": {"responses": responses}}}
    cell = {"id": "c", "cellType": "ai", "fractionalIndex": "m", "createdBy": "u"}
    asked = {"queueId": "q", "cellId": "c", "executionCount": 1, "requestedBy": "u"}
    batch = [
        {"name": "v2.CellCreated", "args": cell},
        {"name": "v1.CellSourceChanged", "args": {"id": "c", "source": "hi", "modifiedBy": "u"}},
        {"name": "v1.ExecutionRequested", "args": asked},
    ]
    options = {**OPTIONS, "config": config, "vocabulary": "runt", "intervalMs": 0}
    texts, calls = [json.dumps(batch)], [["start", "{}"]]
    got = drive(selenium_runt, json.dumps(options), texts, calls, "v1.ExecutionCompleted")
    written = [event for batch in got["emitted"] for event in batch]
    for event in written:
        Draft202012Validator(SCHEMAS[event["name"]]).validate(event["args"])
    assert "v2.MarkdownOutputAppended" in [event["name"] for event in written]
    assert got["logged"] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({**OPTIONS, "config": {"provider": 1}}, "ConfigError: unknown key 'provider'"),
        ({**OPTIONS, "colour": 1}, "colour"),
        ({}, "runtimeId"),
    ],
)
def test_bad_options_are_refused(selenium_runt: Any, options: Any, said: str) -> None:
    assert said in drive(selenium_runt, json.dumps(options), [], [])["refused"]
