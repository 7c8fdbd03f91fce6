"""Addresses of servers as people paste them: with or without a scheme, with a query, with capitals.

An address without a scheme is http if it can only be within one's own network, where servers have
no certificates, and https otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from typing import Self
from urllib.parse import parse_qsl, urlencode

from ..redaction import Redactor, is_secret_name, part_credentials, restore_credentials
from .characters import find_invisible, strip_invisible
from .fields import HIDDEN

# Slips of one's finger count for the schemes that are meant anyway.
_SCHEME = re.compile(
    r"(?:([a-z][a-z0-9+.-]*):)?/{2,}|(https?)(?::/?(?!\d+(?:/|$))|/{2,})", re.IGNORECASE
)
# What stands before an address where it was copied from.
_BEFORE = re.compile(
    r"(?:export\s+|\$env:)?[\"']?[a-z_]\w*[\"']?\s*[=:]\s*[\"'`<]?(?=https?://)", re.IGNORECASE
)
_AROUND = "\"'`<>\u201c\u201d\u2018\u2019"
_HOST = re.compile(r"(?:\[[^\[\]]*\]?|[^\s<>\"'{}|\\^`\[\]()=;,@:]*)(?::\d{0,5})?")
_PORT = re.compile(r":(\d*)$")
# Names that nobody outside can have. Source: RFC 6761 and 6762; ICANN's reservation of "internal",
# which Docker uses (host.docker.internal); RFC 8375; and what routers hand out.
_LOCAL_NAME = re.compile(
    r"[^.]+|(.*\.)?(localhost|local|internal|home\.arpa|lan|home|intranet|corp)", re.IGNORECASE
)
# What carriers and Tailscale hand out, which ipaddress does not count as private.
_SHARED = ip_network("100.64.0.0/10")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts. ``scheme`` is "" if none was given; ``host`` has the port, unless it
    is the scheme's own; ``path`` begins with a slash and does not end with one, or is ""."""

    scheme: str
    host: str
    path: str = ""
    query: str = ""
    credentials: str = ""

    @classmethod
    def read(cls, pasted: str) -> Self:
        """Return what is meant by the text. A fragment is dropped: no server ever sees it."""
        url, credentials = part_credentials(_take_off(pasted))
        found = _SCHEME.match(url)
        scheme = (found[1] or found[2] or "").lower() if found else ""
        rest, _, _ = url[found.end() if found else 0 :].partition("#")
        rest, _, query = rest.partition("?")
        host, _, path = rest.partition("/")
        host = host.lower()
        if host.count(":") > 1 and not host.startswith("["):
            host = f"[{host}]"  # IPv6 as people write it, without a port
        path = re.sub(r"/{2,}", "/", f"/{path}").rstrip("/")
        read = cls(scheme, host, path, query.strip("&"), credentials)
        return read.with_scheme() if scheme else read

    @property
    def is_local(self) -> bool:
        """Whether the host can only be within one's own network."""
        name = _PORT.sub("", self.host).strip("[]").rstrip(".")
        try:
            address = ip_address(name.partition("%")[0])
        except ValueError:
            return _LOCAL_NAME.fullmatch(name) is not None
        return not address.is_global or (address.version == 4 and address in _SHARED)

    def with_scheme(self) -> Self:
        """Return the address with the scheme that is meant, if none was given, and without the port
        that this scheme has anyway."""
        scheme = self.scheme or ("http" if self.is_local else "https")
        port = {"http": ":80", "https": ":443"}.get(scheme, "")
        return replace(self, scheme=scheme, host=self.host.removesuffix(port))

    def with_query(self, query: Mapping[str, str]) -> Self:
        """Return the address with these parameters, in place of those of the same names."""
        if not query:
            return self
        kept = [part for part in self.query.split("&") if part and _name_of(part) not in query]
        return replace(self, query="&".join((*kept, urlencode(query))))

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the query."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def url(self) -> str:
        """The address as one text, credentials included."""
        query = f"?{self.query}" if self.query else ""
        url = f"{self.scheme}://{self.host}{self.path}{query}"
        return restore_credentials(url, self.credentials)


def check_base_url(url: str | None) -> str | None:
    """Return the address, None if it is blank. Raise ValueError if no server can be at it."""
    meant = _take_off(url or "")
    found = _SCHEME.match(part_credentials(meant)[0])
    if found and (found[1] or "http").lower() not in ("http", "https"):
        raise ValueError(
            f"{found[1]}:// is not the address of a server: give one with http:// or https://"
        )
    if held := find_invisible(meant):
        raise ValueError(f"the address holds {held}: copy it once more")
    host = Address.read(meant).host
    if meant and (not host or not _HOST.fullmatch(host)):
        # It is not repeated: it may be anything, such as a key.
        raise ValueError("this is not the address of a server: it should look like https://host/v1")
    if not set("./?:@").intersection(meant) and Redactor().text(meant) != meant:
        raise ValueError("this looks like a key, not like an address: enter it as the key")
    return url if meant else None


def _take_off(pasted: str) -> str:
    """Return the address without what was copied with it."""
    before, text = None, pasted
    while text != before:
        before = text
        text = strip_invisible(strip_invisible(text).strip(_AROUND)).rstrip(",;")
        text = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
    return text


def hide_credentials(url: str | None) -> str | None:
    """Return the address as it may be shown: without "user:password@", and without the values of
    parameters whose names say that they are secret."""
    return url and _change_secrets(url, lambda name: f"{name}={HIDDEN}")


def drop_credentials(url: str) -> str:
    """Return the address without "user:password@", and without parameters whose names say that
    they are secret."""
    return _change_secrets(url, lambda _: "").rstrip("?&")


def _change_secrets(url: str, change: Callable[[str], str]) -> str:
    base, question, query = part_credentials(url)[0].partition("?")
    parts = [
        change(name) if (name := part.partition("=")[0]) != part and is_secret_name(name) else part
        for part in query.split("&")
    ]
    return base + question + "&".join(filter(None, parts))


def _name_of(part: str) -> str:
    return next((name for name, _ in parse_qsl(part, keep_blank_values=True)), "")
