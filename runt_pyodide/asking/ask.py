"""``ask`` and what it needs: prompts from Python code, in any Pyodide or outside of it.

::

    from runt_pyodide import ask, configure

    configure("openai", api_key="sk-...")
    answer = await ask("Why is the sky blue?")
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, InstanceOf

from ..arguments import Seconds, Text, check_arguments, says_how
from ..config import AIConfig, ServiceSettings
from ..errors import ConfigError
from ..llm.access.budget import Budget
from ..llm.doctor import Diagnosis
from ..llm.doctor import doctor as examine
from ..llm.provider import AIProvider
from ..llm.services.sign_in import API, CALLBACK, SERVICE, SignIn
from ..llm.transport.base import Transport
from .asker import find_shell
from .conversation import Conversation
from .dialogue import Dialogue
from .session import Session, current_session
from .shell_recorder import ShellRecorder

_SHARE = 0.25
_MOST = 20
"""How much of the conversation goes on by itself: a program that asks in a loop should not pay for
all that it has asked before."""


class Ask(Conversation):
    """The conversation of this Python session: the last exchanges are context for the next one, as
    many as fit a quarter of the model's context window, and no more than 20. In IPython the earlier
    cells and their outputs are context too."""

    def __init__(self) -> None:
        super().__init__()
        self._recorders: dict[int, ShellRecorder] = {}

    @property
    def session(self) -> Session:
        """The configuration, and all exchanges of all conversations."""
        return current_session()

    @property
    def dialogue(self) -> Dialogue:
        """The exchanges, with the cells of the shell that runs this."""
        if (shell := find_shell()) is not None:
            self.record(shell)
        return super().dialogue

    def record(self, shell: Any) -> ShellRecorder:
        """Use the cells of this IPython shell as context, including those that ran before."""
        if id(shell) not in self._recorders:
            self._recorders[id(shell)] = ShellRecorder(shell, lambda: super(Ask, self).dialogue)
        return self._recorders[id(shell)]

    def forget(self, shell: Any) -> None:
        """Stop recording the shell's cells."""
        self._recorders.pop(id(shell)).close()

    def _open_dialogue(self) -> Dialogue:
        return Dialogue(self.session, share=_SHARE, most=_MOST)


ask = Ask()

KEYS_PAGE = "https://openrouter.ai/settings/keys"
"""Where a person deletes keys for good."""
_MODEL = "openrouter/auto"
"""OpenRouter's own choice among its models: the first of its list may be any."""

_ASK = """\
1. Open this address, and allow a key there; you choose how much it may spend:

   {address}

2. You are led to a page that your browser may not be able to show. Copy its whole address from the
   address bar, and paste it here. It is worth nothing to anybody else.
"""

_CONFIGURE = {
    "config": Annotated[
        Text | InstanceOf[Mapping[Any, Any]] | InstanceOf[AIConfig],
        Field(description="the name of a provider, or a whole configuration"),
    ],
    "transport": Annotated[
        InstanceOf[Transport], Field(description="an object with a method `send`, as a Transport")
    ],
}
_DOCTOR = {
    "provider": Annotated[
        Text | InstanceOf[AIProvider], Field(description="the name of a provider, or a provider")
    ]
    | None,
    "patience": Seconds,
}


@says_how
def configure(
    config: AIConfig | Mapping[str, Any] | str | None = None,
    /,
    *,
    transport: Transport | None = None,
    **keywords: Any,
) -> None:
    """Set the provider that ``ask`` and ``%%ai`` use from now on.

    ::

        configure("openai", api_key="sk-...", model="gpt-5-mini")   # this provider, by default
        configure("ollama", model="qwen3")
        configure("work", type="openai", base_url="https://llm.example.com/v1", api_key="...")
        configure({"defaultProvider": ..., "providers": {...}})     # all of it, as in AIConfig
        configure(limits={"turns": 5}, tools={"run_python": "auto"})  # these keys of it

    A provider's name with settings adds that provider, or changes its settings, and makes it the
    default. ``transport`` sends the requests in place of the browser. Raise ConfigError if the
    configuration cannot be used, ArgumentError if ``config`` or ``transport`` is of another type.
    """
    given = {"config": config, "transport": transport}
    check_arguments(
        "configure", _CONFIGURE, {key: one for key, one in given.items() if one is not None}
    )
    now = ask.session.config
    if isinstance(config, str):
        made = now.with_provider(config, keywords)
    elif config is not None:
        if keywords:
            raise ConfigError(
                f"configure() takes a whole configuration or keywords, not both: {[*keywords]}.",
                advice="Put these keywords into the configuration.",
            )
        made = AIConfig.read(config)
    else:
        _refuse_settings(keywords)
        made = now.with_keys(keywords)
    ask.session.configure(made, transport)


def _refuse_settings(keywords: Mapping[str, Any]) -> None:
    """Raise ConfigError if one of these keys is a setting of a provider, and none is named."""
    settings = ServiceSettings.model_fields.keys() - AIConfig.model_fields.keys() - {"tools"}
    if found := [key for key in keywords if key in settings]:
        raise ConfigError(
            f"{found[0]!r} is a setting of a provider, and none is named.",
            advice=f"Name it first: configure('openai', {found[0]}=...).",
        )


async def doctor(provider: AIProvider | str | None = None, *, patience: float = 15.0) -> Diagnosis:
    """Find out why a provider does not answer, and what would mend it: its steps from the network
    to the model, in their order. It is named as it was configured; without a name it is the default
    provider.

    ::

        print(await doctor("openai"))

    ``patience`` is in seconds for the list of models. The model may be asked for a few tokens.
    Raise ConfigError if no provider of that name is configured.
    """
    check_arguments("doctor", _DOCTOR, {"provider": provider, "patience": patience})
    providers = ask.session.providers
    if provider is None:
        provider = providers.get_default()
    elif isinstance(provider, str):
        provider = providers.require(provider)
    return await examine(provider, patience=patience)


async def sign_in(service: str = SERVICE, *, callback: str = CALLBACK) -> Budget | None:
    """Sign in with a service, so that ``ask`` and ``%%ai`` use it from now on: a person opens an
    address, allows a key there, and pastes the address that they are led to.

    ``callback`` is the page that they are led to, at HTTPS or on localhost; nothing has to be
    there. The key goes where ``configure`` puts keys: it is in memory alone. Return what it may
    spend, or None if the service does not tell.

    Raise ConfigError for a service that nobody can sign in with, AuthenticationError if the sign-in
    did not come to a key, or another ProviderError.
    """
    _check_service(service)
    begun = SignIn(callback)
    sys.stdout.write(_ASK.format(address=begun.address))
    sys.stdout.flush()
    code = begun.read_code(getpass.getpass("The address that you were led to: "))
    session = ask.session
    key = await begun.fetch_key(session.transport, code)
    known = session.config.providers.get(service)
    settings: dict[str, Any] = {} if known and known.model else {"model": _MODEL}
    # The key is for this address, whatever the provider's was.
    configure(service, api_key=key, base_url=API, **settings)
    return await session.providers.require(service).find_budget()


def sign_out(service: str = SERVICE) -> None:
    """Forget the key of a service; the service keeps it until it is deleted there. Raise
    ConfigError if the service is not configured."""
    _check_service(service)
    config = ask.session.config
    known = config.providers.get(service)
    if not isinstance(known, ServiceSettings):
        raise ConfigError(f"{service!r} is not configured.", advice="There is nothing to forget.")
    forgetful = known.model_copy(update={"api_key": None})
    ask.session.configure(config.with_keys({"providers": {**config.providers, service: forgetful}}))


def _check_service(service: str) -> None:
    if service != SERVICE:
        raise ConfigError(
            f"There is no sign-in with {service!r}.",
            advice=f"Sign in with {SERVICE!r}, or give a key: configure({service!r}, api_key=...).",
        )
