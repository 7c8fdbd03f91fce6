"""What is checked of what came: each name of an expectation, and how it is compared."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.support.services.run import Outcome
from tests.support.services.setups import Found

ABSENT = "(absent)"


def check(found: Found, expected: Mapping[str, Any]) -> list[str]:
    """Return what is not as expected; nothing if all is. A run ends well unless an ``error`` is
    expected, and one of the expectations of ``either`` must hold."""
    if "either" in expected:
        faults = [check(found, one) for one in expected["either"]]
        return [] if not all(faults) else [" or ".join(map(str, faults))]
    if isinstance(found, Outcome):
        expected = {"error": "", **expected}
    return [
        f"{name}: expected {wanted!r}, found {read!r}"
        for name, read, wanted in _pair(found, expected)
        if not _COMPARE.get(name, matches)(read, wanted)
    ]


def look_up(value: Any, path: str) -> Any:
    """Return what stands at "a.0.b" in JSON; "(absent)" if nothing does."""
    for key in path.split("."):
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (LookupError, TypeError):
            return ABSENT
    return value


def matches(value: Any, wanted: Any) -> bool:
    """Return whether a value is the wanted one, or its JSON has the pattern in "~pattern"."""
    if isinstance(wanted, str) and wanted.startswith(("~", "!~")):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return bool(re.search(wanted.partition("~")[2], text)) != wanted.startswith("!")
    return bool(value == (None if wanted == "(null)" else wanted))


def _pair(found: Found, expected: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the name of each expectation, what was found, and what is wanted."""
    for name, wanted in expected.items():
        if name == "sent":
            yield from _pair_sent(_read(found, "bodies"), wanted)
        elif name == "headers":
            for header, value in wanted.items():
                yield header, (_read(found, name) or {}).get(header, ABSENT), value
        else:
            yield name, _read(found, name), wanted


def _pair_sent(bodies: list[Any], wanted: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield what stands at each path of a body: "2/messages.0.role" of the second, or of the last
    one if no place is named."""
    for path, value in wanted.items():
        place, slash, rest = path.rpartition("/")
        body = bodies[int(place) - 1 if slash else -1]
        yield path, look_up(body, rest), value


def _read(found: Found, name: str) -> Any:
    if not isinstance(found, Outcome):
        return found.get(name)
    return _FACTS[name](found) if name in _FACTS else getattr(found, name)


def _is_error(error: Any, wanted: str) -> bool:
    """Return whether an error is of the class of that name, or of one below it; "" for none."""
    return any(one.__name__ == wanted for one in type(error).__mro__) if wanted else error is None


def _has_all(text: str, wanted: str | list[str]) -> bool:
    patterns = [wanted] if isinstance(wanted, str) else wanted
    return all(re.search(one, text, re.IGNORECASE) for one in patterns)


def _has_none(text: str, wanted: str | list[str]) -> bool:
    patterns = [wanted] if isinstance(wanted, str) else wanted
    return not any(re.search(one, text, re.IGNORECASE) for one in patterns)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "error": _is_error,
    "says": _has_all,
    "says_not": _has_none,
    "told": _has_all,
}
_FACTS: dict[str, Callable[[Outcome], Any]] = {
    "says": lambda one: str(one.error or ""),
    "says_not": lambda one: f"{one.error or ''} {one.told} {one.said}",
    "asked": lambda one: len(one.service.chats),
    "hosts": lambda one: [urlsplit(chat.url).hostname for chat in one.service.chats],
    "bodies": lambda one: one.service.bodies,
    "model": lambda one: one.service.bodies[-1].get("model"),
    "shorter": lambda one: (
        len(one.service.chats[-1].body or b"") < len(one.service.chats[0].body or b"")
    ),
    "length": lambda one: len(one.text),
}
