"""How OpenAI, or a server that speaks its API, is reached: settings, and addresses as people paste
them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import ClassVar, Literal

from pydantic import field_validator

from ..redaction import part_credentials, restore_credentials
from ..settings import ServiceSettings
from .presets import PRESETS

_LOCAL = re.compile(r"(localhost|127\.|10\.|192\.168\.|\[|[^./]+(:\d+)?(/|$))")
# Where servers keep the API: most; OpenRouter; Groq; Fireworks; Gemini.
_USUAL_PATHS = ("v1", "api/v1", "openai/v1", "inference/v1", "v1beta/openai")


class OpenAISettings(ServiceSettings):
    """OpenAI, or any server that speaks its chat completions or its Responses API.

    ``preset`` is a known server's name (see presets.py): it gives the base URL, unless there is
    one, and what else is known of it. ``api`` "auto" asks OpenAI's reasoning models by the
    Responses API and all else by chat completions. ``timeout`` is in seconds without a byte from
    the server; ``models`` are listed if the server does not list its own.
    """

    presets: ClassVar[Collection[str]] = PRESETS

    preset: str | None = None
    api: Literal["auto", "chat", "responses"] = "auto"
    models: tuple[str, ...] = ()

    @field_validator("preset")
    @classmethod
    def _check_preset(cls, name: str | None) -> str | None:
        if name is not None and name not in PRESETS:
            raise ValueError(f"no preset is named {name!r}; known: {', '.join(sorted(PRESETS))}")
        return name


def normalise_base_url(url: str) -> str:
    """Return the base URL that a person means, as pasted: with or without a scheme, a trailing
    slash, ``/v1`` or the whole path of an endpoint. A path of its own is kept."""
    url, credentials = part_credentials(url.strip())
    url = re.sub(r"(/chat/completions|/models|/responses)?/*$", "", url)
    if "://" not in url:
        url = ("http://" if _LOCAL.match(url) else "https://") + url
    if "/" not in url.partition("://")[2]:
        url += "/v1"
    return restore_credentials(url, credentials)


def alternative_addresses(base_url: str) -> list[str]:
    """Return other addresses at which the API may be if it is not at this one, the likeliest
    first."""
    scheme, _, rest = base_url.partition("://")
    host, _, path = rest.partition("/")
    paths = dict.fromkeys((f"{path}/v1", *_USUAL_PATHS))
    return [f"{scheme}://{host}/{other}" for other in paths if other != path]
