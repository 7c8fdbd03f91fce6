"""What all questions from Python code have in common: the configuration, the providers with what
was learnt of them, and the list of all exchanges."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..ai.prompt.answer_type import AnswerType
from ..ai.prompt.cell_settings import Asking, Sampling
from ..ai.rules import Policy
from ..ai.tool import Tool
from ..config import AIConfig
from ..execution.run import Run
from ..llm.messages import AIResponse, Image
from ..llm.playback.deck import on_deck
from ..llm.registry import ProviderRegistry
from ..llm.retry import RetryPolicy
from ..llm.tokens import Estimator
from ..llm.transport.absent import find_transport
from ..llm.transport.base import Transport
from ..notebook import events as ev
from ..notebook.state import Notebook
from ..notebook.state.output import Output


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with the ``images`` beside it; it goes to the default provider and model
    unless others are named.

    ``asking`` is how: without context, the model is told of nothing before, nor is what comes later
    told of it. ``tools`` returns the tools as they are at each turn; ``policies`` take precedence
    over the configuration's. If nobody ``can_be_asked``, a call that a person has to allow ends the
    run. ``timeout`` is the longest time that the answer may take, in seconds. If the question is
    stopped, it leaves no trace in the conversation, unless its reader sees the half answer too and
    ``keeps_half`` of it.
    """

    prompt: str
    provider: str | None = None
    model: str | None = None
    settings: ev.AiSettings = field(default_factory=ev.AiSettings)
    sampling: Sampling = field(default_factory=Sampling)
    asking: Asking = field(default_factory=Asking)
    images: tuple[Image, ...] = ()
    answer: AnswerType | None = None
    tools: Callable[[Run], Iterable[Tool]] = lambda _: ()
    policies: Mapping[str, Policy] = field(default_factory=dict)
    can_be_asked: bool = True
    timeout: float | None = None
    keeps_half: bool = False


@dataclass(slots=True)
class Exchange:
    """A question and its outcome: the cell of a ``notebook`` in memory, the run, and either the
    last turn's answer or the error. While an exchange goes on, and if it was stopped, it has
    neither."""

    question: Question
    notebook: Notebook
    cell_id: str
    run_id: str
    response: AIResponse | None = None
    error: Exception | None = None

    @property
    def outputs(self) -> list[Output]:
        """What its run has written so far."""
        return self.notebook.outputs_of(self.cell_id)


class Session:
    """The configuration of a Python session, and all of its ``exchanges`` in order, whichever
    conversation they belong to.

    ``aliases`` are a person's own names for models; ``transport`` sends the requests. ``interval``
    is how long streamed text is joined, in seconds; ``policy`` says when to retry.
    """

    def __init__(
        self,
        config: AIConfig,
        transport: Transport,
        *,
        interval: float = 0.05,
        policy: RetryPolicy | None = None,
    ) -> None:
        self.exchanges: list[Exchange] = []
        self.aliases: dict[str, str] = {}
        self.interval = interval
        self.policy = policy or RetryPolicy()
        self.estimator = Estimator()
        self.providers = ProviderRegistry()
        self.transport = transport
        self.configure(config)

    def configure(self, config: AIConfig, transport: Transport | None = None) -> None:
        """Use this configuration from now on. Raise ConfigError if it cannot be used."""
        self.transport = transport or self.transport
        self.providers = ProviderRegistry.from_config(config, self.transport, self.providers)
        self.config = config

    def find_model(self, model: str | None, provider: str | None) -> tuple[str | None, str | None]:
        """Return the provider and the model: "ollama/qwen3" names both, "ollama" only the first; so
        does an alias. Raise ConfigError if that provider is not configured."""
        if model is None:
            return provider, None
        word = model if provider else self.aliases.get(model, model)
        found, own = on_deck(self.providers).choose(word, provider or "")
        return found.name, own or None


_current: list[Session] = []


def current_session() -> Session:
    """Return the session of this Python, created on first use from the environment: OPENAI_API_KEY
    and so on."""
    if not _current:
        _current.append(Session(read_environment(os.environ), find_transport()))
    return _current[0]


def read_environment(environ: Mapping[str, str]) -> AIConfig:
    """Return ``AIConfig.from_env``, but with the Test provider only if it is named: a program could
    take its answers for a model's."""
    config = AIConfig.from_env(environ)
    default = config.default_provider or ("ollama" if "ollama" in config.providers else "openai")
    return config.model_copy(update={"default_provider": default})
