"""Why a page's request got no answer, as far as the browser lets a page find out.

``fetch`` says the same in every case: "TypeError: Failed to fetch". What tells them apart is what
the page knows of itself and its browser, and whether the server answers a bare request.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from ...errors import CorsError, LocalNetworkError, MixedContentError, NetworkError, OfflineError

Space = Literal["public", "local", "loopback"]
Mode = Literal["cors", "no-cors", "preflight"]

_PRIVACY: dict[Space, int] = {"public": 0, "local": 1, "loopback": 2}


@dataclass(frozen=True, slots=True)
class Page:
    """What the page knows. ``origin`` is empty if there is no page. ``permission`` is the state of
    the permission to reach the server's network ("granted", "denied" or "prompt"), and empty in a
    browser without such a permission. ``requires_corp`` says that the page's embedder policy
    (COEP: require-corp) blocks answers without a header that few servers send, so that a bare
    request says nothing."""

    origin: str = ""
    online: bool = True
    permission: str = ""
    requires_corp: bool = False


async def explain(
    url: str, reason: str, page: Page, answers: Callable[[Mode], Awaitable[bool]]
) -> NetworkError:
    """Return the error for a request to ``url`` that got no answer. ``reason`` is what the browser
    said.

    ``answers`` tells whether a GET gets an answer: a bare one that the page may read ("cors") or
    not ("no-cors"), or one with the headers of the request ("preflight"), which the server has to
    allow beforehand.
    """
    scheme, host = _split(url)
    server = f"{scheme}://{host}"
    if scheme not in ("http", "https") or not host:
        return NetworkError(
            f"{url!r} is not the address of a server.",
            advice="Check the base URL in the AI settings: it should look like https://host/v1.",
        )
    own, space = find_space(page.origin), find_space(url)
    if not page.online and space != "loopback":
        return OfflineError("The browser is offline.")
    if page.origin.startswith("https:") and scheme == "http" and not _may_mix(space, page):
        return MixedContentError(
            f"This page came by https, so the browser does not let it call {server}."
        )
    if page.permission == "denied" and _PRIVACY[own] < _PRIVACY[space]:
        return _local_network_error(server, page)
    if await answers("cors"):
        if await answers("preflight"):
            return _lost_error(server, reason)
        return _cors_error(f"{server} does not let this page send the headers it needs", page)
    if await answers("no-cors"):
        return _cors_error(f"{server} is there, but does not let this page read its answers", page)
    if page.requires_corp:
        return _hidden_error(server, reason, page)
    return NetworkError(f"No answer from {server} ({reason}).")


def _cors_error(found: str, page: Page) -> CorsError:
    return CorsError(
        f"The server at {found} (CORS).",
        advice=f"{_allow(page)}, or use a server that allows it.",
        origin=page.origin,
    )


def _lost_error(server: str, reason: str) -> NetworkError:
    """Return the error for a server that answers bare requests, and lets the page read that.

    LiteLLM's proxy, for one, leaves the CORS headers off its answer to a request without a key.
    """
    error = NetworkError(
        f"The server at {server} ended the connection without an answer, or gave one that this "
        f"page may not read ({reason}).",
        advice="Look at the server's log and run the cell again.",
    )
    error.may_be_cors = True
    return error


def _hidden_error(server: str, reason: str, page: Page) -> NetworkError:
    error = NetworkError(
        f"No answer from {server} ({reason}), or none that this page may read (CORS): as the page "
        "is isolated (COEP: require-corp), the browser does not say which.",
        advice=f"Check the base URL, and that the server is running. If it is: {_allow(page)}.",
    )
    error.may_be_cors, error.origin = True, page.origin
    return error


def _allow(page: Page) -> str:
    origin = page.origin or "of this page"
    return (
        f"Allow the origin {origin} on the server, with the headers Authorization and Content-Type"
    )


def find_space(url: str) -> Space:
    """Return where the host of a URL is, by its name alone: its address is not looked up.

    Source: https://wicg.github.io/local-network-access/.
    """
    host = urlsplit(f"//{_split(url)[1]}").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return "loopback"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "local" if host.endswith(".local") else "public"
    if address.is_loopback:
        return "loopback"
    return "local" if address.is_private or address.is_link_local else "public"


def _split(url: str) -> tuple[str, str]:
    """Return the scheme, and the host with its port; empty if there is none."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that nothing closes
        return "", ""
    # What stands before an @ may be a password.
    return parts.scheme, parts.netloc.rpartition("@")[2] if parts.hostname else ""


def _may_mix(space: Space, page: Page) -> bool:
    # Loopback is not mixed content (W3C Secure Contexts), nor is a local address in browsers that
    # ask for a permission instead (WICG Local Network Access, "Integration with mixed content").
    return space == "loopback" or (space == "local" and page.permission != "")


def _local_network_error(server: str, page: Page) -> LocalNetworkError:
    found = f"The browser keeps this page from {server}, which is on this machine or near it"
    if page.origin.startswith("http:"):
        return LocalNetworkError(
            f"{found}: only pages that came by https may ask for it.",
            advice="Open this page by https, or from this machine.",
        )
    return LocalNetworkError(f"{found}.")
