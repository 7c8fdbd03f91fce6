"""Services that refuse what breaks their rules: a notebook's cells are answered by each of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.llm.openai.presets import PRESETS
from tests.support.services.checks import check
from tests.support.services.notebook import CELLS
from tests.support.services.rules import RULES, Asked
from tests.support.services.run import Cells, Outcome
from tests.support.services.setups import make_config
from tests.support.services.strict import CALLS, StrictService, open_service, read_services

NAMES = [*read_services()]


async def run_notebook(name: str, *cells: dict[str, Any]) -> Outcome:
    """Run the cells of a notebook, with the service of that name beside one elsewhere."""
    service = open_service(name, "elsewhere")
    elsewhere = service.elsewhere.about["settings"]  # type: ignore[union-attr]
    providers = {"asked": service.about["settings"], "elsewhere": elsewhere}
    notebook = Cells(service, make_config({"providers": providers}))
    for cell in cells:
        if notebook.outcome.error is None:
            service.refused.clear()
            notebook.write("x = 1")
            notebook.write("y = 2")
            await notebook.ask(**cell)
    return notebook.outcome


async def expect(outcome: Outcome, runs: int, elsewhere: int = 0) -> None:
    """The service answers so many cells that call tools, after as many of another service."""
    service = outcome.service
    assert isinstance(service, StrictService)
    ran = [*map(list, CALLS)] * (elsewhere + runs * service.can_call)
    told = service.about.get("told", "")
    assert check(outcome, {"text": "ok", "ran": ran, "told": told}) == []
    assert service.refused == [], "what was learnt is known to the last cell"


@pytest.mark.parametrize("name", NAMES)
async def test_each_cell_is_answered(name: str) -> None:
    outcome = await run_notebook(name, *CELLS)
    await expect(outcome, 2)
    assert outcome.value == 5


@pytest.mark.parametrize("name", NAMES)
async def test_a_cell_below_one_of_another_service(name: str) -> None:
    """And what the other one said beside its answer goes to nobody else."""
    before = {**CELLS[0], "provider": "elsewhere"}
    cells = (before, CELLS[1], CELLS[2], CELLS[0], CELLS[0])
    outcome = await run_notebook(name, *cells)
    await expect(outcome, 2, elsewhere=1)
    own = outcome.service.chats[2:]
    assert "ELSE" not in str([one.body for one in own]) or name == "elsewhere"


async def test_a_picture_that_the_server_cannot_see_is_left_out_and_told() -> None:
    cells = [{"prompt": "What is it?", "images": 1}, {"prompt": "And now?", "images": 1}]
    outcome = await run_notebook("llamacpp-without-projector", *cells)
    assert check(outcome, {"text": "ok", "told": "image|picture", "waits": []}) == []
    assert len(outcome.service.chats) == 3, "what was learnt is known"


KINDS = st.sampled_from([*CELLS, {**CELLS[0], "provider": "elsewhere"}, {"prompt": "More."}])


@given(name=st.sampled_from(NAMES), cells=st.lists(KINDS, min_size=2, max_size=5))
async def test_any_notebook(name: str, cells: list[dict[str, Any]]) -> None:
    outcome = await run_notebook(name, *cells)
    assert check(outcome, {}) == []
    assert outcome.text == ('{"value": 5}' if "returns" in cells[-1] else "ok")


def test_each_preset_has_a_strict_service() -> None:
    named = {about["settings"].get("preset") for about in read_services().values()}
    assert named - {None} == {*PRESETS}


CALL = {"id": "abcdefghi", "type": "function", "function": {"name": "f", "arguments": "{}"}}
GOOD: list[dict[str, Any]] = [
    {"role": "user", "content": "a"},
    {"role": "assistant", "content": "b", "reasoning_content": "hm"},
]


def messages(*more: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [GOOD[0], *more]}


def calling(**call: Any) -> dict[str, Any]:
    """Return a body with a call and its result."""
    made = {**CALL, **call}
    said = {"role": "assistant", "content": "b", "tool_calls": [made]}
    return messages(said, {"role": "tool", "tool_call_id": made["id"], "content": "c"})


def offering(**function: Any) -> dict[str, Any]:
    return {**messages(), "tools": [{"function": {"name": "f", **function}}]}


ITEM = {"type": "function_call", "call_id": "c", "arguments": "{}"}
# A body that breaks each rule; what breaks none is KEPT.
BROKEN: dict[str, dict[str, Any]] = {
    "tools": offering(),
    "a system role": messages({"role": "system", "content": "s"}),
    "a developer role": messages({"role": "developer", "content": "s"}),
    "roles that do not alternate": messages(GOOD[0]),
    "a user after a tool": {"messages": [*calling()["messages"], GOOD[0]]},
    "an assistant at the end": messages(GOOD[1]),
    "results that do not follow": messages({**GOOD[1], "tool_calls": [CALL]}, GOOD[0]),
    "items that do not follow": {"input": [ITEM]},
    "an answer without type": {"input": [{"role": "assistant", "content": "a"}]},
    "broken arguments": calling(function={"name": "f", "arguments": "{"}),
    "calls without signature": calling(),
    "calls without thinking": calling(),
    "answers without thinking": messages({"role": "assistant", "content": "b"}, GOOD[0]),
    "calls without tools": calling(),
    "ids of another form": calling(id="call_1"),
    "names of another form": offering(name="größe"),
    "references in schemas": offering(parameters={"$ref": "#/$defs/A"}),
    "unknown fields in messages": messages(GOOD[1]),
    "null content": messages({"role": "assistant", "content": None}),
    "empty content": messages({"role": "assistant", "content": ""}),
    "pictures": {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
    "a response format": {**messages(), "response_format": {}},
    "a response format beside tools": {**offering(), "response_format": {}},
    "a stream": {**messages(), "stream": True},
    "stream_options": {**messages(), "stream_options": {}},
    "temperature": {**messages(), "temperature": 0},
    "stop": {**messages(), "stop": ["x"]},
    "max_tokens": {**messages(), "max_tokens": 1},
    "max_completion_tokens": {**messages(), "max_completion_tokens": 1},
    "no api-key": {},
    "no api-version": {},
    "no key": {},
    "headers of one's own": {},
}
HEADERS = {"authorization": "Bearer sk-x", "api-key": "sk-x"}
KEPT = Asked(messages(), HEADERS, {"api-version": "1"})


@pytest.mark.parametrize("name", RULES)
def test_each_rule_refuses_what_breaks_it_and_nothing_else(name: str) -> None:
    headers = {"x-own": "1"} if name == "headers of one's own" else {}
    assert RULES[name](Asked(BROKEN[name], headers))
    assert not RULES[name](KEPT)


def test_each_rule_that_a_service_has_is_known() -> None:
    used = {rule["breaks"] for about in read_services().values() for rule in about["refuses"]}
    assert used <= {*RULES}
