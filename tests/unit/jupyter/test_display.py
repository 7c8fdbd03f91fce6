"""What the page shows of an exchange while it runs, and afterwards."""

from __future__ import annotations

from itertools import pairwise

from tests.support.stages.ai_stage import say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import LONG, Stage


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
    assert ">Stop</button>" in heads[0]
    (head,) = stage.page.html()
    assert "button" not in head
    assert "test/scripted" in head
    assert "tokens" in head
