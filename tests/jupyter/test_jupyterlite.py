"""``%%ai`` in JupyterLite, against a real server. All tests share one notebook and its kernel."""

from __future__ import annotations

import json
import re
from itertools import count, pairwise
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, expect

from runt_pyodide.ai.record.read import read_turns
from runt_pyodide.ipynb import read_ipynb
from runt_pyodide.ipynb.write import write_ipynb
from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.state import Notebook
from tests.support.lab import INSTALL, Cell, Lab
from tests.support.notebook import logs
from tests.support.pictures import PNG, base64_of
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, ToolCall

TEXT = "The sky is **blue**, since air scatters short waves. " * 20
CONFIGURE = """from runt_pyodide import configure
configure("openai", base_url="{url}", api_key="sk-none-of-your-business", model="m")"""
TOOL = """from runt_pyodide import tool

@tool
def weather(city: str) -> str:
    \"\"\"The weather of a city.\"\"\"
    return f"Sunny in {city}"
"""


@pytest.fixture
def lab(shared_lab: Lab, llm_server: LLMServer) -> Lab:
    """OpenAI is the stand-in server."""
    assert shared_lab.run(CONFIGURE.format(url=llm_server.base_url)).error is None
    return shared_lab


def text_of(outputs: list[dict[str, dict[str, str]]]) -> str:
    return "".join("".join(one["data"].get("text/markdown", "")) for one in outputs)


def test_an_answer_streams_into_one_display_and_a_variable(lab: Lab, llm_server: LLMServer) -> None:
    llm_server.enqueue(Answer(TEXT, deltas=60, pace=0.03))
    cell = lab.run("%%ai -> answer\nWhy is the sky blue?")
    grown = list(dict.fromkeys(text_of(state) for state in lab.states()))
    assert cell.markdown == [TEXT]
    assert len([one for one in grown if one]) >= 10
    assert all(after.startswith(before) for before, after in pairwise(grown))
    assert lab.run(f"answer == {TEXT!r}").data == [{"text/plain": "True"}]


def test_an_answer_has_nothing_fetched(lab: Lab, llm_server: LLMServer) -> None:
    address = f"{llm_server.origin}/picture.png?what-was-read"
    llm_server.enqueue(Answer(f"![the sky]({address}) <img src='{address}'>\n\n`<img>`"))
    cell = lab.run("%%ai\nShow it.")
    expect(cell.shown.get_by_role("link", name="the sky")).to_be_visible()
    expect(cell.shown.locator("code")).to_have_text("<img>")
    expect(cell.shown.locator("img")).to_have_count(0)
    assert not [one for one in llm_server.requests if "picture" in one.path]


def test_a_tool_of_the_cell_before_is_called_after_a_click(lab: Lab, llm_server: LLMServer) -> None:
    assert lab.run(TOOL).error is None
    llm_server.enqueue(Answer("", deltas=0, tool_calls=(ToolCall("weather", '{"city": "Bern"}'),)))
    llm_server.enqueue(Answer("It is sunny."))
    cell = lab.start("%%ai\nWhat is the weather in Bern?")
    expect(cell.shown).to_contain_text("The model wants to call weather.")
    cell.shown.get_by_role("button", name="Allow once").click()
    cell.wait()
    assert cell.error is None
    expect(cell.shown).to_contain_text("You allowed this call of weather.")
    expect(cell.shown).to_contain_text("It is sunny.")
    first, second = llm_server.requests[-2:]
    assert "weather" in [tool["function"]["name"] for tool in first.json["tools"]]
    assert "Sunny in Bern" in second.json["messages"][-1]["content"]


def test_stop_in_mid_stream_closes_the_request(lab: Lab, llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Answer(TEXT, deltas=20, gate_after=5))
    cell = lab.start("%%ai -> stopped\nGo on.")
    expect(cell.shown).to_contain_text("scatters short waves")
    half = lab.saved()
    assert "<button" not in json.dumps(half)
    assert "sk-none" not in json.dumps(half["cells"][cell.place])
    cell.shown.get_by_role("button", name="Stop").click()
    assert exchange.wait_closed() == "closed_by_client"
    cell.wait()
    assert cell.error is not None
    assert cell.error["ename"].endswith("StoppedError'>")
    assert "was stopped" in "".join(cell.error["traceback"])
    assert cell.markdown[0].endswith("*Stopped.*")
    assert TEXT.startswith(cell.markdown[0].removesuffix("\n\n*Stopped.*"))
    with lab.opened_beside(half) as opened:
        expect(opened).to_contain_text("scatters short waves")
        expect(opened.get_by_role("button", name="Stop")).to_have_count(0)
    llm_server.enqueue(Answer("Here."))
    assert lab.run("%%ai\nStill there?").markdown == ["Here."]


def test_a_value_of_a_type(lab: Lab, llm_server: LLMServer) -> None:
    llm_server.enqueue(Answer('{"value": [1, 2, 3]}'))
    assert lab.run("%%ai -> primes: list[int]\nNumbers.").error is None
    assert lab.run("sum(primes)").data == [{"text/plain": "6"}]


def test_a_picture_and_sampling_settings_arrive(lab: Lab, llm_server: LLMServer) -> None:
    assert lab.run("configure('openai', vision=True)").error is None
    made = f"from base64 import b64decode\npixel = b64decode('{base64_of(PNG)}')"
    assert lab.run(made).error is None
    llm_server.enqueue(Answer("A grey pixel."))
    cell = lab.run("%%ai --image pixel --seed 7 --stop END\nWhat is this?")
    assert (cell.error, cell.markdown) == (None, ["A grey pixel."])
    body = llm_server.requests[-1].json
    assert (body["seed"], body["stop"]) == (7, ["END"])
    (url,) = [
        part["image_url"]["url"]
        for part in body["messages"][-1]["content"]
        if part["type"] == "image_url"
    ]
    assert url == f"data:image/png;base64,{base64_of(PNG)}"
    assert "no variable and no file 'nope'" in error_text(lab.run("%%ai --image nope\nHi"))


def test_cells_and_what_they_showed_are_context(lab: Lab, llm_server: LLMServer) -> None:
    lab.run("import asyncio\nawait asyncio.sleep(0)\nprint('printed', 40 + 2)")
    lab.run("from IPython.display import Markdown, display\ndisplay(Markdown('*shown*'))\n6 * 7")
    lab.run("1 / 0")
    llm_server.enqueue(Answer("I see."))
    lab.run("%%ai\nWhat now?")
    told = "\n".join(str(one["content"]) for one in llm_server.requests[-1].json["messages"])
    for part in ("printed 42", "*shown*", "6 * 7", "ZeroDivisionError: division by zero"):
        assert part in told


def test_the_model_runs_python_and_writes_the_next_cell(lab: Lab, llm_server: LLMServer) -> None:
    run = ToolCall("run_python", '{"source": "made = 6 * 7\\nprint(made)"}', id="call_run")
    create = ToolCall("create_cell", '{"source": "made + 1"}', id="call_create")
    llm_server.enqueue(Answer("", deltas=0, tool_calls=(run, create)))
    llm_server.enqueue(Answer("Done."))
    cell = lab.start("%%ai\nDo it.")
    expect(cell.shown).to_contain_text("print(made)")
    cell.shown.get_by_role("button", name="Allow once").click()
    cell.wait()
    assert cell.error is None
    assert "42" in llm_server.requests[-1].json["messages"][-2]["content"]
    assert lab.sources()[-1] == "made + 1"
    lab.run("%ai undo")
    assert lab.run("'made' in globals()").data == [{"text/plain": "False"}]


def test_a_magic_within_code_waits_where_the_browser_can(lab: Lab, llm_server: LLMServer) -> None:
    llm_server.enqueue(Answer("Here."))
    cell = lab.run("for _ in range(1):\n    get_ipython().run_cell_magic('ai', '', 'Hi')")
    assert (cell.error, cell.markdown) == (None, ["Here."])


def test_ask_and_its_stream(lab: Lab, llm_server: LLMServer) -> None:
    llm_server.enqueue(Answer("**Hi.**"))
    llm_server.enqueue(Answer(("a", "b", "c")))
    cell = lab.run("from runt_pyodide import ask\nawait ask('Hi')")
    assert cell.markdown == ["**Hi.**"]
    cell = lab.run("''.join([piece async for piece in ask.stream('Hi')])")
    assert cell.data == [{"text/plain": "'abc'"}]


def test_completion(lab: Lab) -> None:
    assert "--temperature" in lab.complete("%%ai openai/m --te")
    assert "explain" in lab.complete("%ai exp")


def error_text(cell: Cell) -> str:
    assert cell.error is not None
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(cell.error["traceback"]))


def test_bad_input_says_what_to_do(lab: Lab, llm_server: LLMServer) -> None:
    llm_server.missing.add("gpt-nope")
    said = error_text(lab.run("%%ai openai/gpt-nope\nHi"))
    assert said.startswith("ModelNotFoundError: ")
    assert "runt_pyodide.configure" in said
    assert "Traceback" not in said
    lab.run("configure({'providers': {'openai': {}}})")
    assert "configure('openai', api_key='sk-...')" in error_text(lab.run("%%ai\nHi"))
    assert "--system" in error_text(lab.run("%%ai --frob\nHi"))
    lab.run("%autoawait off")
    try:
        lab.run("configure('test', responses={'Hi': 'Hello.'})")
        assert lab.run("%%ai\nHi").markdown == ["Hello."]
    finally:
        lab.run("%autoawait on")


def test_a_saved_notebook_holds_runs_and_neither_buttons_nor_keys(
    lab: Lab, llm_server: LLMServer
) -> None:
    assert lab.run(TOOL).error is None
    llm_server.enqueue(Answer("", deltas=0, tool_calls=(ToolCall("weather", '{"city": "Oslo"}'),)))
    llm_server.enqueue(Answer("Rain."))
    lab.run("configure(tools={'weather': 'auto'})")
    assert lab.run("%%ai\nThe weather in Oslo?").error is None
    cell = lab.saved()["cells"][-1]
    outputs = json.dumps(cell["outputs"])
    assert "Stop" not in outputs
    assert "sk-none" not in outputs
    (run,) = (one["metadata"]["runt"]["run"] for one in cell["outputs"][:1])
    assert (run["provider"], run["model"], run["turns"]) == ("openai", "m", 2)
    assert [one["name"] for one in run["calls"]] == ["weather"]
    file = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
    ids = map(str, count())
    notebook = Notebook(read_ipynb(file, "me", lambda: next(ids)))
    (read,) = notebook.cells_in_order()
    turns = read_turns(notebook.outputs_of(read.id))
    assert [turn.role for turn in turns] == ["assistant", "tool", "assistant"]
    assert turns[-1].content == "Rain."


def exported(url: str) -> dict[str, Any]:
    """What the page exports, with an AI cell that has settings and an expression."""
    chosen = ev.AiSettingsChanged(
        cell_id="ai", provider="openai", model="m", settings=ev.AiSettings()
    )
    notebook = Notebook(
        [
            *logs.cell("one", "code", CONFIGURE.format(url=url), index="b"),
            *logs.cell("two", "code", "rows = [3, 5]", index="c"),
            *logs.cell("ai", "ai", "Who are {rows}?", index="d"),
            chosen,
            ev.CellMetadataSet(cell_id="ai", key="asking", value={"name": "answer"}),
            *logs.cell("last", "code", "answer", index="e"),
        ]
    )
    return cast("dict[str, Any]", json.loads(write_ipynb(notebook)))


def test_what_the_page_exports_runs_and_runs_again(
    browser: Browser, jupyterlite: str, llm_server: LLMServer
) -> None:
    notebook = exported(llm_server.base_url)
    with Lab.opened(browser, jupyterlite, notebook=notebook) as lab:
        llm_server.default = Answer("Here.")
        *_, asked, last = lab.run_all()
        assert (asked.error, asked.markdown, last.markdown) == (None, ["Here."], ["Here."])
        llm_server.default = Answer("Somebody else.")
        lab.restart_and_run_all()
        assert last.markdown == ["Somebody else."]
        first, second = llm_server.requests
        assert first.json["messages"][-1]["content"] == "Who are [3, 5]?"
        assert len(second.json["messages"]) == len(first.json["messages"])


def test_without_promise_integration(
    browser: Browser, jupyterlite: str, site: str, llm_server: LLMServer
) -> None:
    with Lab.opened(browser, jupyterlite, without_jspi=True) as lab:
        lab.run(INSTALL.format(site=site))
        lab.run(CONFIGURE.format(url=llm_server.base_url))
        can = lab.run("from pyodide.ffi import can_run_sync\ncan_run_sync()")
        assert can.data == [{"text/plain": "False"}]
        llm_server.enqueue(Answer(TEXT, deltas=60, pace=0.03))
        cell = lab.run("%%ai -> answer\nWhy is the sky blue?")
        assert (cell.error, cell.markdown) == (None, [TEXT])
        assert len({text_of(state) for state in lab.states()}) >= 10
        said = error_text(lab.run("get_ipython().run_cell_magic('ai', '', 'Hi')"))
        assert "await ask(...)" in said
