"""Signing in with OpenRouter, which gives a key to who proves to have begun: PKCE by S256.

The page has the same in js/runtime/sign-in. Here no page of ours takes the callback, so the person
brings the address back. Sources: RFC 7636; openrouter.ai/docs, "OAuth PKCE".
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from ...errors import AuthenticationError, BadRequestError, PermissionDeniedError, ProtocolError
from ...json_text import read_json
from ..access.key import clean_key
from ..service_client import ServiceClient
from ..transport.base import Transport

SERVICE = "openrouter"
"""The one service that can be signed in with; the name of its preset."""
CALLBACK = "http://localhost:3000/"
"""Where OpenRouter sends the person back to: nothing has to be there, since what counts is the
address. OpenRouter's documentation names this one for programs without a site."""

API = "https://openrouter.ai/api/v1"
"""Where the key is for."""

_AUTHORIZE = "https://openrouter.ai/auth"
_LONGEST = 1 << 16
_AGAIN = "Sign in again, and paste the whole address that OpenRouter leads to."


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in, which comes back to ``callback``. The ``nonce`` in the callback's query says
    that what comes back is this one's; the ``verifier`` is told to nobody but the service."""

    callback: str = CALLBACK
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def address(self) -> str:
        """Where the person allows it."""
        url = urlsplit(self.callback)
        query = urlencode([*parse_qsl(url.query), ("nonce", self.nonce)])
        digest = sha256(self.verifier.encode()).digest()
        asked = {
            "callback_url": url._replace(query=query).geturl(),
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{_AUTHORIZE}?{urlencode(asked)}"

    def read_code(self, pasted: str) -> str:
        """Return the code in the address that the person came back to. Raise AuthenticationError if
        it is another address, another sign-in's, or the person did not allow it."""
        query = parse_qs(urlsplit(pasted.strip(" \t\r\n<>\"'")).query)
        if not query:
            raise AuthenticationError(
                "That is not the address that a sign-in comes back to.", advice=_AGAIN
            )
        if not secrets.compare_digest(query.get("nonce", [""])[0].encode(), self.nonce.encode()):
            raise AuthenticationError(
                "That address belongs to another sign-in, so nothing was taken from it.",
                advice=_AGAIN,
            )
        if not (code := query.get("code", [""])[0]):
            raise AuthenticationError(
                "OpenRouter gave no key: it was not allowed there.",
                advice="Sign in again to allow it.",
            )
        return code

    async def fetch_key(self, transport: Transport, code: str) -> str:
        """Exchange the code for a key. Raise AuthenticationError if the service does not accept it,
        or another ProviderError."""
        body = {"code": code, "code_verifier": self.verifier, "code_challenge_method": "S256"}
        hidden = (code, self.verifier)
        client = ServiceClient(SERVICE, transport, API, secrets=hidden)
        try:
            async with client.send("POST", "/auth/keys", body) as response:
                return _read_key(await response.read(_LONGEST))
        except (AuthenticationError, BadRequestError, PermissionDeniedError):
            raise AuthenticationError(
                "OpenRouter does not accept this sign-in:"
                " it was used before, is too old, or was begun elsewhere.",
                advice=_AGAIN,
            ) from None


def _read_key(body: bytes) -> str:
    try:
        if key := clean_key(read_json(body)["key"]):
            return key
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise ProtocolError("OpenRouter's answer holds no key.", advice="Sign in again later.")
