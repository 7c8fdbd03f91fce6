"""The wheel in a page answers a notebook's cells with each service that keeps to its rules."""

from __future__ import annotations

from typing import Any

from pytest_pyodide import run_in_pyodide

from tests.support.server.cors import Cors
from tests.support.server.llm_server import LLMServer
from tests.support.services.native.kinds import KINDS
from tests.support.services.notebook import CELLS
from tests.support.services.strict import CALLS, StrictService, open_service, read_services

# What these teach is known by their host alone, which a page's test cannot have.
_BY_HOST = ("azure-by-url", "gemini-by-url", "elsewhere")
_ALLOWED = ("Authorization", "Content-Type", "api-key")


@run_in_pyodide
async def run_notebooks(
    selenium: Any, services: dict[str, Any], cells: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return, for each service by its settings, what its cells answered, and the calls that ran."""
    from runt_pyodide.ai.prompt.answer_type import AnswerType
    from runt_pyodide.ai.tools.function import FunctionTool
    from runt_pyodide.asking.answer import Answer
    from runt_pyodide.asking.dialogue import Dialogue
    from runt_pyodide.asking.session import Question, Session
    from runt_pyodide.config import AIConfig
    from runt_pyodide.errors import RuntError
    from runt_pyodide.llm.transport.pyfetch import PyfetchTransport
    from runt_pyodide.notebook import events as ev

    async def run(settings: dict[str, Any]) -> dict[str, Any]:
        ran: list[Any] = []

        def weather(city: str) -> str:
            """The weather in a city."""
            ran.append(["weather", {"city": city}])
            return "sunny"

        def clock() -> str:
            """The time."""
            ran.append(["clock", {}])
            return "noon"

        tools = [FunctionTool(weather, policy="auto"), FunctionTool(clock, policy="auto")]
        config = AIConfig.read({"providers": {"asked": settings}, "default_provider": "asked"})
        dialogue = Dialogue(Session(config, PyfetchTransport(), interval=0))
        said: list[Any] = []
        for cell in cells:
            dialogue.record("x = 1", "In[1]").close()
            answer = AnswerType.of(int) if "returns" in cell else None
            question = Question(
                cell["prompt"],
                settings=ev.AiSettings(**cell.get("settings", {})),
                answer=answer,
                tools=lambda _, cell=cell: cell.get("tools", tools),  # type: ignore[misc]
            )
            try:
                exchange = await dialogue.ask(question)
            except RuntError as error:
                said.append(f"{type(error).__name__}: {error}")
                break
            said.append(Answer.of(exchange).value if answer else str(Answer.of(exchange)))
        return {"said": said, "ran": ran}

    return {name: await run(settings) for name, settings in services.items()}


def settings_at(service: StrictService, origin: str) -> dict[str, Any]:
    """Return the settings of a service, at another address."""
    settings = {"type": "openai", "api_key": "sk-x", **service.about["settings"]}
    path = "/openai/deployments/gpt-4o" if settings.get("preset") == "azure" else "/v1"
    return {**settings, "base_url": f"{origin}/{service.name}{path}"}


def test_each_service_answers_each_cell(selenium_runt: Any, llm_server: LLMServer) -> None:
    services = [open_service(name) for name in read_services() if name not in _BY_HOST]
    llm_server.stand_ins = {one.name: one.answer for one in services}
    llm_server.cors = Cors(allow_headers=_ALLOWED)
    asked = {one.name: settings_at(one, llm_server.origin) for one in services}
    said = ["ok", "ok", "ok", 5, 5, "ok"]
    assert run_notebooks(selenium_runt, asked, [*CELLS]) == {
        one.name: {"said": said, "ran": [*map(list, CALLS)] * 2 * one.can_call} for one in services
    }


_NATIVE = (
    *("Content-Type", "x-goog-api-key", "x-api-key", "anthropic-version"),
    "anthropic-dangerous-direct-browser-access",
)


def test_each_native_service_answers_each_cell(selenium_runt: Any, llm_server: LLMServer) -> None:
    services = {model: kind(model) for model, (kind, _, _) in KINDS.items()}
    llm_server.stand_ins = {model: one.answer for model, one in services.items()}
    llm_server.cors = Cors(allow_headers=_NATIVE)
    asked = {
        model: {
            "type": name,
            "api_key": "sk-x",
            "model": model,
            "base_url": f"{llm_server.origin}/{model}",
        }
        for model, (_, name, _) in KINDS.items()
    }
    answered = {"said": ["ok", "ok", "ok", 5, 5, "ok"], "ran": [*map(list, CALLS)] * 2}
    assert run_notebooks(selenium_runt, asked, [*CELLS]) == dict.fromkeys(KINDS, answered)
    assert [fault for one in services.values() for fault in one.refused] == []
