"""Secrets taken out of what is shown or written down: keys, and passwords in addresses."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Self
from urllib.parse import quote, unquote

from .secret_shapes.cover import ALONE, cover_secrets

MARK = "[key]"
# How the keys of AI services look, as their documentation shows them: OpenAI and those that follow
# it (sk-), Groq, Hugging Face, xAI, Google, GitHub; and a header that was pasted. They hold digits,
# which tells them from words. What stands before one is not part of a longer word, such as base64.
# The secrets of other services are in secret_shapes/shapes.json.
_SHAPES = re.compile(
    rf"(?=[sghxA]|(?<=[Bb]earer )){ALONE}(?:"  # most letters begin none, which saves time
    r"(?=[\w-]*\d)(?:sk|gsk|hf|xai|gh[pousr]|github_pat)[-_][\w-]{16,}"
    r"|AIza[\w-]{35}"
    r"|(?<=[Bb]earer )(?=\S*\d)[\w.~+/-]{16,}=*"
    r")",
    re.ASCII,
)
_LONG = 8
# "user:password@" of a URL: all before the last @ of its host, as browsers read it.
_CREDENTIALS = re.compile(r"^(\s*+(?:(?:[a-z][a-z0-9+.-]*:)?//)?+)([^/\\?#]*)@", re.IGNORECASE)
_SECRET_NAMES = re.compile(
    r"auth|bearer|cookie|credential|jwt|key|passw|pwd|secret|session|\bsig(nature)?\b|token",
    re.IGNORECASE,
)


class Redactor:
    """Replaces ``secrets``, and whatever has the shape of a service's key, by "[key]".

    A secret is found as it is, and as URLs and JSON write it. A short one, such as the stand-in
    that a local server is given, is replaced as a whole word alone.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        known = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(_pattern, known))) if known else None

    @classmethod
    def of_keys(cls, secrets: Iterable[str]) -> Self:
        """Return a redactor for a notebook's texts, of the ``secrets`` that look like keys. What
        people enter for local servers is a plain word, which may occur anywhere."""
        return cls(filter(_looks_like_key, secrets))

    def text(self, text: str) -> str:
        return cover_secrets(_SHAPES.sub(MARK, self.known(text)), MARK)

    def known(self, text: str) -> str:
        """Return the text without the secrets that are known. What only looks like a key stays, as
        it must in a signature."""
        return text if self._known is None else self._known.sub(MARK, text)

    def json(self, value: Any, opaque: Collection[str] = ()) -> Any:
        """Return the same value, every text in it redacted, names of fields included. From what
        fields of the names ``opaque`` hold, only known secrets are taken out."""
        return self._redact(value, self.text, opaque)

    def _redact(self, value: Any, redact: Callable[[str], str], opaque: Collection[str]) -> Any:
        if isinstance(value, str):
            return redact(value)
        if isinstance(value, dict):
            return {
                redact(name): self._redact(item, self.known if name in opaque else redact, opaque)
                for name, item in value.items()
            }
        if isinstance(value, list):
            return [self._redact(item, redact, opaque) for item in value]
        return value


def equal_but_for_keys(recorded: str, asked: str) -> bool:
    """Return whether the texts are equal, if "[key]" in the recorded one stands for any word: who
    plays a recording does not know the key that was taken out of it."""
    if recorded == asked or MARK not in recorded:
        return recorded == asked
    return re.fullmatch(r"\S+".join(map(re.escape, recorded.split(MARK))), asked) is not None


def part_credentials(url: str) -> tuple[str, str]:
    """Return the URL without the "user:password@" in it, and what stood before the @, or ""."""
    found = _CREDENTIALS.match(url)
    return (found[1] + url[found.end() :], found[2]) if found else (url, "")


def restore_credentials(url: str, credentials: str) -> str:
    """Return a URL with a scheme, and the credentials in it that were parted from it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{credentials}@{rest}" if credentials else url


def encode_basic(credentials: str) -> str:
    """Return the credentials of a URL as HTTP's Basic scheme sends them (RFC 7617)."""
    return b64encode(unquote(credentials).encode()).decode()


def secrets_of_credentials(credentials: str) -> Iterator[str]:
    """Yield what nobody may see of a URL's credentials: the password, or the name if there is no
    password, and the forms in which it is sent."""
    if not credentials:
        return
    name, _, password = credentials.partition(":")
    yield from (credentials, unquote(credentials), encode_basic(credentials))
    yield from (password or name, unquote(password or name))


def secrets_of_fields(fields: Mapping[str, str]) -> Iterator[str]:
    """Yield the values of headers, or of parameters in a query, whose names say that they are
    secret, and what stands in them after a scheme such as "Bearer"."""
    for name, value in fields.items():
        if is_secret_name(name):
            yield value
            _, _, token = value.strip().partition(" ")
            yield from filter(None, (token.strip(),))


def is_secret_name(name: str) -> bool:
    """Return whether a header or a parameter of this name holds a secret, for all we know."""
    return _SECRET_NAMES.search(name) is not None


def _looks_like_key(secret: str) -> bool:
    return len(secret) >= 16 or (len(secret) >= 8 and any(map(str.isdigit, secret)))


def _forms(secret: str) -> Iterator[str]:
    """Yield how languages write a secret into URLs, JSON and HTML; tests/data/secret-forms.json
    says which."""
    yield secret
    in_url = quote(secret, safe="")
    yield in_url
    yield quote(secret, safe="!'()*")
    yield re.sub("%..", lambda code: code[0].lower(), in_url)
    in_json = json.dumps(secret)[1:-1]
    yield in_json
    yield in_json.replace("/", r"\/")
    yield re.sub("[&<>]", lambda it: f"\\u{ord(it[0]):04x}", in_json)
    without_quotes = secret.replace("\\", r"\\")
    yield re.sub("[\"&'+<>`]", lambda it: f"\\u{ord(it[0]):04X}", without_quotes)
    yield html.escape(secret)
    yield html.escape(secret).replace("&#x27;", "&#39;")


def _pattern(secret: str) -> str:
    escaped = re.escape(secret)
    return escaped if len(secret) >= _LONG else rf"(?<!\w){escaped}(?!\w)"
