"""The line of ``%%ai``: its options, and its errors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runt_pyodide import configure
from runt_pyodide.asking.magic_line import parse_line
from runt_pyodide.errors import CellError, ConfigError
from runt_pyodide.llm.messages import ChatRequest, ChatSettings
from tests.support.pictures import PNG
from tests.support.stages.ai_stage import say
from tests.support.stages.asking import script
from tests.support.stages.shell_stage import Stage


def test_options_of_a_cell(stage: Stage, requests: list[ChatRequest]) -> None:
    script(say("Hi."))
    stage.run("%%ai test/big --system 'Be brief.' --temperature 0.5 --max-tokens 9 --no-tools\nHi")
    (request,) = requests
    assert (request.model, request.tools) == ("big", ())
    assert (request.settings.temperature, request.settings.max_tokens) == (0.5, 9)
    assert "Be brief." in (request.system_prompt or "")
    assert request.messages[-1].content == "Hi"


def test_expressions_in_the_prompt_are_filled_in(stage: Stage, requests: list[ChatRequest]) -> None:
    script(say("Hi."), model="m")
    stage.run("rows = [1, 2]")
    assert stage.run("%%ai\nThe sum of {rows} after {In[1]}, as {{rows}}, {nothing}").success
    assert requests[-1].messages[-1].content == (
        "The sum of [1, 2] after rows = [1, 2], as {rows}, {nothing}"
    )
    assert "not defined: {nothing}" in stage.page.markdown()[0]
    stage.run("%%ai --raw\nThe sum of {rows}")
    assert requests[-1].messages[-1].content == "The sum of {rows}"
    sent = len(requests)
    result = stage.run("%%ai\nThe last of {rows[2]}")
    assert "{rows[2]} in the prompt raised IndexError" in str(result.error_in_exec)
    assert len(requests) == sent
    assert "Not asked" in stage.page.html()[-1]
    stage.run("%ai history")
    assert "The sum of [1, 2] after" in stage.page.markdown()[-1]


def test_code_becomes_the_next_cell(stage: Stage, requests: list[ChatRequest]) -> None:
    script(say("```python\nx = 1\n```\n"), model="m")
    assert stage.run("%%ai -f code -> source\nSet x.").success
    assert "Python code alone" in (requests[-1].system_prompt or "")
    assert stage.value("source") == "x = 1"
    (payload,) = stage.shell.payload_manager.read_payload()
    assert (payload["source"], payload["text"]) == ("set_next_input", "x = 1")


def test_json_is_a_value(stage: Stage, requests: list[ChatRequest]) -> None:
    script(say('```json\n{"a": [1, null]}\n```'), model="m")
    assert stage.run("%%ai -f json -> found\nFind it.").success
    assert stage.value("found") == {"a": [1, None]}
    assert requests[-1].response_format is None
    answers = [{"pattern": "Answer with JSON alone", "text": "```json\n7\n```"}]
    configure("test", responses=[*answers, {"pattern": "", "text": "No."}])
    assert stage.run("%%ai --format=json -> found\nFind it.").success
    assert stage.value("found") == 7
    assert "Answer with JSON alone" in requests[-1].messages[-1].content


def test_sampling_settings_and_pictures_of_a_cell(
    stage: Stage, requests: list[ChatRequest], tmp_path: Path
) -> None:
    script(say("Hi."))
    stage.shell.user_ns |= {"plot": PNG, "plots": [PNG, PNG]}
    (tmp_path / "my plot.png").write_bytes(PNG)
    stage.run(
        "%%ai --top-p 0.5 --seed 3 --stop END --stop 'THE END' --reasoning-effort low "
        f"--image plot --image plots --image '{tmp_path}/my plot.png'\nWhat is this?"
    )
    (request,) = requests
    assert request.settings == ChatSettings(None, None, 0.5, 3, ("END", "THE END"), "low")
    assert len(request.messages[-1].images) == 4


@pytest.mark.parametrize(
    ("line", "system", "target", "kind"),
    [
        ("--system 'use -> arrow'", "use -> arrow", None, None),
        ('--system "-> x" -> y', "-> x", "y", None),
        ("--system use\\ -> -> y", "use ->", "y", None),
        ("--system a->b -> y", "a->b", "y", None),
        ("->y:Literal['a -> b', \"don't\"]", None, "y", "Literal['a -> b', \"don't\"]"),
        ("-> y : int ", None, "y", "int"),
    ],
)
def test_an_arrow_in_quotation_marks_is_text(
    line: str, system: str | None, target: str | None, kind: str | None
) -> None:
    read = parse_line(line)
    assert (read.system, read.target, read.type) == (system, target, kind)


def test_a_colon_for_the_slash_is_understood_and_told(
    stage: Stage, requests: list[ChatRequest]
) -> None:
    script(say("Hi."))
    configure("openai", api_key="sk-x")
    configure("test", model="m")
    stage.run("%%ai test:m\nHi")
    assert requests[-1].model == "m"
    assert "`test:m` is `test/m` here" in stage.page.markdown()[0]


@pytest.mark.parametrize(
    ("source", "kind", "match"),
    [
        ("%%ai\nHi", ConfigError, "no API key"),
        ("%%ai --frob\nHi", CellError, "there is no option '--frob'. Write %%ai .*--system"),
        ("%%ai --system 'a\nHi", CellError, "Close the quotation mark"),
        ("%%ai -> 1x\nHi", CellError, "'1x' is not the name of a variable"),
        ("%%ai -> class\nHi", CellError, "'class' cannot be the name of a variable. Write another"),
        ("%%ai -> x:\nHi", CellError, "no type behind 'x:'. Write -> x: list.str., for example"),
        ("%%ai -> x: Nope\nHi", CellError, "'Nope' is not a type for an answer. NameError"),
        ("%%ai --image nope\nHi", CellError, "no variable and no file 'nope' for --image"),
        (
            "%%ai --image exit\nHi",
            CellError,
            "'exit' cannot be shown to a model. A value of the type",
        ),
        (
            "%%ai --reasoning-effort huge\nHi",
            CellError,
            "must be one of none, .*, not 'huge'.",
        ),
        *(
            (
                f"%%ai -f {name}\nHi",
                CellError,
                f"--format must be one of code, json, markdown: leave it out .*, not '{name}'",
            )
            for name in ("html", "image", "math", "text", "md", "CODE")
        ),
        (
            "%%ai --seed 1.5\nHi",
            CellError,
            "--seed must be a whole number .*, not '1.5'.",
        ),
        ("%%ai\n\n", CellError, "The AI cell is empty"),
        ("%ai frob", CellError, "no command 'frob'. Its commands: list"),
        ("%ai explain", CellError, "Nothing has been asked yet"),
    ],
)
def test_bad_input_fails_the_cell_and_says_what_to_do(
    stage: Stage, source: str, kind: type, match: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = stage.run(source)
    assert isinstance(result.error_in_exec, kind)
    assert re.search(match, str(result.error_in_exec))
    shown = capsys.readouterr().out
    assert str(result.error_in_exec) in shown
    assert "Traceback" not in shown
