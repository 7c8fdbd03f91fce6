"""``ask`` in Pyodide's own console, which has no IPython and no displays."""

from __future__ import annotations

from typing import Any

from pytest_pyodide import run_in_pyodide

from tests.support.server.cors import Cors
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, ToolCall


@run_in_pyodide
async def type_in(selenium: Any, lines: list[str]) -> list[list[str]]:
    """Type these lines into a console; what each gives: "ok" and its repr, or "error" and its
    last line."""
    from pyodide.console import PyodideConsole

    console = PyodideConsole()
    given = []
    for line in lines:
        future = console.push(line)
        try:
            value = await future
        except BaseException:  # noqa: BLE001 -- the console has formatted it
            given.append(["error", future.formatted_error.strip().splitlines()[-1]])
        else:
            given.append(["ok", repr(value)])
    return given


def test_a_person_at_the_console(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.cors = Cors()
    llm_server.enqueue(Answer("Hi."))
    llm_server.enqueue(Answer(("a", "b")))
    llm_server.enqueue(Answer('{"value": [1, 2]}'))
    llm_server.enqueue(Answer("", deltas=0, tool_calls=(ToolCall("double", '{"x": 21}'),)))
    llm_server.enqueue(Answer("42."))
    url = llm_server.base_url
    given = type_in(
        selenium_runt,
        [
            "from runt_pyodide import ask, configure",
            "await ask('Hi')",
            f"configure('openai', base_url='{url}', api_key='sk-secret', model='m')",
            "await ask('Hi')",
            "''.join([piece async for piece in ask.stream('Hi')])",
            "await ask('Hi', returns=list[int])",
            "double = lambda x: 2 * x",
            "double.__name__ = 'double'",
            "await ask('Twice 21?', tools=[double])",
        ],
    )
    assert "no API key" in given[1][1]
    assert "configure('openai', api_key=" in given[1][1]
    assert [one for one in given if one[0] == "error"] == given[1:2]
    values = [given[at][1] for at in (3, 4, 5, 8)]
    assert values == ["'Hi.'", "'ab'", "[1, 2]", "'42.'"]
    last = llm_server.requests[-1].json["messages"]
    assert "42" in last[-1]["content"]
    assert len(llm_server.requests[1].json["messages"]) > len(
        llm_server.requests[0].json["messages"]
    )


@run_in_pyodide
async def leave_early(selenium: Any, url: str) -> str:
    from runt_pyodide import ask, configure

    configure("openai", base_url=url, api_key="sk-secret", model="m")
    async for piece in ask.stream("Hi"):
        return piece
    return ""


def test_to_leave_a_stream_closes_the_connection(selenium_runt: Any, llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Answer(("first ", "second"), gate_after=1))
    assert leave_early(selenium_runt, llm_server.base_url) == "first "
    assert exchange.wait_closed() == "closed_by_client"
