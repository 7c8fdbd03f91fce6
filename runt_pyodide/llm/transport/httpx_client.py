"""Requests of a Python outside the browser, by httpx, which need not be installed.

httpx is imported for the first request, since that takes a quarter of a second. Each event loop has
a client of its own, whose connections serve the next request if an answer was read to its end. The
environment's proxies (HTTPS_PROXY and so on) and certificates (SSL_CERT_FILE) are httpx's matter.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from ...errors import ConfigError, CutStreamError, NetworkError
from .base import Request, Response

if TYPE_CHECKING:
    import httpx

_ENVIRONMENT = (
    "Check the environment variables HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY and "
    "SSL_CERT_FILE."
)
_CERTIFICATE = (
    "Check the base URL. If a proxy or your organisation signs its own certificates, name their "
    "file in the environment variable SSL_CERT_FILE."
)
_PROXY = "Check the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names in the environment."


class HttpxTransport:
    """The transport of CPython. Needs httpx."""

    def __init__(self) -> None:
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, _Client] = WeakKeyDictionary()

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        import httpx

        client = await self._client()
        try:
            built = client.build_request(
                request.method, request.url, headers=dict(request.headers), content=request.body
            )
            # What was given for one address alone is not sent to another.
            answer = await client.send(built, stream=True, follow_redirects=not request.has_secrets)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise _explain(request.url, error) from None
        body = _read(answer)
        try:
            yield Response(answer.status_code, dict(answer.headers), body)
        finally:
            await body.aclose()
            await answer.aclose()

    async def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        held = self._clients.get(loop)
        if held is None or held.client.is_closed:
            held = self._clients[loop] = _Client()
            await held.hold()
        return held.client


class _Client:
    """The client of an event loop. It is closed when the loop shuts its generators down, as
    `asyncio.run` does at its end."""

    def __init__(self) -> None:
        import httpx

        try:
            # Who sends a request watches how long nothing comes.
            self.client = httpx.AsyncClient(timeout=None)
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            raise ConfigError(
                f"No request can be sent with the proxies and certificates that are set: {error}.",
                advice=_ENVIRONMENT,
            ) from None
        self._held = self._until_the_end()

    async def hold(self) -> None:
        """Begin to wait for the end of the event loop."""
        await anext(self._held)

    async def _until_the_end(self) -> AsyncGenerator[None, None]:
        client = self.client
        try:
            yield
        finally:
            await client.aclose()


async def _read(answer: httpx.Response) -> AsyncGenerator[bytes, None]:
    import httpx

    try:
        async for piece in answer.aiter_bytes():
            yield piece
    except httpx.RequestError as error:
        raise CutStreamError(
            f"The connection ended in the middle of the answer ({_reason(error)})."
        ) from None


def _explain(url: str, error: Exception) -> NetworkError:
    """Return why a request got no answer."""
    import httpx

    server = _server_of(url)
    if not server or isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return NetworkError(
            f"{url!r} is not the address of a server.",
            advice="Check the base URL: it should look like https://host/v1.",
        )
    if isinstance(error, httpx.ProxyError):
        return NetworkError(
            f"No answer from {server}: the proxy did not let the request pass ({_reason(error)}).",
            advice=_PROXY,
        )
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return NetworkError(
            f"No answer from {server}: its certificate is not trusted here ({_reason(error)}).",
            advice=_CERTIFICATE,
        )
    if isinstance(error, httpx.ConnectError):
        return NetworkError(f"No answer from {server} ({_reason(error)}).")
    return NetworkError(
        f"The server at {server} ended the connection without an answer ({_reason(error)}).",
        advice="Look at the server's log and run the cell again.",
    )


def _server_of(url: str) -> str:
    """Return the scheme and the host with its port, without what may be a password; "" if there is
    none."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2] if parts.hostname else ""
    except ValueError:  # a bracket that nothing closes
        return ""
    return f"{parts.scheme}://{host}" if parts.scheme in ("http", "https") and host else ""


def _reason(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
