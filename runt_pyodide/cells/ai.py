"""AI cells: the prompt, with the notebook above it, to a provider; the answer to the outputs."""

from __future__ import annotations

from collections.abc import Callable

from ..ai import history, loop
from ..ai.retry import RetryPolicy
from ..errors import ConfigError
from ..messages import ChatRequest, ChatSettings
from ..providers.base import AIProvider
from ..providers.registry import ProviderRegistry
from ..providers.test import TestProvider
from ..script import ScriptedResponse, TestSettings
from . import Run


class AICell:
    """Asks the cell's own provider and model where it names them, else the notebook's default.

    ``providers`` gives the registry at each run, since it is replaced when the user configures.
    """

    def __init__(
        self, providers: Callable[[], ProviderRegistry], policy: RetryPolicy | None = None
    ) -> None:
        self._providers = providers
        self._policy = policy or RetryPolicy()

    async def execute(self, run: Run) -> None:
        """An empty prompt asks nothing. Raises ProviderError, LimitError or ConfigError."""
        if not run.cell.source.strip():
            return
        candidates = [
            loop.Candidate(provider, _build_request(run, model or await _default_model(provider)))
            for provider, model in _choose(self._providers(), run)
        ]
        await loop.run(candidates, run.writer, self._policy)


def _choose(registry: ProviderRegistry, run: Run) -> list[tuple[AIProvider, str]]:
    """Who is asked and, where the cell names it, which model: the cell's own or the default
    provider, then those to fall back on. Who is not ready is left out, and where nobody is left a
    mock answers."""
    own = run.cell.ai
    first = registry.require(own.provider) if own else registry.get_default()
    others = [registry.require(name) for name in registry.fallback if name != first.name]
    wanted = [(first, own.model if own else ""), *((other, "") for other in others)]
    ready = [(provider, model) for provider, model in wanted if provider.missing() is None]
    return ready or [(_mock_provider(first.missing() or ""), "")]


async def _default_model(provider: AIProvider) -> str:
    if provider.models:
        return provider.models[0]
    listed = await provider.get_available_models()
    if not listed:
        raise ConfigError(
            f"No model is chosen for the provider {provider.name!r}, and its server lists none.",
            advice="Check the base URL, and enter a model in the AI settings.",
        )
    return listed[0].name


def _build_request(run: Run, model: str) -> ChatRequest:
    settings = ChatSettings()
    if run.cell.ai is not None:
        wanted = run.cell.ai.settings
        limit = None if wanted.max_tokens is None else int(wanted.max_tokens)
        settings = ChatSettings(wanted.temperature, limit)
    return ChatRequest(
        messages=history.build_messages(run.notebook, run.cell),
        model=model,
        system_prompt=history.build_system_prompt(run.notebook, run.cell),
        settings=settings,
    )


def _mock_provider(missing: str) -> AIProvider:
    """Answers in place of a provider that is not configured, and says so."""
    text = (
        "**This is a mock answer: no model was asked.**\n\n"
        f"{missing} For real answers, do one of these and run the cell again:\n\n"
        "- open the AI settings and enter an API key;\n"
        "- enter the base URL of a server that needs none, such as a local one;\n"
        "- in code, pass `config` with `providers.openai.apiKey` to `startRuntime`.\n\n"
        "To try AI cells without a key, choose the Test provider."
    )
    response = ScriptedResponse(pattern="", text=text)
    return TestProvider(history.MOCK_PROVIDER, TestSettings(responses=(response,), model="none"))
