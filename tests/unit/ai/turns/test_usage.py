"""What a run has cost."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide import AIConfig, ProviderRegistry
from runt_pyodide.ai.candidate import Candidate
from runt_pyodide.ai.turns.usage import Account
from runt_pyodide.llm.messages import Usage
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.stages.ai_stage import AiStage, Reader, call, say
from tests.support.stages.wire import cell, request
from tests.support.stages.world import WireEvent


async def test_the_account_and_what_the_model_saw() -> None:
    counted = {"inputTokens": 100, "outputTokens": 7, "cachedTokens": 50}
    stage = AiStage({**call("list_cells"), "usage": counted}, {"text": "Done.", "usage": counted})
    stage.receive(*cell("a", "x = 1", index="b"))
    stage.open()
    await stage.run()
    last = stage.notebook.outputs_of("ai")[-1]
    assert last.metadata["anode"]["run"] == {
        "turns": 2,
        "tool_calls": 1,
        "duration_ms": 0,
        "usage": {"input_tokens": 200, "output_tokens": 14, "cached_tokens": 100},
        "first_token_ms": 0,
    }
    first = stage.notebook.outputs_of("ai")[0]
    sources = [entry["source"] for entry in first.metadata["anode"]["manifest"]["messages"]]
    assert sources == ["system", "tools", "a", "prompt"]
    explained = stage.agent.explain("ai")
    assert "### Turn 1" in explained
    assert "### Turn 2" in explained


def told_of(written: list[WireEvent]) -> dict[str, Any]:
    """Return what the events tell last of what the run "q" took, whatever became of its outputs."""
    told: dict[str, Any] = {}

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if "run" in value and value.get("run_id") == "q":
                told.update(value["run"])
            for one in value.values():
                look(one)

    for event in written:
        look(event["args"])
    return told


TURN = {"inputTokens": 100, "outputTokens": 7}


@pytest.mark.parametrize("fate", ["ends", "cleared", "deleted", "all cleared", "Python dies"])
@pytest.mark.parametrize("moment", ["turn", "call", "approval"])
async def test_what_was_spent_is_told_wherever_the_run_ended(moment: str, fate: str) -> None:
    policy = {"tools": {"execute_cell": "ask" if moment == "approval" else "auto"}}
    reader = Reader()
    turns = [
        {**call("read_cell", cellId="a"), "usage": TURN},
        {"text": "Hm.", "delay": 3600.0}
        if moment == "turn"
        else {**call("execute_cell", cellId="a"), "usage": TURN},
    ]
    stage = AiStage(*turns, config=policy, executors={"code": reader})
    stage.receive(*cell("a", "x", index="b"))
    stage.open()
    written = await stage.run()
    happens = {
        "cleared": ("v1.CellOutputsCleared", {"cellId": "ai", "wait": False, "clearedBy": "me"}),
        "all cleared": ("v1.AllOutputsCleared", {"clearedBy": "me"}),
        "deleted": ("v1.CellDeleted", {"id": "ai"}),
    }
    if fate in happens:
        stage.receive(happens[fate])
    if fate != "Python dies":
        await stage.agent.interrupt()
        written += await stage.settle()
    ended = 1 if moment == "turn" else 2
    assert told_of(written)["usage"]["input_tokens"] == ended * 100


@pytest.mark.parametrize("way", ["interrupted", "stopped", "deleted", "limited"])
async def test_a_run_that_is_ended_before_anything_came_has_an_account(way: str) -> None:
    limits = {"limits": {"seconds": 0.01}} if way == "limited" else {}
    stage = AiStage({"text": "Hm.", "delay": 3600.0}, config=limits)
    stage.open()
    written = await stage.run()
    if way == "interrupted":
        await stage.agent.interrupt()
    elif way == "stopped":
        ids = {"queueId": "q", "cellId": "ai"}
        stage.receive(("v1.ExecutionCancelled", {**ids, "cancelledBy": "me", "reason": "so"}))
    elif way == "deleted":
        stage.receive(("v1.CellDeleted", {"id": "ai"}))
    while stage.notebook.executions["q"].is_open:
        written += await stage.settle()
    told = told_of(written + await stage.settle())
    assert (told["turns"], told["tool_calls"]) == (1, 0)
    assert "usage" not in told
    assert ("limit" in told) == (way == "limited")
    shown = stage.notebook.outputs_of("ai")
    assert [(one.kind, one.text) for one in shown if one.kind != "error"] == (
        [] if way == "deleted" else [("markdown", "")]
    )


async def test_a_stopped_run_without_an_answer_can_be_continued() -> None:
    stage = AiStage({"text": "Hm.", "delay": 3600.0})
    stage.open("What now?")
    await stage.run()
    await stage.agent.interrupt()
    await stage.settle()
    await stage.run("again")
    [sent, again] = stage.provider.requests
    assert [one.role for one in again.messages] == [one.role for one in sent.messages]


async def test_the_calls_of_a_run_are_its_own() -> None:
    inner = [call("list_cells"), call("read_cell", cellId="ai"), say("Done.")]
    turns = [call("read_cell", cellId="in"), call("execute_cell", cellId="in"), say("Done.")]
    stage = AiStage(
        responses=[{"prompt": "Inner.", "turns": inner}, {"pattern": "", "turns": turns}],
        config={"tools": {"execute_cell": "auto"}},
    )
    stage.receive(*cell("in", "Inner.", "ai", index="z"))
    stage.open()
    await stage.run()
    counted = {
        cell_id: stage.notebook.outputs_of(cell_id)[-1].metadata["anode"]["run"]["tool_calls"]
        for cell_id in ("in", "ai")
    }
    assert counted == {"in": 2, "ai": 2}


def answer(*choices: str, prompt_tokens: int) -> Scripted:
    counted = f'{{"choices":[],"usage":{{"prompt_tokens":{prompt_tokens},"completion_tokens":0}}}}'
    records = [f"data: {one}\n\n" for one in (*choices, counted, "[DONE]")]
    return Scripted(pieces=["".join(records).encode()])


EMPTY = '{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}]}'
CUT = '{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}'


@pytest.mark.parametrize("first", [EMPTY, CUT])
@pytest.mark.parametrize(("in_vain", "price"), [(1, 0.225), (2, 0.3)])  # then another is asked
async def test_an_attempt_in_vain_was_spent_too(first: str, in_vain: int, price: float) -> None:
    given = {"type": "openai", "model": "gpt-4o-mini", "apiKey": "k", "api": "chat"}
    free = {**given, "baseUrl": "http://localhost:8080/v1"}
    config = AIConfig.read({"providers": {"one": given, "two": free}, "fallback": ["two"]})
    good = '{"choices":[{"index":0,"delta":{"content":"Hi."},"finish_reason":"stop"}]}'
    answers = [answer(first, prompt_tokens=1_000_000)] * in_vain
    answers.append(answer(good, prompt_tokens=500_000))
    stage = AiStage()
    stage.agent.providers = ProviderRegistry.from_config(config, ScriptedTransport(answers))
    stage.open()
    await stage.run()
    account = stage.notebook.outputs_of("ai")[-1].metadata["anode"]["run"]
    assert account["turns"] == 1
    assert account["usage"]["input_tokens"] == in_vain * 1_000_000 + 500_000
    assert account["price_usd"] == price


async def test_a_run_that_only_failed_tells_what_was_counted() -> None:
    given = {"type": "openai", "model": "gpt-4o-mini", "apiKey": "k", "api": "chat"}
    config = AIConfig.read({"providers": {"one": given}})
    answers = [answer(EMPTY, prompt_tokens=1_000_000)] * 2
    stage = AiStage()
    stage.agent.providers = ProviderRegistry.from_config(config, ScriptedTransport(answers))
    stage.open()
    told = told_of(await stage.run())
    assert stage.notebook.executions["q"].outcome == "error"
    assert told["price_usd"] == 0.3


async def test_a_run_that_goes_on_after_a_reload_counts_what_it_took_before() -> None:
    policy = {"limits": {"turns": 3}}
    turns = [
        {**call("read_cell", cellId="a"), "usage": TURN},
        {**call("delete_cell", cellId="a"), "usage": TURN},
        {**call("list_cells"), "usage": TURN},
        say("Never."),
    ]
    first = AiStage(*turns, config=policy)
    log = [*cell("a", "x", index="b"), *cell("ai", "Do it.", "ai"), request("q", "ai")]
    first.receive(*log)
    first.agent.start()
    written = await first.settle()
    later = AiStage(*turns, config=policy, session_id="later", world=first.world)
    later.receive(*log, *written)
    later.respond("call_2")
    later.agent.start()
    told = told_of(await later.settle())
    assert (told["turns"], told["tool_calls"], told["usage"]["input_tokens"]) == (3, 3, 300)
    assert told["limit"].startswith("The run reached its limit of 3 turns.")
    iterations = [
        one.metadata["anode"]["iteration"] for one in later.notebook.outputs_of("ai")[:-1]
    ]
    assert iterations == sorted(iterations)
    assert iterations[-1] == 3


COUNTED = (
    b'data: {"choices":[{"index":0,"delta":{"content":"Hi."},"finish_reason":"stop"}],'
    b'"usage":{"prompt_tokens":1000000,"completion_tokens":0}}\n\ndata: [DONE]\n\n'
)


@pytest.mark.parametrize(
    ("settings", "price"),
    [
        ({"apiKey": "k", "api": "chat"}, 0.15),
        ({"baseUrl": "http://localhost:8080/v1"}, None),
        ({"preset": "openai", "apiKey": "k", "baseUrl": "https://proxy.example/v1"}, None),
        ({"preset": "groq", "apiKey": "k"}, None),
    ],
)
async def test_a_server_of_one_s_own_has_no_prices(
    settings: dict[str, Any], price: float | None
) -> None:
    stage = AiStage()
    given = {"type": "openai", "model": "gpt-4o-mini", **settings}
    config = AIConfig.read({"providers": {"one": given}})
    transport = ScriptedTransport([Scripted(pieces=(COUNTED,))])
    stage.agent.providers = ProviderRegistry.from_config(config, transport)
    stage.open()
    await stage.run()
    run = stage.notebook.outputs_of("ai")[-1].metadata["anode"]["run"]
    assert run["usage"]["input_tokens"] == 1_000_000
    assert run.get("price_usd") == price


COUNT = Usage(input_tokens=1_000_000, output_tokens=0)


@pytest.mark.parametrize(
    ("turns", "price", "unpriced"),
    [
        ([("gpt-4o-mini", COUNT), ("gpt-4o-mini", COUNT)], 0.3, ()),
        ([("gpt-4o-mini", COUNT), ("news", COUNT)], 0.15, ("news",)),
        ([("news", COUNT), ("gpt-4o-mini", COUNT), ("news", COUNT)], 0.15, ("news",)),
        ([("gpt-4o-mini", COUNT), ("gpt-4o-mini", None)], 0.15, ("gpt-4o-mini",)),
        ([("a", COUNT), ("b", None)], None, ()),
        ([], None, ()),
    ],
)
def test_a_turn_of_unknown_price_does_not_hide_the_others(
    turns: list[tuple[str, Usage | None]], price: float | None, unpriced: tuple[str, ...]
) -> None:
    openai = ProviderRegistry.from_config(
        AIConfig.read({"providers": {"openai": {"api_key": "k"}}}), ScriptedTransport([])
    ).require("openai")
    account = Account(began=0)
    for model, usage in turns:
        account.add_turn(Candidate(openai, model), usage, 0, None, 1)
    closed = account.until(1)
    assert closed.price_usd == price
    assert closed.unpriced == unpriced
