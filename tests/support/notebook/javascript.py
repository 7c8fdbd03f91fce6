"""Asks JavaScript to check events."""

from __future__ import annotations

import json
import math
import subprocess
from pathlib import Path
from typing import Any, Self

from scripts.paths import ROOT

_PROGRAM = Path(__file__).with_name("check_events.mjs")


class EventCheck:
    """One Node process that is asked again and again; use it in ``with``."""

    def __enter__(self) -> Self:
        self._node = subprocess.Popen(
            ["node", str(_PROGRAM)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._node.communicate()

    def check(self, events: list[Any]) -> list[dict[str, Any]]:
        """{"known": bool, "event": as it was read} or {"fault": text} for each."""
        assert self._node.stdin and self._node.stdout
        print(json.dumps(_spell(events)), file=self._node.stdin, flush=True)
        answers: list[dict[str, Any]] = json.loads(self._node.stdout.readline())
        return answers


def _spell(value: Any) -> Any:
    """``value`` in JSON: what it has no number for is spelt."""
    if isinstance(value, dict):
        return {key: _spell(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spell(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"$number": {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")}
    return value
