"""Completion and inspection on a real IPython and jedi."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stages.python_page import Page

SLOW = """
calls = []
class Slow:
    'What is slow.'
    plain = 1
    @property
    def slow(self): calls.append('slow'); return 'text'
    @property
    def bad(self): calls.append('bad'); raise ValueError
class Evil:
    def __getattr__(self, name): calls.append(name); raise RuntimeError(name)
    def __dir__(self): calls.append('dir'); raise RuntimeError
    def __repr__(self): raise RuntimeError
slow, evil = Slow(), Evil()
numbers = {'alpha': 1, 'beta': 2}
"""


async def complete(page: Page, code: str, cursor: int | None = None) -> dict[str, Any]:
    return await page.cell.complete(code, cursor)


async def test_before_any_cell_has_run(page: Page) -> None:
    assert await complete(page, "impor") == {
        "status": "ok",
        "matches": ["import"],
        "cursorStart": 0,
        "cursorEnd": 5,
        "metadata": {
            "_jupyter_types_experimental": [
                {"text": "import", "type": "keyword", "signature": "", "start": 0, "end": 5}
            ]
        },
    }
    assert (await page.cell.inspect("len"))["found"]


async def test_what_cells_have_defined(page: Page) -> None:
    await page.run("def double(value: int) -> int:\n    'Twice the value.'\ntext = 'a'")
    reply = await complete(page, "x = dou(1)", 7)
    assert (reply["matches"], reply["cursorStart"], reply["cursorEnd"]) == (["double"], 4, 7)
    [known] = reply["metadata"]["_jupyter_types_experimental"]
    assert (known["type"], known["signature"]) == ("function", "(value: int)")
    assert "upper" in (await complete(page, "text.up"))["matches"]
    assert "%matplotlib" in (await complete(page, "%matplot"))["matches"]
    assert (await complete(page, "nothing.at.all"))["matches"] == []


async def test_the_keys_of_a_dict(page: Page) -> None:
    await page.run(SLOW)
    reply = await complete(page, "numbers['al")
    assert (reply["matches"], reply["cursorStart"]) == (["alpha"], 9)


@pytest.mark.parametrize(
    "code", ["slow.", "slow.slow.", "slow.bad.", "slow.slow(", "evil.", "evil.x."]
)
async def test_no_property_is_run(page: Page, code: str) -> None:
    await page.run(SLOW)
    await complete(page, code)
    await page.cell.inspect(code.rstrip(".("))
    namespace = await page.cell.namespace()
    assert not {"slow", "bad"} & set(namespace["calls"])  # type: ignore[call-overload]


async def test_attributes_of_an_instance_are_known_all_the_same(page: Page) -> None:
    await page.run(SLOW)
    assert {"slow", "bad", "plain"} <= {*(await complete(page, "slow."))["matches"]}


async def test_places_are_counted_in_utf_16(page: Page) -> None:
    await page.run("\u00e4\u00df = 'x'")
    code = "'\U0001f642\U0001f642'; \u00e4\u00df.uppe + 1"
    reply = await complete(page, code, 15)
    assert (reply["matches"], reply["cursorStart"], reply["cursorEnd"]) == (["upper"], 11, 15)
    units = code.encode("utf-16-le")
    assert units[2 * reply["cursorStart"] : 2 * reply["cursorEnd"]].decode("utf-16-le") == "uppe"
    assert (await complete(page, "\U0001f642impor", 1))["cursorEnd"] == 0  # inside of a character
    told = await page.cell.inspect("'\U0001f642'; len(1)", 9)
    assert "Return the number of items" in told["data"]["text/plain"]


@pytest.mark.parametrize(
    "code", ["", "\ud83d", "len\ud83d.x", "\x00", "'", "(" * 300, "%%", "a.b" * 900]
)
async def test_any_text_has_a_reply(page: Page, code: str) -> None:
    for cursor in (None, -1, 0, 2, 10**9):
        reply = await complete(page, code, cursor)
        assert 0 <= reply["cursorStart"] <= reply["cursorEnd"] <= len(code)
        assert (await page.cell.inspect(code, cursor))["status"] == "ok"


async def test_what_is_known_of_a_name(page: Page) -> None:
    await page.run(SLOW)
    told = await page.cell.inspect("print(slow)", 8)
    assert told["found"]
    assert "What is slow." in told["data"]["text/plain"]
    assert set(told["data"]) == {"text/plain", "text/html"}
    within = await page.cell.inspect("print(1, 2", 10)
    assert "Prints the values" in within["data"]["text/plain"]
    for code in ("nothing", "evil.x", ""):
        assert await page.cell.inspect(code) == {
            "status": "ok",
            "found": False,
            "data": {},
            "metadata": {},
        }
