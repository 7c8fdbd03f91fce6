"""What the stand-in server allows pages of other origins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cors:
    """Cross-origin rules; `Cors(enabled=False)` grants nothing.

    on_errors: False leaves the headers off answers of 400 and above, as servers do whose error path
    goes round their CORS layer: a page then sees a network error. allow_headers: what a preflight
    grants. private_network: answer the preflight of Private Network Access, which Chrome sends
    from 104 on where a page calls a more private network
    (developer.chrome.com/blog/private-network-access-preflight), and of its successor's first name.
    asks_for: a header without which nothing is granted, as Anthropic has it; its value is "true".
    """

    enabled: bool = True
    on_errors: bool = True
    allow_headers: tuple[str, ...] = ("Authorization", "Content-Type")
    expose_headers: tuple[str, ...] = ("x-request-id", "retry-after", "retry-after-ms")
    private_network: bool = True
    asks_for: str = ""

    def response_headers(self, request: Mapping[str, str], status: int) -> dict[str, str]:
        """The headers of an answer with that status; `request` finds names in any case."""
        origin = request.get("Origin")
        asked = request.get("Access-Control-Request-Headers", "").lower()
        lacks = self.asks_for and self.asks_for not in asked
        if lacks and request.get(self.asks_for) != "true":
            return {}
        if not self.enabled or origin is None or (status >= 400 and not self.on_errors):
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": ", ".join(self.expose_headers),
            "Vary": "Origin",
        }

    def preflight_headers(self, request: Mapping[str, str]) -> dict[str, str]:
        """What a preflight's answer holds beyond `response_headers`."""
        if not self.enabled:
            return {}
        headers = {
            "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
            "Access-Control-Allow-Headers": ", ".join(self.allow_headers),
        }
        for kind in ("Private", "Local"):
            asked = request.get(f"Access-Control-Request-{kind}-Network") == "true"
            if asked and self.private_network:
                headers[f"Access-Control-Allow-{kind}-Network"] = "true"
        return headers
