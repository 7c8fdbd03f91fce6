"""How OpenAI, or a server that speaks its API, is reached: settings, and addresses as people paste
them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import field_validator

from ..access.address import Address
from ..settings import ServiceSettings
from .presets import PRESETS, UNKNOWN, Preset, preset_of_host

# The paths of endpoints, which people paste with the address.
_ENDPOINT = re.compile(
    r"(/chat/completions|/completions|/responses|/models|/embeddings)$", re.IGNORECASE
)
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

    def find_service(self) -> tuple[Preset, str]:
        """Return what is known of the service, and its base URL: "" if it has none of its own, and
        none was given."""
        named = PRESETS[self.preset] if self.preset else None
        given = self.base_url or (named or PRESETS["openai"]).base_url
        if not given:
            return named or UNKNOWN, ""
        url = normalise_base_url(given, named, self.query)
        return named or preset_of_host(Address.read(url).host), url

    @property
    def address(self) -> str:
        return self.find_service()[1]


def normalise_base_url(
    url: str, preset: Preset | None = None, query: Mapping[str, str] | None = None
) -> str:
    """Return the base URL that a person means, as pasted: with or without a scheme, a trailing
    slash, ``/v1`` or the whole path of an endpoint. A path and a query of its own are kept, and
    ``query`` is added to it.

    Where a service has its API, and which parameters it wants, is in its preset: the one that is
    given, or else the one that the host belongs to.
    """
    address = Address.read(url).with_scheme().with_query(query or {})
    address = replace(address, path=_ENDPOINT.sub("", address.path))
    known = preset or preset_of_host(address.host)
    place = known.place_of(address.path, address.query)
    path = place.path or address.path or Address.read(known.base_url).path or "/v1"
    wanted = {name: text for name, text in place.query.items() if name not in address.parameters}
    return replace(address, path=path).with_query(wanted).url


def alternative_addresses(base_url: str) -> list[str]:
    """Return other addresses at which the API may be if it is not at this one, the likeliest
    first."""
    address = Address.read(base_url)
    paths = dict.fromkeys((f"{address.path}/v1", *(f"/{path}" for path in _USUAL_PATHS)))
    others = [path for path in paths if path != address.path]
    return [replace(address, path=path, query="", credentials="").url for path in others]
