"""What to do about an answer that a page was not let read, or was not let in by.

A browser says the same of a service that lets no page read its answers, and of one that leaves the
headers for that (CORS) off its refusals, such as that of a wrong key. What is documented of the
service tells which is likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...errors import AuthenticationError, NetworkError, ProviderError

Allows = Literal["yes", "no", "set up", "unknown"]

_NO_KEY = "No API key is set."
_ENTER = (
    "If the service wants a key, enter one in the AI settings: a refusal without one may look like "
    "this to a page."
)
_CHECK = (
    "Check the API key in the AI settings: a service that leaves the CORS headers off its errors "
    "looks like this to a page when the key is wrong."
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is documented of a service: its name, what a page must know (``cors``), whether it
    ``allows`` pages to read its answers, and when that was ``checked``, "" if nobody could."""

    title: str = ""
    cors: str = ""
    allows: Allows = "unknown"
    checked: str = ""

    def describe(self) -> str:
        """Return it as a sentence; "" if nothing is documented."""
        if not self.cors:
            return ""
        since = f", as of {self.checked}" if self.checked else ""
        return f"{self.title}{since}: {self.cors}"


def explain_unread(error: ProviderError, reach: Reach, *, keyed: bool) -> ProviderError:
    """Return the error with advice that names what is most likely first. ``keyed`` says whether a
    key, or what stands for one, was sent. Where none was, that is said first."""
    if isinstance(error, AuthenticationError) and not keyed:
        error.advice = f"{_NO_KEY} {error.advice}"
    if not (isinstance(error, NetworkError) and error.may_be_cors):
        return error
    no_key = not keyed and reach.allows != "set up"
    if no_key:
        error.message = f"{_NO_KEY} {error.message}"
        error.args = (error.message,)
    key_first = _ENTER if no_key else _CHECK if reach.allows == "yes" else ""
    key_last = _CHECK if keyed and reach.allows == "unknown" else ""
    advice = (key_first, reach.describe(), error.advice, key_last)
    error.advice = " ".join(filter(None, advice))
    return error
