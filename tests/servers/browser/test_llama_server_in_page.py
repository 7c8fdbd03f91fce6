"""llama.cpp's server, asked by the page in Chromium: by AI cells, and by `ask` in Python cells."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.demo import add_code, add_prompt, expect_state, run, start
from tests.support.real_servers.page import answer_length, answer_of, expect_longer_answer, use
from tests.support.real_servers.plays import CREATED, PLAYS
from tests.support.real_servers.process import ServerProcess

apis = pytest.mark.parametrize("api", ["chat", "responses"])
# As Markdown shows it.
SHOWN = "Gr\u00fc\u00dfe aus \u5317\u4eac, \U0001f642!"

REPAIRED = """
from typing import Annotated
from pydantic import AfterValidator
from runt_pyodide import ask, configure

def be_even(number: int) -> int:
    if number % 2:
        raise ValueError("it must be even")
    return number

configure({{"providers": {{"openai": {{"base_url": "{url}", "api": "{api}", "model": "play"}}}}}})
print("given:", await ask("[even]", returns=Annotated[int, AfterValidator(be_even)]))
"""


@apis
def test_two_cells_one_after_the_other(notebook: Page, play: ServerProcess, api: str) -> None:
    use(notebook, play, api=api, model="play")
    first, second = add_prompt(notebook, "[hello]"), add_prompt(notebook, "[again]")
    run(first)
    expect(answer_of(first)).to_contain_text(SHOWN)
    run(second)
    expect(answer_of(second)).to_have_text(PLAYS["again"][0])


@apis
def test_two_calls_at_once(notebook: Page, play: ServerProcess, api: str) -> None:
    use(notebook, play, api=api, model="play")
    cell = add_prompt(notebook, "[two-cells]")
    run(cell)
    expect(answer_of(cell)).to_have_text(CREATED)
    calls = cell.get_by_test_id("tool-call")
    expect(calls).to_have_count(2)
    assert [one.get_attribute("data-state") for one in calls.all()] == ["success", "success"]
    made = notebook.locator("[data-cell-type=code]")
    expect(made).to_have_count(2)
    shown = {one.get_by_test_id("source").inner_text() for one in made.all()}
    assert shown == {"a = 1\nprint(a)", "b = 2"}
    # The calls go back with the next cell's prompt.
    following = add_prompt(notebook, "[hello]")
    run(following)
    expect(answer_of(following)).to_contain_text(SHOWN)


@apis
def test_a_typed_answer_is_repaired(notebook: Page, play: ServerProcess, api: str) -> None:
    cell = add_code(notebook, REPAIRED.format(url=play.base_url, api=api).strip())
    run(cell)
    expect(cell.get_by_test_id("outputs")).to_contain_text("given: 4")


def test_a_model_is_chosen_from_its_list(notebook: Page, play: ServerProcess) -> None:
    use(notebook, play)
    cell = add_prompt(notebook, "[hello]")
    run(cell)
    expect(answer_of(cell)).to_contain_text(SHOWN)


def test_a_prompt_beyond_the_window_is_shortened(notebook: Page, smollm2: ServerProcess) -> None:
    """Six long cells in a window of 4,096 tokens."""
    use(notebook, smollm2, model="smollm2", timeout=600)
    for number in range(6):
        long = f"print(' '.join(str({number} * 1000 + n) for n in range(700)))"
        run(add_code(notebook, long))
    cell = add_prompt(notebook, "Say hello in one short sentence.")
    start(cell)
    expect_longer_answer(cell)


@apis
def test_a_server_killed_in_mid_answer_is_continued(
    notebook: Page, smollm2: ServerProcess, api: str
) -> None:
    use(notebook, smollm2, model="smollm2", api=api)
    cell = add_prompt(notebook, "Tell a long story about a wolf, a fox and a bear in the woods.")
    start(cell)
    expect(answer_of(cell)).to_contain_text(" ")
    smollm2.kill()
    try:
        expect_state(cell, "error")
        begun = answer_length(cell)
        assert begun
    finally:
        smollm2.start()
    cell.get_by_test_id("continue").click()
    expect_longer_answer(cell, begun)
