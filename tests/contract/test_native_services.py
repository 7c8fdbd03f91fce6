"""Services that are spoken to in their own language: a notebook's cells are answered by each of
them, whatever it refuses, and so are cells and calls that another service answered before."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.llm.transport.base import Request, Response
from runt_pyodide.llm.transport.scripted import ScriptedTransport
from tests.support.services.answers import told
from tests.support.services.native.anthropic import MODELS as CLAUDES
from tests.support.services.native.anthropic import AnthropicService
from tests.support.services.native.gemini import MODELS as GEMINIS
from tests.support.services.native.gemini import SKIP, GeminiService
from tests.support.services.native.kinds import KINDS
from tests.support.services.native.service import CALLS, NativeService
from tests.support.services.notebook import CELLS
from tests.support.services.run import Cells
from tests.support.services.strict import StrictService, open_service

OPAQUE = ("signature", "thoughtSignature", "ENC", "extra_content", "reasoning_details")
RAN = [*map(list, CALLS)]


def settings_of(model: str) -> dict[str, Any]:
    return {"type": KINDS[model][1], "api_key": "sk-secret", "model": model}


def open_notebook(model: str, piece: int | None = None) -> Cells:
    config = {"providers": {"asked": settings_of(model)}, "default_provider": "asked"}
    return Cells(KINDS[model][0](model, piece), config)  # type: ignore[arg-type]


async def run(notebook: Cells, *cells: dict[str, Any], effort: str | None = None) -> list[Any]:
    """Return what the cells answered."""
    said = []
    for cell in cells:
        notebook.write("x = 1")
        settings = {**cell.get("settings", {}), "reasoning_effort": effort}
        await notebook.ask(**{**cell, "settings": settings})
        assert notebook.outcome.error is None
        said.append(notebook.outcome.value if "returns" in cell else notebook.outcome.text)
    return said


@pytest.mark.parametrize("piece", [None, 1, 11])
@pytest.mark.parametrize("effort", [None, "none", "high"])
@pytest.mark.parametrize("model", KINDS)
async def test_each_cell_is_answered(model: str, effort: str | None, piece: int | None) -> None:
    notebook = open_notebook(model, piece)
    assert await run(notebook, *CELLS, effort=effort) == ["ok", "ok", "ok", 5, 5, "ok"]
    assert notebook.outcome.ran == RAN * 2
    assert notebook.outcome.service.refused == []  # type: ignore[attr-defined]


EFFORTS = st.sampled_from([None, "none", "low", "max"])


@given(model=st.sampled_from([*KINDS]), cells=st.lists(st.sampled_from(CELLS), max_size=5))
async def test_any_notebook(model: str, cells: list[dict[str, Any]]) -> None:
    notebook = open_notebook(model)
    expected = [5 if "returns" in cell else "ok" for cell in cells]
    assert await run(notebook, *cells) == expected
    assert notebook.outcome.service.refused == []  # type: ignore[attr-defined]


@dataclass
class Several:
    """Services by their hosts on one transport. One that is ``broken`` is after so many answers."""

    services: Mapping[str, NativeService | StrictService]
    broken: str = ""
    answers: int = 0
    bodies: dict[str, list[str]] = field(default_factory=dict)

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        host = urlsplit(request.url).hostname or ""
        asked = self.bodies.setdefault(host, [])
        is_broken = host == self.broken and request.method == "POST" and len(asked) >= self.answers
        answer = told({}, 503) if is_broken else self.services[host].answer(request)
        if request.method == "POST" and not is_broken:
            asked.append((request.body or b"").decode())
        async with ScriptedTransport([answer]).send(request) as response:
            yield response


def open_several(first: str, second: str) -> tuple[Cells, Several]:
    """Return a notebook whose first service breaks down after its first answer, and the second one
    stands in for it; "openai" is a strict service of OpenAI's API."""
    strict = open_service("elsewhere")
    services: dict[str, NativeService | StrictService] = {"elsewhere": strict}
    providers = {"openai": strict.about["settings"]}
    for model in {first, second} - {"openai"}:
        kind, _, host = KINDS[model]
        services[host], providers[model] = kind(model), settings_of(model)
    host = "elsewhere" if first == "openai" else KINDS[first][2]
    transport = Several(services, host, 1)
    config = {"providers": providers, "default_provider": first, "fallback": [second]}
    return Cells(transport, config), transport  # type: ignore[arg-type]


def family_of(model: str) -> str:
    return KINDS[model][1] if model in KINDS else model


PAIRS = [
    (first, second)
    for first in ("openai", CLAUDES[0], GEMINIS[0])
    for second in ("openai", *KINDS)
    if family_of(first) != family_of(second)
]


@pytest.mark.parametrize("effort", [None, "high"])
@pytest.mark.parametrize(("first", "second"), PAIRS)
async def test_another_family_goes_on_in_mid_run(
    first: str, second: str, effort: str | None
) -> None:
    notebook, several = open_several(first, second)
    assert await run(notebook, CELLS[0], effort=effort) == ["ok"]
    assert notebook.outcome.ran == RAN
    before, after = several.bodies.values()
    assert (len(before), len(after)) == (1, 1)
    sent = "".join(after).replace(f', "thoughtSignature": "{SKIP}"', "")
    assert "sunny" in sent, "the calls and their results came along"
    assert [word for word in OPAQUE if word in sent] == []
    # And the cell below goes back to nobody's state but its own.
    assert await run(notebook, CELLS[1], effort=effort) == ["ok"]


TEXT = {"type": "text", "text": "hi"}
USER = {"role": "user", "content": [TEXT]}
CALL = {"type": "tool_use", "id": "a", "name": "f", "input": {}}
ASSISTANT = {"role": "assistant", "content": [CALL]}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "r"}]}
THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "changed"}
KEPT = {"max_tokens": 9, "messages": [USER]}
FORCED = {"tools": [], "tool_choice": {"type": "any"}}
ENABLED = {"thinking": {"type": "enabled", "budget_tokens": 5}}
OPEN = {"output_config": {"format": {"schema": {"type": "object", "properties": {}}}}}


@pytest.mark.parametrize(
    ("model", "broken", "fault"),
    [
        (0, {"messages": [USER]}, "max_tokens: Field required"),
        (1, {**KEPT, "max_tokens": 99_999}, "max_tokens: 99999 > 64000"),
        (0, {**KEPT, "seed": 1}, "seed: Extra inputs"),
        (0, {**KEPT, "messages": [USER, USER]}, "roles must alternate"),
        (0, {**KEPT, "messages": [USER, ASSISTANT]}, "prefill"),
        (0, {**KEPT, "messages": [USER, ASSISTANT, USER]}, "without `tool_result`"),
        (0, {**KEPT, "messages": [{**USER, "content": [{**TEXT, "text": " "}]}]}, "non-whitespace"),
        (0, {**KEPT, "messages": [USER, {**ASSISTANT, "content": [THOUGHT, CALL]}, RESULT]},
         "Invalid `signature`"),
        (1, {**KEPT, **ENABLED, "messages": [USER, ASSISTANT, RESULT]}, "Expected `thinking`"),
        (0, {**KEPT, **ENABLED}, "is not supported for this model"),
        (0, {**KEPT, "temperature": 1}, "deprecated"),
        (0, {**KEPT, **FORCED}, "forces tool use"),
        (2, {**KEPT, **OPEN}, "does not support format"),
        (1, {**KEPT, **OPEN}, "must be explicitly set to false"),
        (0, {**KEPT, "messages": [{**USER, "content": [{**TEXT, "cache_control": {}}] * 5}]},
         "A maximum of 4 blocks"),
    ],
)  # fmt: skip
def test_anthropic_s_rules_refuse_what_breaks_them(
    model: int, broken: dict[str, Any], fault: str
) -> None:
    service = AnthropicService(CLAUDES[model])
    assert any(fault in one for one in service.find_faults(broken))
    assert [*service.find_faults(KEPT)] == []


def content(*parts: dict[str, Any], role: str = "user") -> dict[str, Any]:
    return {"role": role, "parts": [*parts]}


SAYS = content({"text": "hi"})
FUNCTION = {"functionCall": {"name": "f", "args": {}}}
CALLED = content({**FUNCTION, "thoughtSignature": SKIP}, role="model")
ANSWERED = content({"functionResponse": {"name": "f", "response": {}}})
ROUND = {"contents": [SAYS, CALLED, ANSWERED]}


def thinking(**config: Any) -> dict[str, Any]:
    return {**ROUND, "generationConfig": {"thinkingConfig": config}}


@pytest.mark.parametrize(
    ("model", "broken", "fault"),
    [
        (0, {**ROUND, "messages": []}, "Cannot find field"),
        (0, {"contents": [SAYS, SAYS]}, "alternate"),
        (0, {"contents": [SAYS, CALLED]}, "end with a user role"),
        (0, {"contents": [SAYS, CALLED, SAYS]}, "number of function response parts"),
        (0, {"contents": [content()]}, "must not be empty"),
        (0, {"contents": [SAYS, content(FUNCTION, role="model"), ANSWERED]}, "missing a"),
        (1, {"contents": [SAYS, content({**FUNCTION, "thoughtSignature": "x"}, role="model"),
                          ANSWERED]}, "Corrupted"),
        (0, thinking(thinkingLevel="none"), "Thinking level"),
        (1, thinking(thinkingBudget=0), "thinking budget 0"),
        (2, thinking(includeThoughts=True), "Thinking is not enabled"),
        (1, {**ROUND, "tools": [{}], "generationConfig": {"responseMimeType": "application/json"}},
         "mime type"),
    ],
)  # fmt: skip
def test_gemini_s_rules_refuse_what_breaks_them(
    model: int, broken: dict[str, Any], fault: str
) -> None:
    service = GeminiService(GEMINIS[model])
    assert any(fault in one for one in service.find_faults(broken))
    assert [*service.find_faults(ROUND)] == []
