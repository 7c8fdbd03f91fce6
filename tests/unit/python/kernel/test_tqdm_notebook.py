"""The bar of tqdm.notebook as text: real tqdm, by its real name."""

from __future__ import annotations

import re

import pytest

from tests.support.stages.python_page import Page

pytestmark = pytest.mark.usefixtures("own_modules")


async def test_a_bar_for_notebooks_is_text_that_moves_in_its_own_place(page: Page) -> None:
    await page.run(
        "from tqdm.notebook import tqdm, trange\n"
        "for i in tqdm(range(3), desc='outer'):\n"
        "    for j in trange(3, leave=False): pass\n"
        "    print(i)"
    )
    outer, *inner = page.shown()
    assert re.match(r"outer: 100%\|", outer["text/plain"])
    assert inner == [{}, {}, {}]
    assert page.printed() == "0\n1\n2\n"
    first = next(e for e in page.events if e["name"] == "v1.MultimediaDisplayOutputAdded")
    assert "0/3" in first["args"]["representations"]["text/plain"]["data"]


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("tqdm(range(3), disable=True)", 0),
        ("tqdm(range(3), display=False)", 0),
        ("bar = tqdm([1] * 3, display=False)\ndisplay(bar.container)\nfor i in bar: pass", 1),
        ("tqdm(range(3), delay=1000)", 0),
        ("import sys\nbar = tqdm(total=3, file=sys.stdout)\nbar.update(3)\nbar.close()", 1),
        ("tqdm.pandas", 0),
    ],
)
async def test_the_options_of_a_bar(page: Page, source: str, count: int) -> None:
    loop = f"for i in {source}: pass" if source.startswith("tqdm(") else source
    await page.run(f"from tqdm.notebook import tqdm\n{loop}")
    assert len([one for one in page.shown() if "3/3" in one.get("text/plain", "")]) == count


async def test_a_bar_that_ends_in_an_error_keeps_where_it_was(page: Page) -> None:
    await page.run(
        "from tqdm.notebook import tqdm\n"
        "try:\n    for i in tqdm(range(3), mininterval=0):\n        if i == 2: raise KeyError\n"
        "except KeyError: pass"
    )
    assert "2/3" in page.shown()[0]["text/plain"]
