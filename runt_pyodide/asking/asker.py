"""Asking a question from Python code, in each of three ways: awaited, as a stream, and without
``await``. Their signatures are written out for those who use a type checker."""

from __future__ import annotations

import sys
import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, Unpack, overload

from ..ai.prompt.answer_type import AnswerType
from ..ai.tool import Tool, check_distinct
from ..ai.tools.function import registered_tools, tool_of
from ..ai.tools.notebook import reading_tools
from ..errors import ArgumentError
from ..execution.run import Run
from ..execution.waiting import wait_for
from ..notebook import events as ev
from .answer import Answer
from .dialogue import Dialogue, Watch
from .options import (
    AskOptions,
    check_options,
    decide_calls,
    sampling_of,
    settings_of,
    written_out,
)
from .pictures import read_pictures
from .session import Question
from .stream import AnswerStream

_T = TypeVar("_T")
_CANNOT_WAIT = "ask.sync cannot wait for an answer here, since this code is run by an event loop."
_AWAIT = "Write `await ask(...)` instead."


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, where it is asked, and what decides on its calls."""

    dialogue: Dialogue
    question: Question
    watch: Watch | None


class Asker(ABC):
    """Asks questions in a dialogue. ``last`` is the last answer, with its ``value``, calls, usage
    and price."""

    def __init__(self) -> None:
        self.last: Answer | None = None
        self._dialogue: Dialogue | None = None

    @property
    def dialogue(self) -> Dialogue:
        """The exchanges."""
        if self._dialogue is None:
            self._dialogue = self._open_dialogue()
        return self._dialogue

    @abstractmethod
    def _open_dialogue(self) -> Dialogue:
        """Return the exchanges that the first question begins."""

    @overload
    async def __call__(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: None = None,
        **options: Unpack[AskOptions],
    ) -> Answer: ...

    @overload
    async def __call__(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: type[_T],
        **options: Unpack[AskOptions],
    ) -> _T: ...

    @overload
    async def __call__(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: Any,
        **options: Unpack[AskOptions],
    ) -> Any: ...

    @written_out
    async def __call__(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: Any = None,
        **options: Unpack[AskOptions],
    ) -> Any:
        """Return the answer: an ``Answer``, which is a ``str``, or with ``returns`` a value of that
        type.

        ``model`` may name the provider too: "ollama/qwen3". ``returns`` is any type that pydantic
        knows: a model, a dataclass, a TypedDict, ``list[int]``. If the answer is not of that type,
        the model is told so and asked once more. The other options are those of `AskOptions`.

        Raise RuntError: ConfigError, ProviderError, LimitError, ApprovalError or AnswerError, of
        which ``answer`` is what was said by then; ArgumentError if an option cannot be used. What
        the model was not sent after all, such as pictures that it cannot see, is told by
        `warnings`. Cancelling the task aborts the request.
        """
        answer = await self._answer(self._prepare(prompt, model, provider, returns, options))
        _warn(answer, stacklevel=2)
        return answer if returns is None else answer.value

    @overload
    def stream(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: None = None,
        **options: Unpack[AskOptions],
    ) -> AnswerStream[str]: ...

    @overload
    def stream(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: type[_T],
        **options: Unpack[AskOptions],
    ) -> AnswerStream[_T | dict[str, Any]]: ...

    @overload
    def stream(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: Any,
        **options: Unpack[AskOptions],
    ) -> AnswerStream[Any]: ...

    @written_out
    def stream(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: Any = None,
        **options: Unpack[AskOptions],
    ) -> AnswerStream[Any]:
        """Return the answer as it comes: iterate over it for pieces of the text, or with
        ``returns`` for as much of the value as is there, and over its ``events()`` for text,
        thinking, calls and usage. An object that is not yet of its type is a dict of the fields
        that have come; the last value is whole.

        The parameters are those of a question that is awaited, and so is what is raised.
        """
        asked = self._prepare(prompt, model, provider, returns, options)

        async def run(take: Watch) -> Answer:
            answer = await self._answer(asked, take)
            _warn(answer, stacklevel=2)
            return answer

        return AnswerStream(run, asked.question.answer)

    @overload
    def sync(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: None = None,
        **options: Unpack[AskOptions],
    ) -> Answer: ...

    @overload
    def sync(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: type[_T],
        **options: Unpack[AskOptions],
    ) -> _T: ...

    @overload
    def sync(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: Any,
        **options: Unpack[AskOptions],
    ) -> Any: ...

    @written_out
    def sync(
        self,
        prompt: str,
        model: str | None = None,
        provider: str | None = None,
        *,
        returns: Any = None,
        **options: Unpack[AskOptions],
    ) -> Any:
        """Return the answer without ``await``, in code that is not async: in the browser with
        JavaScript Promise Integration, elsewhere if no event loop is running.

        The parameters are those of a question that is awaited, and so is what is raised; CellError
        if this code cannot wait.
        """
        asked = self._prepare(prompt, model, provider, returns, options)
        answer = wait_for(self._answer(asked), _CANNOT_WAIT, instead=_AWAIT)
        _warn(answer, stacklevel=2)
        return answer if returns is None else answer.value

    # What they share

    def _prepare(
        self,
        prompt: str,
        model: str | None,
        provider: str | None,
        returns: Any,
        options: AskOptions,
    ) -> _Asked:
        """Return the question. Raise RuntError if it cannot be asked."""
        check_options({"prompt": prompt, "model": model, "provider": provider, **options})
        if not prompt.strip():
            raise ArgumentError("The prompt is empty: write what to ask the model.")
        dialogue, approve = self.dialogue, options.get("approve")
        session = dialogue.session
        given = options.get("tools")
        own = None
        if given is not None:
            own = check_distinct([one if isinstance(one, Tool) else tool_of(one) for one in given])
        question = Question(
            prompt,
            *session.find_model(model, provider),
            settings=settings_of(options),
            sampling=sampling_of(options),
            images=read_pictures(options.get("images")),
            answer=None if returns is None or returns is str else AnswerType.of(returns),
            tools=partial(_tools_of, own, variables_here()),
            policies={tool.spec.name: "auto" for tool in own or () if tool.policy == "ask"},
            can_be_asked=approve is not None,
            timeout=options.get("timeout"),
        )
        if options.get("context") is False:
            dialogue = Dialogue(session)
        watch = None if approve is None else decide_calls(dialogue, approve)
        return _Asked(dialogue, question, watch)

    async def _answer(self, asked: _Asked, take: Watch | None = None) -> Answer:
        """Ask, and return the answer; ``take`` is called with the events of the exchange."""
        watches = [watch for watch in (take, asked.watch) if watch is not None]

        def watch(events: Sequence[ev.Event]) -> None:
            for one in watches:
                one(events)

        exchange = await asked.dialogue.ask(asked.question, watch if watches else None)
        answer = Answer.of(exchange)
        self.last = answer
        return answer


def _warn(answer: Answer, stacklevel: int) -> None:
    """Warn the caller, who is so many levels up, of what the model was not sent."""
    for told in answer.warnings:
        warnings.warn(told, stacklevel=stacklevel + 1)


def find_shell() -> Any:
    """Return the running IPython shell, or None. This does not import IPython."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def variables_here() -> Mapping[str, object]:
    """Return the variables that a model may look at: the shell's, or else the main program's."""
    shell = find_shell()
    return vars(sys.modules["__main__"]) if shell is None else shell.user_ns


def _tools_of(
    given: Sequence[Tool] | None, variables: Mapping[str, object], run: Run
) -> Sequence[Tool]:
    if given is not None and not given:
        return ()
    return [
        *reading_tools(run, lambda: variables),
        *(registered_tools() if given is None else given),
    ]
