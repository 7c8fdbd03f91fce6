"""Notebook files that no Jupyter has written."""

from __future__ import annotations

import json
from typing import Any

from tests.support.hostile.forged_files import FORGED
from tests.support.hostile.texts import deep


def notebook(*cells: Any, **more: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [*cells], **more}


def markdown(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def code(*outputs: Any, **more: Any) -> dict[str, Any]:
    empty = {"execution_count": None, "metadata": {}, "source": ""}
    return {"cell_type": "code", "outputs": [*outputs], **empty, **more}


def doubling(count: int) -> dict[str, Any]:
    """Pictures that each hold two references to the next."""
    return {
        f"{n}.png": {"image/png": f"attachment:{n + 1}.png attachment:{n + 1}.png "}
        for n in range(count)
    }


FILES: dict[str, bytes] = {
    name: (file if isinstance(file, str) else json.dumps(file)).encode()
    for name, file in {
        "no JSON": "{",
        "deep JSON": "[" * 100_000,
        "deep cells": '{"cells":' * 5_000 + "1" + "}" * 5_000,
        "another list": "[1, 2, 3]",
        "no cells": {"cells": {}},
        "pictures that double": notebook(markdown("attachment:0.png", attachments=doubling(40))),
        "a picture, repeated": notebook(
            markdown("attachment:a" * 9_000, attachments={"a": {"image/png": "A" * 100_000}})
        ),
        "many pictures": notebook(
            markdown(
                "attachment:x" * 5_000,
                attachments={f"n{n}": {"image/png": "A"} for n in range(5_000)},
            )
        ),
        "deep metadata": notebook(markdown("a"), metadata={"runt": deep(900)}),
        "a long title": notebook(markdown("a"), metadata={"title": "t" * 1_000_000}),
        "names of objects": json.dumps(notebook(markdown("a", id="__proto__"))).replace(
            '"nbformat"', '"__proto__": {"isEmpty": 1}, "nbformat"'
        ),
        "10,000 cells": notebook(*[markdown("a") for _ in range(3_000)]),
        "a stream of lists": notebook(
            code({"output_type": "stream", "name": "stdout", "text": ["a\n"] * 100_000})
        ),
        "an error of numbers": notebook(
            code({"output_type": "error", "ename": 1, "evalue": [], "traceback": "x"})
        ),
        "numbers beyond all": '{"cells": [{"cell_type": "code", "source": "", "outputs": '
        '[{"output_type": "display_data", "data": {"application/json": 1e999}}]}]}',
    }.items()
} | FORGED
