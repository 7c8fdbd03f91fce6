"""An exchange as a notebook shows it: each output is a display, which is updated as it grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from ..ai.record.fields import AIRecord, RunAccount
from ..asking.dialogue import Dialogue
from ..asking.session import Exchange
from ..ipynb.write_cell import run_of
from ..llm.messages import Usage
from ..llm.redaction import Redactor
from ..notebook import events as ev
from ..notebook.state.output import Output
from . import controls
from .rendering import render, render_whole


class Publish(Protocol):
    """Shows data by MIME type under a display id: as a new display, or in place of the one with
    that id. The metadata are for the file of the notebook."""

    def __call__(
        self,
        data: dict[str, Any],
        display_id: str,
        update: bool,
        metadata: Mapping[str, Any] = MappingProxyType({}),
    ) -> None: ...


class ExchangeDisplay:
    """Shows one exchange with ``publish``. If ``with_controls`` is true, it has buttons, whose
    messages carry its ``name``."""

    def __init__(
        self, dialogue: Dialogue, publish: Publish, name: str, *, with_controls: bool
    ) -> None:
        self._dialogue = dialogue
        self._publish = publish
        self.name = name
        self.with_controls = with_controls
        self._shown: dict[str, dict[str, Any]] = {}
        self._asked: dict[str, str] = {}
        self._about = "Asking"

    def begin(self) -> None:
        """Show the controls."""
        self._show(self.name, self._head(controls.running(self.name, self._about)))

    def watch(self, events: Sequence[ev.Event]) -> None:
        """Show what these events of the exchange change."""
        changed = dict[str, None]()
        for event in events:
            if isinstance(event, ev.ToolApprovalRequested):
                self._asked[event.tool_call_id] = event.tool_name
                if self.with_controls:
                    self._show_approval(event)
            elif (output_id := getattr(event, "output_id", None) or _added_id(event)) is not None:
                changed[output_id] = None
        if changed:
            cell_id = events[0].cell_id  # type: ignore[attr-defined]
            for output in self._dialogue.notebook.outputs_of(cell_id):
                if output.id in changed:
                    self._show_output(output)

    def answer(self, call_id: str, status: ev.ApprovalStatus, reason: str | None) -> None:
        """Answer a call that waits for a person."""
        if call_id in self._asked:
            self._dialogue.respond(call_id, status, reason or None)
            self._close_approval(call_id, status)

    def end(self, exchange: Exchange | None) -> None:
        """Replace the controls with a line that sums up what the run took."""
        for call_id in [*self._asked]:
            self._close_approval(call_id, "")
        if exchange is None:
            self._show(self.name, self._head(controls.ended("Not asked")))
            return
        about = describe_run(exchange.outputs) or self._about
        cell = exchange.notebook.cells[exchange.cell_id]
        redactor = Redactor.of_keys(self._dialogue.session.providers.secrets())
        run = redactor.json(run_of(cell, exchange.outputs))
        self._show(self.name, self._head(controls.ended(about)), {"runt": {"run": run}})
        for output in exchange.outputs:
            self._show(output.id, *render_whole(output))

    def _head(self, html: str) -> dict[str, Any]:
        return {"text/html": html, "text/plain": ""} if self.with_controls else {}

    def _show_output(self, output: Output) -> None:
        record = AIRecord.of(output)
        if record.ai_provider and self._about == "Asking":
            self._about = f"{record.ai_provider}/{record.ai_model}"
            self._show(self.name, self._head(controls.running(self.name, self._about)))
        self._show(output.id, render(output))

    def _show(
        self, display_id: str, data: dict[str, Any], metadata: Mapping[str, Any] | None = None
    ) -> None:
        before = self._shown.get(display_id)
        if not data or (data == before and not metadata):
            return
        self._shown[display_id] = data
        self._publish(data, display_id, before is not None, metadata or {})

    def _show_approval(self, event: ev.ToolApprovalRequested) -> None:
        html = controls.approval(self.name, event.tool_call_id, event.tool_name, event.arguments)
        self._show(_approval_id(self.name, event.tool_call_id), self._head(html))

    def _close_approval(self, call_id: str, status: str) -> None:
        html = controls.answered(self._asked.pop(call_id), status)
        self._show(_approval_id(self.name, call_id), self._head(html))


def describe_run(outputs: Sequence[Output]) -> str:
    """Return a line that says which model answered and what it took; "" if nothing is known."""
    records = [AIRecord.of(output) for output in outputs]
    asked = [record for record in records if record.ai_provider]
    runs = [record.run for record in records if record.run is not None]
    parts = [f"{asked[-1].ai_provider}/{asked[-1].ai_model}"] if asked else []
    if runs:
        parts += _describe_account(runs[-1])
    return " \u00b7 ".join(parts)


def _describe_account(run: RunAccount) -> Iterator[str]:
    if (run.turns or 0) > 1:
        yield f"{run.turns} turns"
    usage = run.usage or Usage()
    if counted := (usage.input_tokens or 0) + (usage.output_tokens or 0):
        yield f"{counted:,} tokens"
    if run.duration_ms is not None:
        yield f"{run.duration_ms / 1000:.1f} s"
    if run.price_usd:
        yield _describe_price(run.price_usd, run.unpriced)


def _describe_price(dollars: float, unpriced: Sequence[str]) -> str:
    if not unpriced:
        return format_price(dollars)
    price = f"${dollars:.4f}" if dollars >= 0.0001 else f"${dollars:.6f}"
    return f"at least {price} (for turns of {' and '.join(unpriced)} the price is not known)"


def format_price(dollars: float) -> str:
    return f"${dollars:.4f}" if dollars >= 0.0001 else "less than $0.0001"


def _added_id(event: ev.Event) -> str | None:
    kinds = (ev.MarkdownOutputAdded, ev.MultimediaDisplayOutputAdded)
    return event.id if isinstance(event, kinds) else None


def _approval_id(name: str, call_id: str) -> str:
    return f"{name}-{call_id}"
