"""A notebook's state as JSON."""

from __future__ import annotations

import json

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from runt_pyodide.notebook.state.snapshot import state_json
from tests.support.notebook import logs
from tests.support.notebook.logs import fold
from tests.support.notebook.sample_events import SAMPLES


def test_nothing_is_an_empty_object() -> None:
    assert state_json(Notebook()) == {}


def test_what_is_empty_is_left_out_of_each_part() -> None:
    hidden = ev.CellOutputVisibilityToggled(id="c", output_visible=False)
    assert state_json(fold(logs.cell("c", "raw", "x"), hidden)) == {
        "cells": [
            {
                "id": "c",
                "cellType": "raw",
                "fractionalIndex": "a",
                "createdBy": "me",
                "source": "x",
                "modifiedBy": "me",
                "hidden": ["output"],
            }
        ]
    }


def test_every_kind_of_event_is_told_of_in_json() -> None:
    parsed = [ev.parse_event({"name": name, "args": args}) for name, args, _ in SAMPLES]
    state = state_json(Notebook(event for event in parsed if event is not None))
    assert json.loads(json.dumps(state, allow_nan=False)) == state
    assert {"metadata", "executions", "sessions", "approvals"} <= set(state)
