"""Controls in a cell's output: HTML whose buttons send messages over a BroadcastChannel.

A kernel in a worker takes no messages and no interrupts while a cell runs. But a BroadcastChannel
reaches the worker's event loop, which is free while an AI cell waits for its model.

A notebook may be saved while the cell runs, and opened when nobody hears the buttons any more. So
they are not in the HTML: a handler asks over the channel, and adds them once the run answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Protocol

from ..notebook.hidden import show_hidden

CHANNEL = "runt-pyodide"
_STYLE = (
    "font: 13px system-ui, sans-serif; display: flex; gap: 8px; align-items: center;"
    " flex-wrap: wrap; min-height: 28px; color: var(--jp-ui-font-color2, #666);"
)
_BUTTON = (
    "font: inherit; padding: 2px 10px; border-radius: 4px; cursor: pointer;"
    " border: 1px solid var(--jp-border-color1, #bbb); color: var(--jp-ui-font-color1, #222);"
    " background: var(--jp-layout-color1, #fff);"
)
_CODE = (
    "margin: 4px 0; padding: 6px 8px; max-height: 20em; overflow: auto; white-space: pre-wrap;"
    " flex-basis: 100%; border-radius: 4px; font-family: var(--jp-code-font-family, monospace);"
    " color: var(--jp-content-font-color1, #222); background: var(--jp-layout-color2, #f4f4f4);"
)


class Line(Protocol):
    """The kernel's end of the channel."""

    def say(self, message: Mapping[str, Any]) -> None: ...

    def close(self) -> None: ...


Listen = Callable[[Callable[[Mapping[str, Any]], None]], Line]
"""Calls a function with each message of the page, until the line is closed."""
LOOK = "look"
"""The action by which the page asks whether a run is still there."""


def is_running(run: str) -> dict[str, Any]:
    """Return the message that lets the page show a run's buttons."""
    return {"run": run, "isRunning": True}


def running(run: str, about: str) -> str:
    """Return the line above an answer that is still coming."""
    return _line(escape(about), _live(run, _button(run, "Stop", {"action": "stop"}, "Stopping")))


def ended(about: str) -> str:
    """Return the line above an answer that is complete."""
    return _line(escape(about))


def approval(run: str, call_id: str, name: str, arguments: Mapping[str, Any]) -> str:
    """Return the question that asks a person whether a tool may be called."""
    shown = "".join(
        f"<pre style='{_CODE}'>{escape(label)}</pre>" for label in describe_arguments(arguments)
    )
    about = {"call": call_id, "action": "answer"}
    return _line(
        f"<span>The model wants to call <b>{escape(show_hidden(name))}</b>"
        f"{'' if shown else ' without arguments'}.</span>",
        shown,
        _live(
            run,
            _button(run, "Allow once", {**about, "status": "approved_once"}, "Allowed"),
            _button(run, "Always allow", {**about, "status": "approved_always"}, "Allowed"),
            _button(run, "Deny", {**about, "status": "denied"}, "Denied", with_reason=True),
            "<input placeholder='Reason, for the model' style='font: inherit; padding: 2px 6px'>",
        ),
    )


def answered(name: str, status: str) -> str:
    """Return the line that replaces the question once it is answered."""
    said = {
        "approved_once": "You allowed this call of",
        "approved_always": "From now on the model may call",
        "denied": "You denied this call of",
    }.get(status, "Nobody answered this call of")
    return _line(f"<span>{said} <b>{escape(show_hidden(name))}</b>.</span>")


def describe_arguments(arguments: Mapping[str, Any]) -> list[str]:
    """Return each argument as a text in which hidden characters are marked, so that it reads as it
    runs. A single argument that is a multi-line text, such as code, has no name before it."""
    if len(arguments) == 1:
        (only,) = arguments.values()
        if isinstance(only, str) and "\n" in only:
            return [show_hidden(only)]
    return [
        show_hidden(f"{key} = {json.dumps(value, ensure_ascii=False)}")
        for key, value in arguments.items()
    ]


def _line(*parts: str) -> str:
    return f'<div class="runt-ai" style="{_STYLE}">{"".join(parts)}</div>'


def _live(run: str, *parts: str) -> str:
    """Return an element in whose place these parts come if the run is there. Where a page takes
    handlers out of foreign HTML, nothing comes."""
    script = (
        f"const place = this, run = {json.dumps(run)};"
        f" const c = new BroadcastChannel({json.dumps(CHANNEL)});"
        " c.onmessage = ({ data }) => {"
        " if (data.run !== run || !data.isRunning) return; c.close();"
        f" place.outerHTML = {json.dumps(''.join(parts))}; }};"
        f" c.postMessage({{ run, action: {json.dumps(LOOK)} }});"
    )
    return f'<style onload="{escape(script)}">.runt-ai {{}}</style>'


def _button(
    run: str, label: str, message: Mapping[str, Any], after: str, *, with_reason: bool = False
) -> str:
    said = json.dumps({"run": run, **message})
    reason = "m.reason = this.parentNode.querySelector('input').value;" if with_reason else ""
    script = (
        f"const m = {said}; {reason} const c = new BroadcastChannel({json.dumps(CHANNEL)});"
        " c.postMessage(m); c.close();"
        " for (const b of this.parentNode.querySelectorAll('button')) b.disabled = true;"
        f" this.textContent = {json.dumps(after)};"
    )
    return f'<button type="button" style="{_BUTTON}" onclick="{escape(script)}">{label}</button>'
