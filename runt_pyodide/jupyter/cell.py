"""Runs one ``%%ai`` cell: asks the model, shows the answer as it comes, stops if its button is
pressed, and assigns the value."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ..ai.answering import find_type, require_variable
from ..ai.prompt.answer_format import find_code
from ..ai.prompt.expressions import Expression, evaluate, fill
from ..ai.text.markdown import without_fetches
from ..ai.tool import Tool
from ..asking.answer import Answer
from ..asking.dialogue import Dialogue, Watch
from ..asking.magic_line import MagicLine
from ..asking.pictures import find_pictures
from ..asking.session import Exchange, Question, Session
from ..errors import CellError, StoppedError
from ..execution.run import Run
from ..llm.playback.deck import on_deck
from ..llm.registry import describe_spelling
from ..notebook import events as ev
from .controls import LOOK, Listen, is_running
from .display import ExchangeDisplay, Publish
from .terminal import Terminal

_STATUSES = ("approved_once", "approved_always", "denied")


class MagicCells:
    """Runs the AI cells of a shell.

    ``find_publish`` returns the function that shows displays at that time, or None if the shell has
    no displays. ``listen`` receives the messages of buttons; if it is None, there are no buttons,
    and ``confirm`` asks a person. ``put_below`` takes a run's id and the code for the next cell.
    """

    def __init__(
        self,
        shell: Any,
        tools: Callable[[Run], Iterable[Tool]],
        find_publish: Callable[[], Publish | None],
        listen: Listen | None,
        confirm: Callable[[str, Mapping[str, Any]], ev.ApprovalStatus],
        put_below: Callable[[str, str], None],
    ) -> None:
        self._shell = shell
        self._tools = tools
        self._find_publish = find_publish
        self._listen = listen
        self._confirm = confirm
        self._put_below = put_below

    async def run(self, dialogue: Dialogue, line: MagicLine, prompt: str) -> None:
        """Run a cell. Raise what the exchange raises; StoppedError if a person stopped it."""
        if not prompt.strip():
            raise CellError("The AI cell is empty.", advice="Write the prompt below the %%ai line.")
        question = self._build_question(dialogue, line, prompt)
        with self._showing(dialogue) as display:
            watch = self._make_watch(dialogue, display)
            task = asyncio.ensure_future(self._ask(dialogue, question, watch))
            with _stopping(task) as stop, self._hearing_buttons(display, stop):
                exchange = await task
        self._take(question, exchange, line)

    @contextmanager
    def _showing(self, dialogue: Dialogue) -> Iterator[ExchangeDisplay]:
        """Within this, show the exchange that is asked, from its beginning to its end."""
        terminal, publish = Terminal(), self._find_publish()
        display = ExchangeDisplay(
            dialogue,
            publish or terminal.publish,
            f"runt-{uuid.uuid4()}",
            with_controls=publish is not None and self._listen is not None,
        )
        before = len(dialogue.exchanges)
        display.begin()
        try:
            yield display
        finally:
            display.end(dialogue.exchanges[-1] if len(dialogue.exchanges) > before else None)
            terminal.end()

    @contextmanager
    def _hearing_buttons(
        self, display: ExchangeDisplay, stop: Callable[[], None]
    ) -> Iterator[None]:
        """Within this, act on the display's buttons."""

        def hear(message: Mapping[str, Any]) -> None:
            if message.get("run") != display.name:
                return
            if message.get("action") == LOOK:
                line.say(is_running(display.name))
            elif message.get("action") == "stop":
                stop()
            elif message.get("status") in _STATUSES:
                display.answer(str(message.get("call")), message["status"], message.get("reason"))

        if self._listen is None:
            yield
            return
        line = self._listen(hear)
        line.say(is_running(display.name))  # the page may have asked before there was a line
        try:
            yield
        finally:
            line.close()

    def _build_question(self, dialogue: Dialogue, line: MagicLine, prompt: str) -> Question:
        if line.target is not None:
            require_variable(line.target, advice="Write another name behind the arrow.")
        provider, model = self._find_model(dialogue.session, line.model)
        return Question(
            prompt.rstrip("\n"),
            provider,
            model,
            settings=ev.AiSettings(
                system_prompt=line.system,
                temperature=line.temperature,
                max_tokens=line.max_tokens,
            ),
            sampling=line.sampling,
            asking=replace(line.asking, name=None, type=None, tools=True),
            images=tuple(
                image for name in line.images for image in find_pictures(name, self._shell.user_ns)
            ),
            answer=find_type(line.asking, self._shell.user_ns),
            tools=self._tools if line.tools else lambda _: (),
            keeps_half=True,
        )

    def _find_model(self, session: Session, named: str | None) -> tuple[str | None, str | None]:
        provider, model = session.find_model(named, None)
        if named is not None and (spelt := on_deck(session.providers).spell(named)) != named:
            self.tell(describe_spelling(named, spelt))
        return provider, model

    def tell(self, text: str) -> None:
        """Show a text to the reader, as Markdown."""
        if (publish := self._find_publish()) is not None:
            shown = {"text/markdown": without_fetches(text), "text/plain": text}
            publish(shown, f"runt-{uuid.uuid4()}", False)
        else:
            sys.stdout.write(f"{text}\n")

    def _make_watch(self, dialogue: Dialogue, display: ExchangeDisplay) -> Watch:
        """Return a watch that shows the exchange and, if there are no buttons, asks a person."""

        def watch(events: Sequence[ev.Event]) -> None:
            display.watch(events)
            if display.with_controls:
                return
            for event in events:
                if isinstance(event, ev.ToolApprovalRequested):
                    status = self._confirm(event.tool_name, event.arguments)
                    dialogue.respond(event.tool_call_id, status)

        return watch

    async def _ask(self, dialogue: Dialogue, question: Question, watch: Watch) -> Exchange:
        """Ask the question with the values of the expressions in its prompt."""
        if not question.asking.raw:
            filled = await fill(question.prompt, self._shell.user_ns, self._evaluate)
            question = replace(question, prompt=filled.text)
            if notice := filled.notice():
                self.tell(f"> {notice}")
        return await dialogue.ask(question, watch)

    async def _evaluate(self, expression: Expression) -> str:
        return await evaluate(expression, self._shell.user_ns, "<prompt>")

    def _take(self, question: Question, exchange: Exchange, line: MagicLine) -> None:
        """Assign the answer, and put code that was asked for below."""
        if exchange.response is None:
            return
        answer = Answer.of(exchange)
        is_code = line.format == "code" and question.answer is None
        value: object = find_code(answer) if is_code else answer
        if line.target is not None:
            self._shell.user_ns[line.target] = value if question.answer is None else answer.value
        if is_code and value:
            self._put_below(exchange.run_id, str(value))


@contextmanager
def _stopping(task: asyncio.Future[Exchange]) -> Iterator[Callable[[], None]]:
    """Yield a function that stops the task; Ctrl-C and the kernel's interrupt stop it too. Raise
    StoppedError in place of the CancelledError that follows."""
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = task.cancel() or stopped

    try:
        with _on_interrupt(stop):
            yield stop
    except asyncio.CancelledError:
        if not stopped:
            raise
        said = "The AI cell was stopped; the answer so far is kept."
        raise StoppedError(said) from None


@contextmanager
def _on_interrupt(stop: Callable[[], None]) -> Iterator[None]:
    """Within this, let an interrupt call ``stop``; a second one raises KeyboardInterrupt.

    Python's own handler would break out of the event loop, and the tasks in it would go on with the
    next cell. In the browser the page sees to interrupts.
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
