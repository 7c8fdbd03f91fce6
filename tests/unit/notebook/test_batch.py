"""Batches as a page sends them: events that cannot be read are logged, and the rest counts."""

from __future__ import annotations

import json
import logging

import pytest

from runt_pyodide.notebook.batch import BatchReader
from runt_pyodide.notebook.wire import MAX_DEPTH

TITLE = {"name": "v1.NotebookTitleChanged", "args": {"title": "T"}}


def read(*items: str) -> list[str]:
    return [type(event).__name__ for event in BatchReader().read(f"[{','.join(items)}]")]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("null", "an event has a name and args"),
        ("[]", "an event has a name and args"),
        ('{"name": 1}', "an event has a name and args"),
        ('{"name": "v1.NotebookTitleChanged"}', "title"),
        ('{"name": "v1.NotebookTitleChanged", "args": {"title": NaN}}', "title"),
        (
            '{"name": "v1.NotebookTitleChanged", "args": ' + "[" * 300 + "]" * 300 + "}",
            "nested more than",
        ),
        ("[" * 200_000 + "]" * 200_000, "nested"),
        (
            '{"name": "]\\"[", "args": ' + '{"a":' * 200_000 + "1" + "}" * 200_001,
            "nested more than",
        ),
    ],
)
def test_what_cannot_be_read_is_logged(
    item: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = json.dumps(TITLE)
    assert read(good, item, good) == ["NotebookTitleChanged"] * 2
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "An event was refused" in record.getMessage()
    assert said in record.getMessage()


def test_an_unknown_name_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    reader = BatchReader()
    for _ in range(2):
        assert reader.read('[{"name": "v9.Danced", "args": {}}, {"name": "v9.Danced"}]') == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "v9.Danced" in caplog.text


def test_an_event_may_be_as_deep_as_the_wire_allows(caplog: pytest.LogCaptureFixture) -> None:
    value = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    cell = '{"name": "v1.CellMetadataSet", "args": {"cellId": "c", "key": "k", "value": %s}}'
    assert read(cell % value) == ["CellMetadataSet"]
    assert caplog.records == []
    assert read(cell % f"[{value}]") == []
    assert "nested more than" in caplog.text


def test_half_a_surrogate_pair_is_refused_alone(caplog: pytest.LogCaptureFixture) -> None:
    good = json.dumps(TITLE)
    assert read(good, good.replace('"T"', '"\\ud83d"')) == ["NotebookTitleChanged"]
    assert "half of a surrogate pair" in caplog.text
