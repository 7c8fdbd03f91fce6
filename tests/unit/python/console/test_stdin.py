"""``input()``, ``getpass()`` and ``sys.stdin``: what is asked, what is echoed, what is secret."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.stages.python_page import Page, result, text
from tests.support.stages.typist import Typist


async def test_an_answer_is_echoed_beside_its_prompt(page: Page, typist: Typist) -> None:
    typist.answers = ["Ada"]
    assert await page.run("input('Name? ').upper()") == [
        text(2, 0, "Name? Ada\n"),
        result(3, 1, {"text/plain": "'ADA'"}),
    ]
    assert typist.asked == [("Name? ", False)]


async def test_a_password_is_in_no_event(page: Page, typist: Typist) -> None:
    typist.answers = ["s3cret", "s3cret"]
    await page.run("import getpass\nfrom getpass import getpass as ask\nmine = getpass.getpass()")
    assert page.printed() == "Password: ········\n"
    await page.run("mine == ask('Key: ') == 's3cret'")
    assert page.printed() == "Key: ········\n"
    assert page.events[-1]["args"]["representations"]["text/plain"]["data"] == "True"
    assert "s3cret" not in repr(page.events)
    assert typist.asked == [("Password: ", True), ("Key: ", True)]


@pytest.mark.parametrize(
    ("source", "answers", "value"),
    [
        ("input()", [""], "''"),
        ("input(7)", ["x"], "'x'"),
        ("import sys\nsys.stdin.readline()", ["a b"], "'a b\\n'"),
        ("import sys\nsys.stdin.readline()", [None], "''"),
        ("import sys\n[line for line in sys.stdin]", ["a", "", None], "['a\\n', '\\n']"),
        ("import sys\nsys.stdin.read()", ["a", "b", None], "'a\\nb\\n'"),
        ("import sys\nsys.stdin.read(3) + sys.stdin.readline()", ["a\nbcd"], "'a\\nbcd\\n'"),
        ("import sys\nsys.stdin.readlines()", ["a", None], "['a\\n']"),
        ("import sys\nsys.stdin.readable(), sys.stdin.isatty()", [], "(True, False)"),
        ("import fileinput\n[*fileinput.input('-')]", ["a", None], "['a\\n']"),
    ],
)
async def test_each_way_to_ask(
    page: Page, typist: Typist, source: str, answers: list[str | None], value: str
) -> None:
    typist.answers = answers
    await page.run(source)
    assert page.events[-1]["args"]["representations"]["text/plain"]["data"] == value


@pytest.mark.parametrize("source", ["input('More? ')", "import getpass\ngetpass.getpass('More? ')"])
async def test_the_end_of_the_input_is_an_eof_error(
    page: Page, typist: Typist, source: str
) -> None:
    typist.answers = [None]
    source = "\n".join(f"    {line}" for line in source.split("\n"))
    await page.run(f"try:\n{source}\nexcept EOFError:\n    print('over')")
    assert page.printed() == "More? \nover\n"


async def test_a_stop_is_a_keyboard_interrupt_and_leaves_the_prompt(
    page: Page, typist: Typist
) -> None:
    with pytest.raises(asyncio.CancelledError):
        await page.run("try:\n    input('Name? ')\nfinally:\n    print('tidy')")
    assert page.printed() == "Name? \ntidy\n"


async def test_an_echo_is_for_the_reader_and_not_for_what_captures(
    page: Page, typist: Typist
) -> None:
    typist.answers = ["Ada"]
    await page.run(
        "import contextlib, io\nsaid = io.StringIO()\n"
        "with contextlib.redirect_stdout(said):\n    print(input('Name? '))\nsaid.getvalue()"
    )
    assert page.printed() == "Name? Ada\n"
    assert page.events[-1]["args"]["representations"]["text/plain"]["data"] == "'Ada\\n'"


async def test_who_replaces_input_has_their_own(page: Page, typist: Typist) -> None:
    await page.run("import builtins\nbuiltins.input = lambda prompt='': 'mine'")
    await page.run("input('Name? ')")
    assert page.events[-1]["args"]["representations"]["text/plain"]["data"] == "'mine'"
    assert typist.asked == []
