"""Functions whose code seems to be in any file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any


def as_code_of(path: str, call: Callable[[], object]) -> Callable[[], object]:
    """A function of the file at this path; it calls ``call``, with no other frame between."""
    names: dict[str, Any] = {}
    exec(compile("def run(call):\n    return call()", path, "exec"), names)
    return partial(names["run"], call)
