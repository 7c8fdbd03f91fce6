"""The command line is read, explains itself, and refuses what it does not know in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runt_pyodide.command_line.arguments import Options, read_arguments


def test_what_it_can_be_told() -> None:
    told = (
        "run a.ipynb -o b.ipynb --provider test --model m --config c.json --cassette d.json "
        "--record new --allow one,two --allow three --timeout 2.5 --keep-going --diff --quiet"
    )
    assert read_arguments(told.split()) == Options(
        notebook=Path("a.ipynb"),
        output=Path("b.ipynb"),
        provider="test",
        model="m",
        config=Path("c.json"),
        cassette=Path("d.json"),
        record="new",
        allow=("one", "two", "three"),
        timeout=2.5,
        keep_going=True,
        diff=True,
        quiet=True,
    )


def test_what_it_does_unless_it_is_told() -> None:
    assert read_arguments(["run", "a.ipynb"]) == Options(notebook=Path("a.ipynb"))
    assert read_arguments(["run", "a", "--cassette", "c", "--record"]).record == "all"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("", "the following arguments are required: COMMAND"),
        ("walk a.ipynb", "invalid choice: 'walk'"),
        ("run", "the following arguments are required: NOTEBOOK"),
        ("run a.ipynb --frob", "unrecognized arguments: --frob"),
        ("run a.ipynb --time 3", "unrecognized arguments: --time 3"),
        ("run a.ipynb --timeout soon", "invalid _read_seconds value|not a time"),
        ("run a.ipynb --timeout -1", "'-1' is not a time in seconds"),
        ("run a.ipynb --timeout nan", "'nan' is not a time in seconds"),
        ("run a.ipynb --record", "--record needs --cassette FILE"),
        ("run a.ipynb --cassette c --record never", "invalid choice: 'never'"),
        ("run a.ipynb --model m", "--model needs --provider NAME"),
    ],
)
def test_what_is_wrong_is_told(told: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        read_arguments(told.split())
    assert caught.value.code == 2
    assert re.search(said, capsys.readouterr().err)


def test_the_help_names_every_option_and_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        read_arguments(["run", "--help"])
    assert caught.value.code == 0
    told = capsys.readouterr().out
    for field in Options.__dataclass_fields__:
        assert field == "notebook" or f"--{field.replace('_', '-')}" in told
    assert re.findall(r"^  (\d+) ", told, re.MULTILINE) == ["0", "1", "2", "130"]
