"""How Ollama is reached: settings, and its address in whatever form a person gives it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from ..access.address import Address
from ..settings import ServiceSettings

_PORT = 11434
_ENDPOINT = re.compile(r"/(v1|api)(/(chat(/completions)?|generate|models|tags|show|ps|version))?$")


class OllamaSettings(ServiceSettings):
    """Ollama, by its native API.

    ``base_url`` is any form of its address, OLLAMA_HOST's too. ``num_ctx`` is the window in
    tokens; without it the prompt and the model decide. ``keep_alive`` is how long the model stays
    loaded: seconds, or a text such as "10m". ``timeout`` is in seconds without a byte from the
    server, which loads a model for up to five minutes. ``api_key`` is for a server behind a proxy
    that asks for one.
    """

    num_ctx: Annotated[int, Field(gt=0)] | None = None
    keep_alive: float | str | None = None
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 300.0

    @property
    def address(self) -> str:
        return normalise_base_url(self.base_url or "", self.query)


def normalise_base_url(url: str, query: Mapping[str, str] | None = None) -> str:
    """Return the base URL that is meant, without a slash at the end of its path.

    It may come with or without scheme, port, ``/v1``, ``/api`` or the path of an endpoint, or as
    OLLAMA_HOST has it. A path and a query of its own are kept, and ``query`` is added to it.

    Without a scheme it is http, and the port 11434 if none is given; an address to listen on,
    such as 0.0.0.0, means this machine. Source: ollama `envconfig/config.go` (Host and
    ConnectableHost).
    """
    address = Address.read(url).with_query(query or {})
    address = replace(address, path=_ENDPOINT.sub("", address.path))
    if not address.scheme and address.host == "ollama.com":
        return replace(address, scheme="https").url
    name, port = _split_port(address.host)
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(name, name)
    if not address.scheme:
        port = port or f":{_PORT}"
    return replace(address, scheme=address.scheme or "http", host=name + port).url


def alternative_addresses(base_url: str) -> list[str]:
    """Return other addresses at which Ollama may be if it is not at this one, the likeliest
    first."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return []
    host = f"[{host}]" if host and ":" in host else host
    found = [f"{parts.scheme}://{parts.netloc}"]
    if port is None:
        found.append(f"{parts.scheme}://{host}:{_PORT}")
    if parts.scheme == "http":
        found.append(f"https://{host}")
    return [url for url in dict.fromkeys(found) if url != base_url]


def _split_port(host: str) -> tuple[str, str]:
    """The name, an IPv6 address in brackets, and the port with its colon."""
    if host.count(":") > 1 and not host.startswith("["):
        return f"[{host}]", ""
    name, colon, port = host.rpartition(":")
    return (name, f":{port}") if colon and port.isdecimal() else (host, "")
