"""Headers and parameters of one's own: what can be sent, and which of them must not be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..redaction import is_secret_name
from .characters import describe, find_unsendable, strip_invisible

HIDDEN = "**********"
"""Stands for a secret in what is shown, as pydantic's SecretStr has it."""

_NOT_IN_A_NAME = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
# Headers that a page's fetch drops in silence. Source: the Fetch standard, "forbidden
# request-header".
_BROWSER_OWN = re.compile(
    r"accept-(charset|encoding)|access-control-request-\w+|connection|content-length|cookie2?|date"
    r"|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade"
    r"|via|(proxy|sec)-.*",
    re.IGNORECASE,
)
_SECRET_IN_BODY = re.compile(
    r"(api_?key|authorization|password|secret|(access|auth|bearer|api|session)_?token)$",
    re.IGNORECASE,
)


def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers as they are sent, without blanks around their values. Raise ValueError if
    a page cannot send one: it names the header and the character, not the value."""
    checked: dict[str, str] = {}
    for name, value in headers.items():
        name, value = strip_invisible(name).rstrip(":"), strip_invisible(value)
        if found := _NOT_IN_A_NAME.search(name):
            # The name is not repeated: it may be a whole header that was pasted, key and all.
            raise ValueError(f"the name of a header holds {describe(found[0])}")
        if not name:
            raise ValueError("a header has no name")
        if name.lower() in (one.lower() for one in checked):
            raise ValueError(f"the header {name!r} is given twice")
        if _BROWSER_OWN.fullmatch(name):
            raise ValueError(
                f"a browser does not let a page send the header {name!r}: leave it out"
            )
        if unsendable := find_unsendable(value):
            raise ValueError(f"the header {name!r} holds {unsendable}, which cannot be sent")
        checked[name] = value
    return checked


def merge_headers(ours: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return our headers with those of one's own in their place: a name counts in any case, since
    a page sends both values of two that differ in case alone."""
    given = {name.lower() for name in own}
    return {**{name: ours[name] for name in ours if name.lower() not in given}, **own}


def merge_body(body: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body with what is added to it: objects are merged, a null takes a field out, all
    else is replaced."""
    merged = {name: value for name, value in body.items() if extra.get(name, ...) is not None}
    for name, value in extra.items():
        if isinstance(value, Mapping):
            before = merged.get(name)
            merged[name] = merge_body(before if isinstance(before, Mapping) else {}, value)
        elif value is not None:
            merged[name] = value
    return merged


def hide_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """Return headers or parameters with ``HIDDEN`` in place of what must not be shown."""
    return {name: HIDDEN if is_secret_name(name) else value for name, value in fields.items()}


def hide_body(value: Any, name: str = "") -> Any:
    """Return the same for JSON that is added to a body, in which "max_tokens" is no secret."""
    if isinstance(value, Mapping):
        return {key: hide_body(item, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [hide_body(item, name) for item in value]
    return HIDDEN if isinstance(value, str) and _SECRET_IN_BODY.search(name) else value


def secrets_of_body(value: Any, name: str = "") -> list[str]:
    """Return what ``hide_body`` hides."""
    if isinstance(value, Mapping):
        return [one for key, item in value.items() for one in secrets_of_body(item, key)]
    if isinstance(value, list | tuple):
        return [one for item in value for one in secrets_of_body(item, name)]
    return [value] if isinstance(value, str) and _SECRET_IN_BODY.search(name) else []
