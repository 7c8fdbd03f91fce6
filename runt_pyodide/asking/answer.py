"""What follows a question asked from code: the answer, its text as it grows, and decisions on calls
that need approval."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from ..ai.record.fields import AIRecord
from ..llm.messages import Usage
from ..notebook import events as ev
from ..notebook.state.output import Output
from .session import Exchange, Session, Watch

Approve = Callable[[str, Mapping[str, Any]], bool | Awaitable[bool]]
"""Returns whether the tool of this name may be called with these arguments."""

_NOBODY = (
    "Nobody can be asked here. Whoever runs this code can allow the call: use "
    "ask(..., tools=[the function]), ask(..., approve=...) or configure(tools={name: 'auto'})."
)


class Answer(str):
    """The text of an answer, which notebooks show as Markdown. The ``response`` of its ``exchange``
    holds the thinking, the usage and the finish reason."""

    exchange: Exchange

    @classmethod
    def of(cls, exchange: Exchange) -> Answer:
        answer = cls(exchange.response.text if exchange.response else "")
        answer.exchange = exchange
        return answer

    @property
    def usage(self) -> Usage | None:
        """What the service counted for the last turn; None if it sent no counts."""
        return self.exchange.response.usage if self.exchange.response else None

    def _repr_markdown_(self) -> str:
        return str(self)


class AnswerText:
    """Takes the text of an exchange, without its thinking, from the events that write it, and
    passes each piece to ``give``."""

    def __init__(self, give: Callable[[str], None]) -> None:
        self._give = give
        self._shown: set[str] = set()
        self._last: str | None = None

    def take(self, events: Sequence[ev.Event]) -> None:
        """Pass on the text that the events add."""
        for event in events:
            if isinstance(event, ev.MarkdownOutputAdded) and isinstance(event.content, ev.Inline):
                if not AIRecord.of_metadata(event.content.metadata or {}).thinking:
                    self._shown.add(event.id)
                    self._pass_on(event.id, str(event.content.data or ""))
            elif isinstance(event, ev.OutputDelta) and event.output_id in self._shown:
                self._pass_on(event.output_id, event.delta.text or "")

    def _pass_on(self, output_id: str, text: str) -> None:
        if text:
            follows_another = self._last not in (None, output_id)
            self._last = output_id
            self._give(f"\n\n{text}" if follows_another else text)


def warnings_in(outputs: Iterable[Output]) -> list[str]:
    """Return what the reader of an exchange was warned of, without what was retried."""
    return [
        notice.text
        for output in outputs
        for notice in AIRecord.of(output).notices
        if notice.kind == "warning"
    ]


def answer_calls(session: Session, approve: Approve | None) -> Watch:
    """Return a watch that lets ``approve`` decide on calls that need approval; without it, every
    call is denied."""
    waiting: set[asyncio.Future[None]] = set()

    async def decide(request: ev.ToolApprovalRequested) -> None:
        reason = _NOBODY
        allowed = False
        if approve is not None:
            try:
                said = approve(request.tool_name, request.arguments)
                allowed = bool(await said if inspect.isawaitable(said) else said)
                reason = ""
            except Exception as error:  # noqa: BLE001 -- the run waits for a decision
                reason = f"The user could not be asked. {type(error).__name__}: {error}"
        status: ev.ApprovalStatus = "approved_once" if allowed else "denied"
        session.respond(request.tool_call_id, status, reason or None)

    def watch(events: Sequence[ev.Event]) -> None:
        for event in events:
            if isinstance(event, ev.ToolApprovalRequested):
                task = asyncio.ensure_future(decide(event))
                waiting.add(task)
                task.add_done_callback(waiting.discard)

    return watch
