"""The candidates of a run: the provider and model that the cell or the notebook names, or else the
default, then the fallbacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import (
    BadRequestError,
    ConfigError,
    ModelNotFoundError,
    ProtocolError,
    ProviderError,
)
from ..execution.run import Run
from ..llm.access.characters import strip_invisible
from ..llm.provider import AIProvider
from ..llm.registry import ProviderRegistry, describe_spelling
from ..llm.test.provider import TestProvider
from ..llm.test.settings import ScriptedResponse, TestSettings
from ..notebook.state import Notebook
from .record.fields import MOCK_PROVIDER, NoticeKind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider, and one of its models."""

    provider: AIProvider
    model: str


async def choose_candidates(
    run: Run,
    registry: ProviderRegistry,
    fallback_provider: Callable[[str], AIProvider],
    tell: Callable[[NoticeKind, str], None] = lambda _kind, _text: None,
) -> list[Candidate]:
    """Return the run's candidates in order: its own provider, then the registry's fallbacks, less
    those that are not ready, or of which no model is chosen and none can be found out. If none is
    ready, ``fallback_provider`` is called with what the first one lacks, and the provider that it
    returns is the only candidate. ``tell`` is called with a sentence if another one than the run's
    own is asked first, or if the cell's choice is understood though it is written in another way.

    Raise ConfigError if a provider's name is not known, or a file chose it and no person agreed,
    and that or a ProviderError if no model is
    found for any of them.
    """
    first, model = _choose_first(run, registry, tell)
    _require_agreement(run.notebook, first, registry)
    others = [registry.require(name) for name in registry.fallback if name != first.name]
    wanted = [(first, model), *((other, "") for other in others)]
    ready = [(provider, model) for provider, model in wanted if provider.missing() is None]
    chosen = ready or [(fallback_provider(first.missing() or ""), "")]
    candidates, faults = [], []
    for provider, model in chosen:
        try:
            candidates.append(Candidate(provider, model or await _default_model(provider)))
        except (ConfigError, ProviderError) as error:
            faults.append(error)
    if not candidates:
        raise faults[0]
    asked = candidates[0].provider
    if ready and asked is not first:
        why = first.missing() or faults[0].sentence
        tell("fallback", f"{why} Asking {asked.name!r} instead.")
    return candidates


def mock_provider(missing: str) -> AIProvider:
    """Return a provider that answers in place of one that is not configured, and says so."""
    text = (
        "**This is a mock answer: no model was asked.**\n\n"
        f"{missing} For real answers, do one of these and run the cell again:\n\n"
        "- open the AI settings and enter an API key;\n"
        "- enter the base URL of a server that needs no key, such as a local one;\n"
        "- in code, pass `config` with `providers.openai.apiKey` to `startRuntime`.\n\n"
        "To try AI cells without a key, choose the Test provider."
    )
    response = ScriptedResponse(pattern="", text=text)
    return TestProvider(MOCK_PROVIDER, TestSettings(responses=(response,), model="none"))


def _choose_first(
    run: Run, registry: ProviderRegistry, tell: Callable[[NoticeKind, str], None]
) -> tuple[AIProvider, str]:
    """Return the provider that the cell names, or else the notebook's metadata (``ai_provider``,
    ``ai_model``), or else the default, and the model; "" if none is named.

    A model without a provider is no choice, unless it names one before a slash. Raise ConfigError
    if it names a service in another way.
    """
    own, metadata = run.cell.ai, run.notebook.metadata
    choices = [(own.provider, own.model)] if own is not None else []
    choices.append((metadata.get("ai_provider", ""), metadata.get("ai_model", "")))
    for provider, word in choices:
        model = word if provider else registry.spell(word)
        if model != word:
            tell("warning", describe_spelling(word, model))
        if provider or "/" in model:
            return registry.choose(model, provider)
        if model:
            registry.choose(model)  # raises if it names a service that is not configured
    return registry.get_default(), ""


def _require_agreement(notebook: Notebook, chosen: AIProvider, registry: ProviderRegistry) -> None:
    """Raise ConfigError if a file that was imported chose a provider which is not the default, and
    no person has said whether its choices are used. `js/notebook/person/from-file.js` writes down
    what it chose."""
    held = notebook.json.get("from_file")
    if not isinstance(held, dict) or isinstance(held.get("isUsed"), bool):
        return
    choices = held.get("choices")
    named = [held.get("choice"), *(choices.values() if isinstance(choices, dict) else ())]
    names = {_provider_of(choice, registry) for choice in named}
    if chosen.name in names and chosen is not registry.get_default():
        raise ConfigError(
            f"The notebook's file chose {chosen.name!r} to answer, which is not your default "
            "provider, so nothing was sent.",
            advice='Open "Instructions from the file" in the notebook\'s menu, and use them or '
            "leave them out (in a page of your own: `nb.useFromFile`). Then run the cell again.",
        )


def _provider_of(choice: object, registry: ProviderRegistry) -> str:
    """Return the provider that a choice names, as ``ProviderRegistry.choose`` reads it."""
    held = choice if isinstance(choice, dict) else {}
    provider, model = held.get("provider"), held.get("model")
    if not isinstance(provider, str) or not isinstance(model, str):
        return ""
    first, slash, _ = registry.spell(strip_invisible(model)).partition("/")
    return strip_invisible(provider) or (strip_invisible(first) if slash else "")


async def _default_model(provider: AIProvider) -> str:
    """Return the first model that the provider offers. Raise ConfigError if it lists none, and what
    keeps it from telling."""
    if provider.models:
        return provider.models[0]
    try:
        listed = await provider.list_models()
    except (ModelNotFoundError, BadRequestError, ProtocolError):
        listed = []  # a server that has no list
    if not listed:
        raise ConfigError(
            f"No model is chosen for the provider {provider.name!r}, and its server lists none.",
            advice="Check the base URL, and enter a model in the AI settings.",
        )
    return listed[0].name
