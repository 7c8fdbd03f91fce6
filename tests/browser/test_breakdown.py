"""Pythons that really break down, in whatever way: each execution ends, once, and says why."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser.demo import add_code, add_prompt, expect_state, expect_status, start
from tests.support.browser.fixtures import OpenPage
from tests.support.browser.runtime import (
    completion,
    error_of,
    request,
    runtime_in,
    text_of,
    wait_for_output,
)

# Nothing is left in a broken Python that could catch what it throws.
pytestmark = pytest.mark.page_errors_expected

DEATHS = {
    "import os; os._exit(3)": "The code ended Python",
    "import ctypes; ctypes.string_at(2**31)": "Python crashed",
    "from pyodide_js import _api; _api.fatal_error(Exception('torn'))": "Python crashed",
    "import js; js.close()": "ended without a word",
}
KILLS = "import os; os._exit(3)"
ENDS = """(queue) => events.filter(({ name, args }) =>
  /Execution(Completed|Cancelled)$/.test(name) && args.queueId === queue).map(({ args }) => args)"""
STATUS = "(status) => runtime.status === status"
# On a slow machine four starts take more than the minute in which breakdowns are counted.
NO_TIME_PASSES = "performance.now = () => 0"
A_MINUTE_PASSES = "performance.now = ((now) => () => now + 60_001)(performance.now())"
# An embedder cannot reach the worker; the browser, which ends it for want of memory, can.
WORKERS = """globalThis.workers = [];
globalThis.Worker = class extends Worker {
  postMessage(message, transfer) {
    if (message.type === "boot") workers.push(this); // the other one asks services
    super.postMessage(message, transfer);
  }
};"""


def ends_of(page: Page, queue: str) -> list[dict[str, Any]]:
    ends: list[dict[str, Any]] = page.evaluate(ENDS, queue)
    return ends


def wait_for_session(page: Page, after: str) -> str:
    page.wait_for_function(
        "(after) => runtime.status === 'ready' && runtime.sessionId !== after", arg=after
    )
    session: str = page.evaluate("runtime.sessionId")
    return session


def test_whatever_breaks_python_ends_the_cell_and_what_waits_is_run(
    context: BrowserContext, site: str
) -> None:
    with runtime_in(context, site) as page:
        for death, why in DEATHS.items():
            session = page.evaluate("runtime.sessionId")
            cell, queue = request(
                page, death + "\nimport asyncio\nawait asyncio.sleep(3600)", "code"
            )
            waiting = request(page, "print('alive')", "code")
            end = completion(page, queue)
            assert end["status"] == "error", death
            assert why in str(end["error"]), death
            assert "The variables are lost" in str(end["error"])
            wait_for_session(page, session)
            assert error_of(page, cell)["evalue"], death
            assert completion(page, waiting[1])["status"] == "success"
            assert text_of(page, waiting[0]) == "alive\n"
            for one in (queue, waiting[1]):
                assert len(ends_of(page, one)) == 1, death
            page.evaluate(A_MINUTE_PASSES)  # the breakdowns are counted anew


def test_python_that_breaks_down_again_and_again_stays_down_until_it_is_asked_for(
    context: BrowserContext, site: str
) -> None:
    context.add_init_script(NO_TIME_PASSES)
    with runtime_in(context, site) as page:
        doomed = [request(page, KILLS, "code") for _ in range(5)]
        page.wait_for_function(STATUS, arg="failed")
        assert "broke down 4 times within a minute" in page.evaluate("runtime.reason")
        for cell, queue in doomed[:4]:
            assert [end["status"] for end in ends_of(page, queue)] == ["error"]
            assert "The code ended Python" in error_of(page, cell)["evalue"]
        [end] = ends_of(page, doomed[4][1])
        assert end["reason"].startswith("Not run: The code ended Python")
        later = request(page, "1", "code")
        page.wait_for_function(f"(queue) => ({ENDS})(queue).length > 0", arg=later[1])
        assert "Restart Python, then run the cell again." in ends_of(page, later[1])[0]["reason"]
        page.evaluate("runtime.restart()")
        assert completion(page, request(page, "1", "code")[1])["status"] == "success"
        assert len(ends_of(page, doomed[3][1])) == 1


def test_a_worker_that_is_ended_while_it_starts_fails_the_start_and_can_be_asked_for_again(
    context: BrowserContext, site: str
) -> None:
    context.add_init_script(WORKERS)
    with runtime_in(context, site) as page:
        session = page.evaluate("runtime.sessionId")
        cell, queue = request(
            page, "import time\nprint('on', flush=True)\ntime.sleep(3600)", "code"
        )
        wait_for_output(page, cell)
        page.evaluate("workers.at(-1).terminate()")
        assert "ended without a word" in str(completion(page, queue)["error"])
        wait_for_session(page, session)
        page.evaluate("void (globalThis.told = runtime.restart().catch(String))")
        later = request(page, "1", "code")
        page.wait_for_function("workers.length === 3")
        page.evaluate("workers.at(-1).dispatchEvent(new ErrorEvent('error', {message: 'torn'}))")
        assert page.evaluate("told") == "RuntimeStartError: Python could not be started: torn."
        assert page.evaluate("runtime.status") == "failed"
        assert ends_of(page, later[1])[0]["reason"].startswith("Not run: Python could not be")
        page.evaluate("runtime.restart()")
        assert completion(page, request(page, "1", "code")[1])["status"] == "success"


def test_a_stopped_runtime_leaves_nothing_open(context: BrowserContext, site: str) -> None:
    with runtime_in(context, site) as page:
        busy = request(page, "while True: pass", "code")
        waiting = request(page, "1", "code")
        page.wait_for_function(STATUS, arg="busy")
        page.evaluate("runtime.stop()")
        for _, queue in (busy, waiting):
            assert len(ends_of(page, queue)) == 1


ECHO = """
from runt_pyodide import AIProvider, register_provider_type
from runt_pyodide.llm.messages import FinishDelta, TextDelta
from runt_pyodide.llm.settings import ProviderSettings

class Echo(AIProvider):
    models = ("echo-1",)
    def __init__(self, name, settings, transport): self.name = name
    async def execute_prompt_stream(self, request):
        yield TextDelta(request.messages[-1].content)
        yield FinishDelta("stop")

register_provider_type("echo", ProviderSettings, Echo)
"""


def test_a_provider_whose_type_a_cell_registers_outlives_a_restart(
    context: BrowserContext, site: str
) -> None:
    with runtime_in(context, site) as page:
        assert completion(page, request(page, ECHO, "code")[1])["status"] == "success"
        page.evaluate("runtime.configure({ defaultProvider: 'echo', providers: { echo: {} } })")
        assert completion(page, request(page, "Hello.")[1])["status"] == "success"
        page.evaluate("runtime.restart()")
        end = completion(page, request(page, "And now?")[1])
        assert "Run the cell that registers the type" in str(end["error"])
        for said in ("Again.", "Louder."):
            echo = ECHO.replace("content)", f"content + {said!r})")
            assert completion(page, request(page, echo, "code")[1])["status"] == "success"
            cell, queue = request(page, "And now?")
            assert completion(page, queue)["status"] == "success"
            assert f"And now?{said}" in text_of(page, cell)


def test_the_page_says_why_python_is_gone_and_asks_no_model_unasked(
    context: BrowserContext, open_page: OpenPage
) -> None:
    context.add_init_script(NO_TIME_PASSES)
    page = open_page()
    cells = [add_code(page, KILLS) for _ in range(4)]
    prompt = add_prompt(page, "Why?")
    for cell in cells:
        start(cell)
    start(prompt)
    expect_status(page, "failed")
    banner = page.get_by_test_id("banner")
    expect(banner).to_have_attribute("role", "alert")
    expect(banner).to_contain_text("The code ended Python")
    expect(banner).to_contain_text("it was not restarted again")
    page.mouse.wheel(0, 4000)
    expect(banner).to_be_in_viewport()
    for cell in cells:
        expect_state(cell, "error")
        expect(cell.get_by_test_id("error")).to_contain_text("The code ended Python")
    expect_state(prompt, "cancelled")
    expect(prompt.get_by_test_id("left-out")).to_contain_text(
        "A model is not asked again without you"
    )
    page.get_by_test_id("try-again").focus()
    page.keyboard.press("Enter")
    expect_status(page)
    expect(banner).to_have_count(0)
    prompt.get_by_test_id("run-rest").click()
    expect_state(prompt)
