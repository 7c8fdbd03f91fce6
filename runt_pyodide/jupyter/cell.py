"""One ``%%ai`` cell: asked, shown as it comes, stopped by its button, and its value put away."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..ai.prompt.answer_type import AnswerType
from ..ai.tool import Tool
from ..asking.answer import Answer
from ..asking.magic_line import MagicLine
from ..asking.session import Exchange, Question, Session
from ..errors import CellError, StoppedError
from ..execution.run import Run
from ..notebook import events as ev
from .controls import Remote
from .display import ExchangeDisplay, Publish
from .terminal import Terminal

_STATUSES = ("approved_once", "approved_always", "denied")


class AICellRun:
    """Runs AI cells in a shell. ``page`` gives what shows displays at a time, None where there are
    none; ``remote`` is where buttons are heard, None where there are none: then ``confirm`` asks.
    """

    def __init__(
        self,
        shell: Any,
        tools: Callable[[Run], Iterable[Tool]],
        page: Callable[[], Publish | None],
        remote: Remote | None,
        confirm: Callable[[str, Mapping[str, Any]], ev.ApprovalStatus],
    ) -> None:
        self._shell = shell
        self._tools = tools
        self._page = page
        self._remote = remote
        self._confirm = confirm

    async def run(self, session: Session, line: MagicLine, prompt: str) -> None:
        """Raises what the exchange raises; StoppedError where a person stopped it."""
        if not prompt.strip():
            raise CellError("The AI cell is empty.", advice="Write the prompt below the %%ai line.")
        question = self._question(session, line, prompt)
        name = f"runt-{uuid.uuid4()}"
        terminal, page = Terminal(), self._page()
        with_controls = page is not None and self._remote is not None
        display = ExchangeDisplay(
            session, page or terminal.publish, name, with_controls=with_controls
        )
        before = len(session.exchanges)
        display.begin()
        task = asyncio.ensure_future(
            session.ask(question, self._watching(session, display, with_controls))
        )
        stopped = False

        def stop() -> None:
            nonlocal stopped
            stopped = task.cancel() or stopped

        def hear(message: Mapping[str, Any]) -> None:
            if message.get("run") != name:
                return
            if message.get("action") == "stop":
                stop()
            elif message.get("status") in _STATUSES:
                display.answer(str(message.get("call")), message["status"], message.get("reason"))

        close = self._remote.listen(hear) if self._remote is not None else lambda: None
        try:
            with _on_interrupt(stop):
                exchange = await task
        except asyncio.CancelledError:
            if not stopped:
                raise
            said = "The AI cell was stopped; what came of the answer is kept."
            raise StoppedError(said) from None
        finally:
            close()
            display.end(session.exchanges[-1] if len(session.exchanges) > before else None)
            terminal.end()
        self._put_away(question, exchange, line)

    def _question(self, session: Session, line: MagicLine, prompt: str) -> Question:
        provider, model = session.find_model(line.model, None)
        return Question(
            prompt.rstrip("\n"),
            provider,
            model,
            settings=ev.AiSettings(
                system_prompt=line.system,
                temperature=line.temperature,
                max_tokens=line.max_tokens,
            ),
            answer=self._answer_type(line),
            tools=self._tools if line.tools else lambda _: (),
        )

    def _answer_type(self, line: MagicLine) -> AnswerType | None:
        if line.type is None:
            return None
        try:
            kind = eval(line.type, self._shell.user_ns)
            return None if kind is str else AnswerType.of(kind)
        except Exception as error:  # noqa: BLE001 -- whatever the user's expression raises
            raise CellError(
                f"%%ai: {line.type!r} is no type for an answer. {type(error).__name__}: {error}",
                advice="Define it in a cell above, or write a type such as list[str].",
            ) from None

    def _watching(self, session: Session, display: ExchangeDisplay, with_controls: bool) -> Any:
        def watch(events: Any) -> None:
            display.watch(events)
            if with_controls:
                return
            for event in events:
                if isinstance(event, ev.ToolApprovalRequested):
                    status = self._confirm(event.tool_name, event.arguments)
                    session.respond(event.tool_call_id, status)

        return watch

    def _put_away(self, question: Question, exchange: Exchange, line: MagicLine) -> None:
        if line.target is None or exchange.response is None:
            return
        value: Any = Answer.of(exchange)
        if question.answer is not None:
            value = question.answer.parse(exchange.response.text)
        self._shell.user_ns[line.target] = value


@contextmanager
def _on_interrupt(stop: Callable[[], None]) -> Iterator[None]:
    """Within this, Ctrl-C or the kernel's interrupt stops; a second one breaks into what is busy.

    Python's own way leaves the event loop in the middle, and what runs there goes on with the next
    cell. In the browser the interrupt is the page's affair.
    """
    loop, asked = asyncio.get_running_loop(), False

    def handle(_number: int, _frame: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        loop.call_soon_threadsafe(stop)

    if sys.platform == "emscripten" or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)
