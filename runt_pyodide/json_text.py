"""JSON text that others wrote: a service, a model, a store.

When JSON is nested too deep, Python's own parser overflows the stack, which ends a Pyodide.
pydantic's parser refuses such text, but it also refuses halves of surrogate pairs, which services
send. So text goes to pydantic's parser first, and what that refuses goes to Python's, unless it is
nested too deep.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import from_json

MAX_DEPTH = 250
"""How deep objects and lists may be nested in text that is read."""

# Everything in JSON text that matters for its structure. A string that nothing closes is one token
# to its end, and nothing is given back, so that no text is looked at twice.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{},]', re.DOTALL)


def read_json(text: str | bytes) -> Any:
    """Return the value of JSON text; bytes are UTF-8. Raise ValueError if it is not JSON or is
    nested deeper than ``MAX_DEPTH``."""
    text = text.removeprefix("\ufeff") if isinstance(text, str) else text.removeprefix(BOM_UTF8)
    try:
        return from_json(text)
    except ValueError:
        decoded = text if isinstance(text, str) else text.decode()
        if any(depth > MAX_DEPTH for _, depth in _marks(decoded)):
            raise ValueError(f"it is nested more than {MAX_DEPTH} deep") from None
        return json.loads(decoded)


def is_json(text: str) -> bool:
    """Return whether a text is JSON that ``read_json`` takes."""
    try:
        read_json(text)
    except ValueError:
        return False
    return True


def canonical_json(value: Any) -> str:
    """Return JSON text that is the same for the same JSON value: the order of keys does not matter,
    nor whether a whole number was written 1 or 1.0, which JavaScript does not keep."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _whole(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def split_array(text: str) -> Iterator[str]:
    """Yield the items of a JSON array as text, however deeply they are nested."""
    start = text.index("[") + 1
    for token, depth in _marks(text):
        if (token[0] == "," and depth == 1) or (token[0] == "]" and depth == 0):
            yield text[start : token.start()]
            start = token.end()


def _marks(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the brackets and commas of JSON text, each with the depth that it leads to."""
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        yield token, depth
