"""What the page shows of an exchange while it runs, and afterwards."""

from __future__ import annotations

import json
import re
from itertools import pairwise

from runt_pyodide import ask, configure
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.ai.record.read import read_turns
from runt_pyodide.ipynb import read_ipynb
from runt_pyodide.jupyter.controls import is_running
from runt_pyodide.notebook.state import Notebook
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import LONG, Stage

KEY = "sk-proj-abcdefghij0123456789"


def test_an_answer_streams_into_one_display_and_a_variable(stage: Stage) -> None:
    script(say(LONG), delay=0.002)
    result = stage.run("%%ai -> answer\nHi")
    assert result.success
    assert result.result is None
    assert stage.value("answer") == LONG
    assert stage.page.markdown() == [LONG]
    grown = [data["text/markdown"] for _, data in stage.page.states if "text/markdown" in data]
    assert len(grown) >= 5
    assert all(after.startswith(before) for before, after in pairwise(grown))


def test_the_stop_button_stands_while_it_runs_and_then_what_it_took(stage: Stage) -> None:
    script(say("Hi."))
    stage.run("%%ai\nHi")
    heads = [data["text/html"] for _, data in stage.page.states if "text/html" in data]
    assert "Stop" in heads[0]
    run = re.findall(r"runt-[0-9a-f-]{36}", heads[0])[0]
    assert stage.buttons is not None
    assert stage.buttons.told == [is_running(run)]
    (head,) = stage.page.html()
    assert "button" not in head
    assert "test/scripted" in head
    assert "tokens" in head


def test_a_saved_notebook_holds_the_run_as_a_page_writes_it(stage: Stage) -> None:
    """Calls, results, thinking, what it took, and neither a button nor a key."""
    configure("openai", api_key=KEY, model="m")
    turn = {**call("run_python", source="x = 1"), "thinking": "Hm.", "text": "First."}
    script(turn, say("**Done.**"), model="m")
    configure(tools={"run_python": "auto"})
    stage.run(f"%%ai\nSet {{nothing}} to {KEY}.")
    saved = json.dumps(
        {
            **{"nbformat": 4, "nbformat_minor": 5, "metadata": {}},
            "cells": [
                {
                    **{"cell_type": "code", "id": "c", "metadata": {}, "execution_count": 1},
                    "source": "%%ai\nSet it.",
                    "outputs": stage.page.saved(),
                }
            ],
        }
    )
    assert "Stop" not in saved
    assert "<button" not in saved
    assert KEY not in saved
    ids = iter(f"id{n}" for n in range(100))
    notebook = Notebook(read_ipynb(saved, "me", lambda: next(ids)))
    (cell,) = notebook.cells_in_order()
    assert cell.cell_type == "ai"
    outputs = notebook.outputs_of(cell.id)
    (exchange,) = ask.session.exchanges
    told, began = read_turns(outputs), read_turns(exchange.outputs)
    assert [(one.role, one.content, one.tool_calls) for one in told] == [
        (one.role, one.content, one.tool_calls) for one in began
    ]
    assert [AIRecord.of(one).run for one in outputs if AIRecord.of(one).run] == [
        AIRecord.of(one).run for one in exchange.outputs if AIRecord.of(one).run
    ]
    run = stage.page.saved()[0]["metadata"]["runt"]["run"]
    assert (run["provider"], run["model"], run["turns"]) == ("test", "m", 2)
    assert [one["name"] for one in run["calls"]] == ["run_python"]
