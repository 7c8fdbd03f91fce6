"""One prompt with one script, and the result wherever it runs: in the demo's runtime, JupyterLite,
PyScript, marimo and Node. ``DESCRIBE`` is Python code for all of these, and for the tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

PROMPT = "What is the weather in Bern?"
CALL = {"name": "weather", "arguments": {"city": "Bern"}, "id": "call_bern"}
CONFIG: dict[str, Any] = {
    "defaultProvider": "test",
    "providers": {
        "test": {
            "responses": [
                {
                    "prompt": PROMPT,
                    "turns": [
                        {"thinking": "I call it.", "text": "I *look*.", "toolCalls": [CALL]},
                        {"text": "It is **sunny** in Bern: \u00fc, \u5317\u4eac, \U0001f642."},
                    ],
                }
            ]
        }
    },
    "tools": {"weather": "auto"},
}
TOOL = '''
from runt_pyodide import tool

@tool
def weather(city: str) -> dict:
    """The weather of a city."""
    return {"city": city, "sky": "sunny"}
'''
DESCRIBE = '''
def describe(outputs):
    """The outputs without what differs from run to run: ids, times, counts."""
    apart = {"run_id", "duration_ms", "usage", "manifest", "run"}
    described = []
    for output in outputs:
        bundle = {mime: one.data for mime, one in output.bundle.items()}
        for data in bundle.values():
            if isinstance(data, dict):
                data.pop("timestamp", None)
        record = output.metadata.get("anode", {})
        anode = {key: value for key, value in record.items() if key not in apart}
        described.append([output.kind, output.text, bundle, anode])
    return described
'''
# Asks, and leaves the description as JSON text in `described`.
ASK = f"""
import json
from runt_pyodide import ask, configure
{TOOL}
{DESCRIBE}
configure(json.loads({json.dumps(CONFIG)!r}))
answer = await ask({PROMPT!r})
described = json.dumps(describe(answer.exchange.outputs))
"""


def describe(outputs: Iterable[Any]) -> list[Any]:
    """As JSON has it."""
    scope: dict[str, Any] = {}
    exec(DESCRIBE, scope)
    described: list[Any] = json.loads(json.dumps(scope["describe"](outputs)))
    return described
