"""%pip: how its command line is read, and how its failures are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from runt_pyodide.errors import CellError
from runt_pyodide.python.packages import Installation
from tests.support.stages.python_page import Page, text

COMMANDS = [
    ("%pip install one 'another>=2'", Installation(("one", "another>=2"))),
    ("!pip install one", Installation(("one",))),
    ('!pip3 install "one[a]"', Installation(("one[a]",))),
    ("if True:\n    %pip install one  # it is needed", Installation(("one",))),
    (
        "%pip install -U --pre --no-deps -i https://a --extra-index-url https://b one",
        Installation(("one",), True, True, False, ("https://a",), ("https://b",)),
    ),
    ("name = 'one'\n%pip install {name}", Installation(("one",))),
]


@pytest.mark.parametrize(("source", "wanted"), COMMANDS)
async def test_an_installation_is_asked_for(page: Page, source: str, wanted: Installation) -> None:
    assert await page.run(source) == [text(1, 0, "Installed it\n")]
    assert page.packages.asked == ["IPython", wanted]


async def test_it_may_be_quiet(page: Page) -> None:
    assert await page.run("%pip install -q one") == []


async def test_requirements_may_stand_in_a_file(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("one  # first\n\n# none\n-i https://a\nanother==2\n")
    await page.run(f"%pip install -r {file} third")
    assert page.packages.asked[1].requirements == ("third", "one", "another==2")
    error = await page.fail("%pip install -r nowhere.txt")
    assert "cannot read nowhere.txt" in error.message


async def test_what_is_there_is_listed_and_taken_away(page: Page) -> None:
    await page.run("%pip list")
    printed = "".join(
        event["args"].get("content", {}).get("data", "")
        + event["args"].get("delta", {}).get("text", "")
        for event in page.events
    )
    assert printed == "one      1.0\nanother  2.0\n"
    await page.run("%pip uninstall -y one")
    assert page.packages.asked[-1] == ["one"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("%pip install", "%pip install: no package is named."),
        ("%pip", "%pip: no command is given."),
        ("%pip frob", "%pip: there is no command 'frob'."),
        ("%pip install --frob one", "%pip install: there is no option '--frob'."),
        ("%pip install -i", "%pip install: --index-url needs an address behind it."),
        ("%pip install --pre=1 one", "%pip install: --pre takes no value."),
        ("%pip uninstall", "%pip uninstall: no package is named."),
    ],
)
async def test_what_cannot_be_read_is_told_with_what_can(
    page: Page, source: str, message: str
) -> None:
    error = await page.fail(source)
    assert error.ename == "UsageError"
    assert message in error.message
    assert "Supported are %pip install" in error.message


async def test_an_open_quotation_mark_is_told(page: Page) -> None:
    error = await page.fail("%pip install 'one")
    assert "%pip: a quotation mark is not closed" in error.message


async def test_a_failure_is_the_cells_without_frames_of_ours(page: Page) -> None:
    await page.run("1")
    page.packages.failures = [CellError("It is not there.", advice="Ask another index.")]
    error = await page.fail("2\n%pip install one")
    assert error.message == "UsageError: It is not there. Ask another index."
    assert [line for line in error.traceback if line.startswith("  File")] == [
        '  File "Cell In[1] (2)", line 2, in <module>'
    ]


async def test_it_stands_outside_of_functions(page: Page) -> None:
    error = await page.fail("def f():\n    %pip install one")
    assert error.message.startswith("SyntaxError: 'await' outside async function")


async def test_other_commands_say_what_there_is_instead(page: Page) -> None:
    for source in ("!git clone x", "files = !git ls-files", "!!git log"):
        error = await page.fail(source)
        assert error.ename == "UsageError"
        assert "cannot be run in a notebook for the browser: there is no git." in error.message


async def test_what_is_imported_is_loaded_after_what_is_installed(page: Page) -> None:
    page.packages.says = ["Loading numpy", "Loaded numpy"]
    names = [event["name"] for event in await page.run("%pip install one\nimport numbers")]
    assert names == [
        "v1.TerminalOutputAdded",
        "v1.MultimediaDisplayOutputAdded",
        "v1.MultimediaDisplayOutputUpdated",
    ]
    names = [event["name"] for event in await page.run("print(1)\nimport numbers")]
    assert names[:3] == [
        "v1.MultimediaDisplayOutputAdded",
        "v1.MultimediaDisplayOutputUpdated",
        "v1.TerminalOutputAdded",
    ]
