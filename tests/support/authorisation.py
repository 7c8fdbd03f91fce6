"""A service that signs people in, as OpenRouter documents it: PKCE by S256, each code good for one
key, given to whoever knows the verifier. A test decides what the person answers."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from runt_pyodide.llm.transport.base import Request, Response

API = "https://openrouter.ai/api/v1"
ANSWER = {"choices": [{"message": {"content": "ok"}, "finish_reason": "stop"}]}
MODELS = [{"id": "openrouter/auto", "name": "Auto Router", "supported_parameters": ["tools"]}]


class AuthorisationServer:
    """Also a transport, which answers at OpenRouter's addresses: the exchange, the key's budget and
    the list of models."""

    def __init__(self) -> None:
        self.allows = True
        self.exchanged: list[dict[str, str]] = []
        self.keys: list[str] = []
        self._challenges: dict[str, str] = {}

    def decide(self, address: str) -> str:
        """Return the address that a person, who allows it or not, is sent back to from this one."""
        url = urlsplit(address)
        assert (url.hostname, url.path) == ("openrouter.ai", "/auth")
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert asked["code_challenge_method"] == "S256"
        given = {"error": "access_denied"}
        if self.allows:
            code = f"code-{len(self._challenges) + 1}-of-this-test"
            self._challenges[code] = asked["code_challenge"]
            given = {"code": code}
        back = asked["callback_url"]
        return f"{back}{'&' if urlsplit(back).query else '?'}{urlencode(given)}"

    def answer(self, method: str, url: str, headers: dict[str, str], body: str) -> tuple[int, Any]:
        """Return the status and the JSON of an answer."""
        key = {name.lower(): text for name, text in headers.items()}.get("authorization", "")
        if (method, url) == ("POST", f"{API}/auth/keys"):
            return self._exchange(json.loads(body))
        if key.removeprefix("Bearer ") not in self.keys:
            return 401, {"error": {"message": "No auth credentials found", "code": 401}}
        if url == f"{API}/key":
            return 200, {"data": {"label": "sk-or-v1-abc", "usage": 1.2, "limit": 10}}
        return 200, ANSWER if url.endswith("/chat/completions") else {"data": MODELS}

    def _exchange(self, asked: dict[str, str]) -> tuple[int, Any]:
        self.exchanged.append(asked)
        digest = sha256(asked["code_verifier"].encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if self._challenges.get(asked["code"]) != challenge:
            return 403, {"error": {"message": f"Invalid code {asked['code']}", "code": 403}}
        self._challenges[asked["code"]] = "used"
        self.keys.append(f"sk-or-v1-{len(self.keys)}-{'0123456789abcdef' * 4}")
        return 200, {"key": self.keys[-1], "user_id": "user-1"}

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        sent = (request.body or b"").decode()
        status, said = self.answer(request.method, request.url, dict(request.headers), sent)
        yield Response(status, {"content-type": "application/json"}, _pieces(json.dumps(said)))


async def _pieces(text: str) -> AsyncGenerator[bytes, None]:
    yield text.encode()


def paste_from(
    service: AuthorisationServer, read_output: Callable[[], str]
) -> Callable[[str], str]:
    """Return a ``getpass`` whose person opens the address that was printed, and pastes the next."""

    def paste(prompt: str) -> str:
        assert "address" in prompt
        return service.decide(next(word for word in read_output().split() if "/auth?" in word))

    return paste
