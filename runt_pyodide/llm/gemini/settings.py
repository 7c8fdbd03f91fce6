"""How Gemini is reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ..access.address import Address
from ..services.known import SERVICES
from ..settings import ServiceSettings

# The paths of endpoints, which people paste with the address, and of the API that is OpenAI's.
_ENDPOINT = re.compile(r"(/openai)?(/(models|chat)(/[^/]*)?)?$", re.IGNORECASE)
_VERSION = re.compile(r"/v\d+\w*(/|$)")


class GeminiSettings(ServiceSettings):
    """Google's Gemini, by its own API.

    ``base_url`` is any form of its address, with or without ``/v1beta``. ``timeout`` is in seconds
    without a byte from the server.
    """

    @property
    def address(self) -> str:
        return normalise_base_url(self.base_url or SERVICES["gemini"].base_url, self.query)


def normalise_base_url(url: str, query: Mapping[str, str] | None = None) -> str:
    """Return the base URL that is meant, with a version in its path."""
    address = Address.read(url).with_scheme().with_query(query or {})
    path = _ENDPOINT.sub("", address.path)
    return replace(address, path=path if _VERSION.search(path) else f"{path}/v1beta").url


def alternative_addresses(base_url: str) -> list[str]:
    """Return other addresses at which the API may be if it is not at this one."""
    address = Address.read(base_url)
    others = (
        replace(address, path=path, query="", credentials="").url
        for path in ("/v1beta", "/gemini/v1beta", "/v1")
    )
    return [url for url in others if url != base_url.partition("?")[0]]
