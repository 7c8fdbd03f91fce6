"""Who answers an AI cell: the cell's own choice, the notebook's, or the default."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide import AIConfig, ProviderRegistry
from runt_pyodide.ai.record.fields import AIRecord
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.stages.ai_stage import AiStage, RecordedProvider, say

ANSWER = {"responses": [{"pattern": "", "turns": [say("Hello.")]}]}


def choose(stage: AiStage, provider: str, model: str) -> None:
    """The cell's own."""
    own = {"cellId": "ai", "provider": provider, "model": model, "settings": {}}
    stage.receive(("v1.AiSettingsChanged", own))


def choose_for_all(stage: AiStage, **metadata: str) -> None:
    for key, value in metadata.items():
        stage.receive(("v1.NotebookMetadataSet", {"key": key, "value": value}))


async def asked(stage: AiStage, number: int = 1) -> tuple[str, str]:
    """The provider and the model that the run asked."""
    await stage.run(f"q{number}")
    record = AIRecord.of(stage.notebook.outputs_of("ai")[-1])
    assert record.ai_provider and record.ai_model
    return record.ai_provider, record.ai_model


@pytest.fixture
def stage() -> AiStage:
    stage = AiStage()
    stage.agent.providers.register(_named("other"))
    stage.open()
    return stage


def _named(name: str) -> RecordedProvider:
    provider = RecordedProvider(ANSWER)
    provider.name = name
    return provider


async def test_the_cells_choice_comes_before_the_notebooks_and_that_before_the_default(
    stage: AiStage,
) -> None:
    assert await asked(stage, 1) == ("test", "scripted")
    choose_for_all(stage, ai_provider="other", ai_model="large")
    assert await asked(stage, 2) == ("other", "large")
    choose(stage, "test", "small")
    assert await asked(stage, 3) == ("test", "small")


async def test_a_cell_may_leave_the_choice_to_the_notebook_again(stage: AiStage) -> None:
    choose_for_all(stage, ai_provider="other", ai_model="large")
    choose(stage, "test", "small")
    choose(stage, "", "")
    assert await asked(stage) == ("other", "large")


async def test_a_notebook_may_name_a_provider_and_leave_the_model_to_it(stage: AiStage) -> None:
    choose_for_all(stage, ai_provider="other", ai_model="")
    assert await asked(stage) == ("other", "scripted")


@pytest.mark.parametrize("metadata", [{"ai_model": "large"}, {"ai_provider": ""}])
async def test_a_model_of_no_provider_is_no_choice(
    stage: AiStage, metadata: dict[str, Any]
) -> None:
    choose_for_all(stage, **metadata)
    assert await asked(stage) == ("test", "scripted")


async def test_a_notebooks_provider_that_is_not_configured_is_named_and_nobody_else_asked(
    stage: AiStage,
) -> None:
    choose_for_all(stage, ai_provider="ollama")
    ended = (await stage.run())[-2]
    assert ended["args"]["status"] == "error"
    assert "No AI provider is named 'ollama'; configured: test, other." in ended["args"]["error"]
    assert stage.provider.requests == []


OWN = [
    *(("ollama", "qwen3"), ("", "ollama/qwen3"), ("openai", "ollama/qwen3")),
    *(("Ollama", "qwen3"), ("", " Ollama/qwen3"), ("", "ollama"), ("", "ollama:qwen3")),
]
OF_THE_NOTEBOOK = [{"ai_provider": name, "ai_model": model} for name, model in OWN]


@pytest.fixture
def services() -> tuple[AiStage, ScriptedTransport]:
    """Only OpenAI is configured, over a transport that fails if anything is sent."""
    stage, transport = AiStage(), ScriptedTransport()
    config = AIConfig.read({"providers": {"openai": {"apiKey": "k"}}})
    stage.agent.providers = ProviderRegistry.from_config(config, transport)
    stage.open()
    return stage, transport


@pytest.mark.parametrize(("provider", "model"), OWN)
async def test_a_cells_provider_that_is_not_configured_is_nobody_s(
    services: tuple[AiStage, ScriptedTransport], provider: str, model: str
) -> None:
    stage, transport = services
    choose(stage, provider, model)
    await refused(stage, transport)


@pytest.mark.parametrize("metadata", OF_THE_NOTEBOOK)
async def test_a_notebooks_provider_that_is_not_configured_is_nobody_s(
    services: tuple[AiStage, ScriptedTransport], metadata: dict[str, str]
) -> None:
    stage, transport = services
    choose_for_all(stage, **metadata)
    await refused(stage, transport)


async def refused(stage: AiStage, transport: ScriptedTransport) -> None:
    ended = (await stage.run())[-2]
    assert ended["args"]["status"] == "error"
    assert "'ollama'" in ended["args"]["error"].lower()
    assert transport.requests == []


async def test_a_cell_may_name_the_provider_before_a_slash(stage: AiStage) -> None:
    choose(stage, "", "other/vendor/large")
    assert await asked(stage) == ("other", "vendor/large")


OPENAI = {"type": "openai", "baseUrl": "http://first/v1"}
OTHER = {"type": "openai", "baseUrl": "http://second/v1"}
REFUSED = Scripted(401, {}, [b'{"error": {"message": "Who are you?"}}'])
LISTED = Scripted(200, {}, [b'{"data": [{"id": "embed-1"}, {"id": "qwen"}]}'])
SAID = Scripted(
    200,
    {"Content-Type": "text/event-stream"},
    [b'data: {"choices":[{"delta":{"content":"Hi."},"finish_reason":"stop"}]}\n\n'],
)


def serve(first: Any, second: Any, *answers: Any, **more: Any) -> AiStage:
    stage = AiStage()
    config = {"defaultProvider": "first", "providers": {"first": first, "second": second}, **more}
    transport = ScriptedTransport(answers)
    stage.agent.providers = ProviderRegistry.from_config(AIConfig.read(config), transport)
    stage.open()
    return stage


async def test_why_no_model_can_be_found_out_is_told() -> None:
    stage = serve(OPENAI, OTHER, REFUSED)
    ended = (await stage.run())[-2]
    assert "Who are you?" in ended["args"]["error"]
    stage = serve(OPENAI, OTHER, Scripted(404))
    ended = (await stage.run())[-2]
    assert "No model is chosen for the provider 'first'" in ended["args"]["error"]


async def test_a_provider_whose_models_are_not_known_is_replaced_and_the_reader_told() -> None:
    stage = serve(OPENAI, OTHER, REFUSED, LISTED, SAID, fallback=["second"])
    assert await asked(stage) == ("second", "qwen")
    outputs = stage.notebook.outputs_of("ai")
    [notice] = [notice for one in outputs for notice in AIRecord.of(one).notices]
    assert notice.kind == "fallback"
    assert "Who are you?" in notice.text
    assert notice.text.endswith("Asking 'second' instead.")


async def test_a_provider_that_is_not_ready_is_replaced_and_the_reader_told() -> None:
    stage = serve({"type": "openai"}, {**OTHER, "model": "m"}, SAID, fallback=["second"])
    assert await asked(stage) == ("second", "m")
    [notice] = [n for one in stage.notebook.outputs_of("ai") for n in AIRecord.of(one).notices]
    assert notice.kind == "fallback"
    assert "key" in notice.text
    assert notice.text.endswith(" Asking 'second' instead.")


async def test_a_fallback_whose_models_are_not_known_stands_in_nobody_s_way() -> None:
    stage = serve({**OPENAI, "model": "m"}, OTHER, REFUSED, SAID, fallback=["second"])
    assert await asked(stage) == ("first", "m")
    assert AIRecord.of(stage.notebook.outputs_of("ai")[-1]).notices == ()


async def test_a_colon_for_the_slash_is_understood_and_the_reader_told() -> None:
    stage = serve(OPENAI, {**OTHER, "model": "m"}, SAID)
    choose(stage, "", "second:m")
    assert await asked(stage) == ("second", "m")
    [notice] = [n for one in stage.notebook.outputs_of("ai") for n in AIRecord.of(one).notices]
    assert notice.kind == "warning"
    assert notice.text.startswith("`second:m` is `second/m` here: write a slash")
