"""Who answers the AI cells of a run: services, or a cassette."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import NoReturn, cast

from ..asking.session import read_environment
from ..config import AIConfig
from ..errors import ConfigError
from ..llm.playback.deck import Mode, record, replay
from .arguments import Options
from .files import read_json


def read_config(options: Options, environ: Mapping[str, str]) -> AIConfig:
    """Return the configuration that a run was given, or else the environment's. Raise ConfigError
    if it cannot be used."""
    provider, model = options.provider, options.model
    if model is not None and provider is None:
        provider, _, model = model.partition("/")
    if options.config is not None:
        config = AIConfig.read(read_json(options.config))
    else:
        chosen = {} if provider is None else {"RUNT_AI_PROVIDER": provider}
        config = read_environment({**environ, **chosen})
    if provider is None:
        return config
    return config.with_provider(provider, {} if model is None else {"model": model})


def open_cassette(options: Options) -> AbstractContextManager[object]:
    """Return what plays the cassette, or records it, as long as it is open."""
    if options.cassette is None:
        return nullcontext()
    if options.record is None and not options.cassette.exists():
        raise ConfigError(
            f"There is no cassette {str(options.cassette)!r}.",
            advice="Record it: run this once more with --record.",
        )
    if options.record is None:
        return replay(options.cassette)
    return record(options.cassette, cast(Mode, options.record))


def refuse(missing: str) -> NoReturn:
    """Raise ConfigError: nobody may take a mock answer for a model's."""
    raise ConfigError(
        missing,
        advice="Set OPENAI_API_KEY in the environment, name another service with --provider, give "
        "a configuration with --config, or play a recording with --cassette.",
    )
