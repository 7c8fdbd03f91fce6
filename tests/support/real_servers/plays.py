"""What the scripted model says: a prompt that holds "[weather]" is answered by the play "weather".

The model says its turns in order, one for each of its messages since that prompt; beyond the last
turn it says the last one again.
"""

from __future__ import annotations

import json


def call(name: str, **arguments: object) -> str:
    """Return a call as Hermes and Qwen write it; llama-server reads that form from the template."""
    body = json.dumps({"name": name, "arguments": arguments}, ensure_ascii=False)
    return f"<tool_call>\n{body}\n</tool_call>"


HELLO = "Gr\u00fc\u00dfe aus \u5317\u4eac, \U0001f642!\n\nThe answer is **4**: `2 + 2`."
SAID = "It is sunny in Paris, and in \u5317\u4eac it rains."
CREATED = "Two cells are there."

# llama-server holds the model to the schemas of its tools: it cannot say what they do not allow,
# such as other arguments, or these in another order.
PLAYS: dict[str, tuple[str, ...]] = {
    "hello": (HELLO,),
    "again": ("That was the second cell.",),
    "weather": (call("weather", city="Paris"), SAID),
    "two-cities": (
        "I look at both.\n"
        + call("weather", city="Paris")
        + "\n"
        + call("weather", city='\u5317\u4eac "centre"\n'),
        SAID,
    ),
    "two-cells": (
        call("create_cell", source="a = 1\nprint(a)") + "\n" + call("create_cell", source="b = 2"),
        CREATED,
    ),
    # The schema allows every number, and the type's own check even ones only.
    "even": ('{"value": 3}', '{"value": 4}'),
    "empty": ("",),
}
