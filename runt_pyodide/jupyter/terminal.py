"""An exchange in a shell without displays: text on standard output, questions on standard input."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..notebook.events import ApprovalStatus
from ..notebook.hidden import show_hidden
from .controls import describe_arguments

_SAID: dict[str, ApprovalStatus] = {"y": "approved_once", "a": "approved_always"}


class Terminal:
    """Writes the text of outputs as it grows. If an output changes in another way, such as a call
    that changes its state, its first line is written."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}
        self._last = ""

    def publish(
        self,
        data: dict[str, Any],
        display_id: str,
        update: bool,  # noqa: ARG002 -- what has been written stays
        metadata: Mapping[str, Any] = MappingProxyType({}),  # noqa: ARG002 -- there is no file
    ) -> None:
        text, before = str(data.get("text/plain", "")), self._written.get(display_id, "")
        if not text or text == before:
            return
        self._written[display_id] = text
        goes_on = display_id == self._last and text.startswith(before)
        new = text[len(before) :] if goes_on else text.partition("\n")[0] if before else text
        sys.stdout.write(new if goes_on or not self._last else f"\n\n{new}")
        sys.stdout.flush()
        self._last = display_id

    def end(self) -> None:
        """End the last line."""
        if self._last:
            sys.stdout.write("\n")


def confirm(name: str, arguments: Mapping[str, Any]) -> ApprovalStatus:
    """Ask a person whether a tool may be called; deny the call if nobody can type."""
    shown = "\n".join(describe_arguments(arguments))
    sys.stdout.write(f"\n\nThe model wants to call {show_hidden(name)}:\n{shown}\n")
    try:
        said = input("Allow it? [y]es, [a]lways, [n]o: ")
    except (EOFError, OSError, RuntimeError):
        return "denied"
    return _SAID.get(said.strip().lower()[:1], "denied")
