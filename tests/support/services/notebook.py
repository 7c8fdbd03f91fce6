"""A notebook whose cells ask all that a service may have rules about."""

from __future__ import annotations

from typing import Any

CELLS: tuple[dict[str, Any], ...] = (
    {"prompt": "What is the weather in Rome?", "settings": {"temperature": 0.5, "max_tokens": 99}},
    {"prompt": "Thanks."},
    {"prompt": "And now?", "tools": []},
    {"prompt": "How many?", "returns": "int"},
    {"prompt": "How many, again?", "returns": "int", "tools": []},
    {"prompt": "What is the weather in Rome?"},
)
"""What they ask, one below the other: for two calls, for a plain answer, without tools, for a
number, for a number without tools, and again for two calls; as `Cells.ask` takes it."""
