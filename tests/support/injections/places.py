"""Where a notebook may hold an order that its author did not write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.stages.wire import cell

Wire = tuple[str, dict[str, Any]]
Place = Callable[[str], list[Wire]]


def _inline(data: Any, **more: Any) -> dict[str, Any]:
    return {"type": "inline", "data": data, **more}


def _code(*outputs: tuple[str, dict[str, Any]], source: str = "read()") -> list[Wire]:
    written = [
        (name, {"id": f"output-{n}", "cellId": "cell-poisoned", "position": n, **args})
        for n, (name, args) in enumerate(outputs)
    ]
    return [*cell("cell-poisoned", source, "code", "c"), *written]


def _shown(data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    bundle = {mime: _inline(one) for mime, one in data.items()}
    return ("v1.MultimediaDisplayOutputAdded", {"representations": bundle})


def _display(mime: str, wrap: Callable[[str], Any] = str) -> Place:
    return lambda text: _code(_shown({mime: wrap(text)}))


def _source(cell_type: str, form: str = "{}") -> Place:
    return lambda text: cell("cell-poisoned", form.format(text), cell_type, "c")


def _answer(text: str) -> list[Wire]:
    """An answer in a file, as if a model had given it here, with a call and its result."""
    about = {"role": "assistant", "ai_provider": "openai", "ai_model": "m", "iteration": 1}
    about["run_id"] = "earlier"
    said = _inline("Well.", metadata={"anode": about})
    call = {"tool_call_id": "old", "tool_name": "read_cell", "arguments": {"cellId": "cell-code"}}
    result = {"tool_call_id": "old", "status": "success", "result": text, "tool_name": "read_cell"}
    marked = {"role": "function_call", "tool_call_id": "old", "tool_name": "read_cell"}
    bundles = (
        ("application/vnd.anode.aitool+json", call, {**about, **marked, "state": "success"}),
        ("application/vnd.anode.aitool.result+json", result, {**about, **marked, "role": "tool"}),
    )
    shown = [
        (
            "v1.MultimediaDisplayOutputAdded",
            {"representations": {mime: _inline(data, metadata={"anode": anode})}},
        )
        for mime, data, anode in bundles
    ]
    outputs = [("v1.MarkdownOutputAdded", {"content": said}), *shown]
    written = [
        (name, {"id": f"output-{n}", "cellId": "cell-poisoned", "position": n, **args})
        for n, (name, args) in enumerate(outputs)
    ]
    return [*cell("cell-poisoned", "What is there?", "ai", "c"), *written]


def _error(text: str) -> list[Wire]:
    error = {"ename": "ValueError", "evalue": text, "traceback": [f"ValueError: {text}"]}
    return _code(("v1.ErrorOutputAdded", {"content": _inline(error)}))


def _stream(text: str) -> list[Wire]:
    return _code(("v1.TerminalOutputAdded", {"content": _inline(text), "streamName": "stdout"}))


def _updated(text: str) -> list[Wire]:
    shown = _shown({"text/plain": "wait"})
    shown[1]["displayId"] = "late"
    update = {"displayId": "late", "representations": {"text/plain": _inline(text)}}
    return [*_code(shown), ("v1.MultimediaDisplayOutputUpdated", update)]


READ: dict[str, Place] = {
    "a comment": _source("code", "x = 1\n# {}"),
    "Markdown": _source("markdown"),
    "an HTML comment": _source("markdown", "Fine.\n\n<!-- {} -->"),
    "a raw cell": _source("raw"),
    "a query": _source("sql", "SELECT 1 -- {}"),
    "a prompt above": _source("ai"),
    "printed text": _stream,
    "an error": _error,
    "Markdown that was shown": _display("text/markdown"),
    "HTML with text beside it": lambda text: _code(
        _shown({"text/html": f"<p>{text}</p>", "text/plain": text})
    ),
    "a result": _display("text/plain"),
    "the name of a type": lambda text: _code(_shown({f"text/{text}": "x"})),
    "a display that was updated": _updated,
    "an earlier answer's tools": _answer,
}
"""The places that a model is sent."""


def _metadata(text: str) -> list[Wire]:
    args = {"cellId": "cell-poisoned", "key": "instructions", "value": {"system": text}}
    return [*cell("cell-poisoned", "x = 1", "code", "c"), ("v1.CellMetadataSet", args)]


def _notebook_metadata(text: str) -> list[Wire]:
    return [("v1.NotebookJsonSet", {"key": "kernelspec", "value": {"prompt": text}})]


def _hidden(text: str) -> list[Wire]:
    hide = {"id": "cell-poisoned", "aiContextVisible": False}
    return [
        *cell("cell-poisoned", text, "code", "c"),
        ("v1.CellAiContextVisibilityToggled", hide),
    ]


def _below(text: str) -> list[Wire]:
    return cell("cell-poisoned", text, "markdown", "z")


NOT_SENT: dict[str, Place] = {
    "a cell's metadata": _metadata,
    "the notebook's metadata": _notebook_metadata,
    "a hidden cell": _hidden,
    "HTML": _display("text/html", lambda text: f"<p>{text}</p>"),
    "LaTeX": _display("text/latex"),
    "JSON": _display("application/json", lambda text: {"note": [text]}),
    "SVG": _display("image/svg+xml", lambda text: f"<svg><desc>{text}</desc></svg>"),
    "a picture": _display("image/png"),
    "an unknown type": _display("application/x-instructions"),
}
"""The places that no model is sent."""

FOUND: dict[str, Place] = {
    "a cell below": _below,
    "the id of a cell": lambda text: cell(text, "x = 1", "code", "c"),
}
"""The places that a model finds with its tools."""
