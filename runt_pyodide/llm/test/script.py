"""The script of a Test provider: which of its turns answers a request."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ...errors import BadRequestError, ConfigError
from ..messages import ChatRequest, Message
from ..settings import describe_fault
from .settings import ScriptedResponse, ScriptedTurn, TestSettings

_ANYTHING = (-1, 0, 0)
Place = tuple[int, int, int]
"""The response, the answer of it, and the turn in that."""


@dataclass(frozen=True, slots=True)
class ChosenTurn:
    """A turn, and its place in the script."""

    place: Place
    turn: ScriptedTurn


class Script:
    """Chooses the turns that the settings hold, and remembers which answers were given."""

    def __init__(self, settings: TestSettings, environ: Mapping[str, str] | None = None) -> None:
        self._settings = settings
        self._given: dict[int, int] = {}
        is_ci = runs_in_ci(os.environ if environ is None else environ)
        self._is_strict = is_ci if settings.strict is None else settings.strict

    async def choose(self, request: ChatRequest) -> ChosenTurn:
        """Return the turn that answers: what the function returns, if that is not None, or that of
        the first response that matches. Raise BadRequestError if there is none, and the script is
        strict."""
        if (turn := await self._call(request)) is not None:
            return ChosenTurn((-2, 0, len(_said_since(request))), turn)
        for place, response in enumerate(self._settings.responses):
            if _matches(response, request.prompt):
                return self._choose_answer(place, response, request)
        if self._is_strict:
            raise self._refuse(request.prompt)
        return ChosenTurn(_ANYTHING, ScriptedTurn(text=_unscripted_answer(request)))

    def take_back(self, place: Place) -> None:
        """Give the answer at this place again: it failed before it began."""
        response, _, turn = place
        if turn == 0 and self._given.get(response):
            self._given[response] -= 1

    async def _call(self, request: ChatRequest) -> ScriptedTurn | None:
        if self._settings.respond is None:
            return None
        said = self._settings.respond(request)
        return _read_turn(await said if inspect.isawaitable(said) else said)

    def _choose_answer(
        self, place: int, response: ScriptedResponse, request: ChatRequest
    ) -> ChosenTurn:
        said, answers = _said_since(request), response.in_order()
        if not said:
            number = self._given.get(place, 0)
            if number >= len(answers) and response.answers and self._is_strict:
                raise BadRequestError(
                    f"The script of the Test provider has {len(answers)} answers to this prompt, "
                    f"and all were given: {request.prompt[:80]!r}.",
                    advice="Add one to its `answers`.",
                )
            self._given[place] = number + 1
        else:
            number = self._find_begun(answers, said, self._given.get(place, 1))
        number = min(number, len(answers) - 1)
        turns = answers[number]
        turn = min(len(said), len(turns) - 1)
        return ChosenTurn((place, number, turn), turns[turn])

    def _find_begun(
        self, answers: Sequence[Sequence[ScriptedTurn]], said: Sequence[Message], given: int
    ) -> int:
        """Return the answer whose turns were said so far: of several, the one that began last."""
        begun = range(min(given, len(answers)) - 1, -1, -1)
        texts = [message.content.strip() for message in said]
        fit = (n for n in begun if [_text_of(turn) for turn in answers[n]][: len(texts)] == texts)
        return next(fit, begun.start)

    def _refuse(self, prompt: str) -> BadRequestError:
        why = "" if self._settings.strict else " (it is strict, since CI is set)"
        return BadRequestError(
            f"The script of the Test provider has no answer to this prompt{why}: {prompt[:80]!r}.",
            advice="Add a response for it, or a last one for all the rest: "
            "{'pattern': '', 'text': ...}; or set strict=False.",
        )


def runs_in_ci(environ: Mapping[str, str]) -> bool:
    """Return whether this is a CI: GitHub, GitLab, Travis and others set the variable CI."""
    return environ.get("CI", "").strip().lower() not in ("", "0", "false", "no")


def _read_turn(said: Any) -> ScriptedTurn | None:
    """Return what a function returned as a turn. Raise ConfigError if it is none."""
    if said is None or isinstance(said, ScriptedTurn):
        return said
    if isinstance(said, str):
        return ScriptedTurn(text=said)
    problem = f"{type(said).__name__} is neither"
    if isinstance(said, Mapping):
        try:
            return ScriptedTurn.model_validate(said)
        except ValidationError as error:
            problem = describe_fault(error, ScriptedTurn)
    raise ConfigError(
        "The function of the Test provider must return a text, or a turn as `turns` has it: "
        f"{problem.rstrip('.')}."
    )


def _matches(response: ScriptedResponse, prompt: str) -> bool:
    if response.prompt is not None:
        return response.prompt.strip() == prompt.strip()
    return re.search(response.pattern or "", prompt) is not None


def _said_since(request: ChatRequest) -> list[Message]:
    """Return what the assistant has said after the prompt: each turn left one message."""
    said: list[Message] = []
    for message in reversed(request.messages):
        if message.role == "user":
            break
        if message.role == "assistant":
            said.insert(0, message)
    return said


def _text_of(turn: ScriptedTurn) -> str:
    return "".join(part.text or "" for part in turn.in_order()).strip()


def _unscripted_answer(request: ChatRequest) -> str:
    quoted = "\n".join(f"> {line}" for line in request.prompt.splitlines())
    context = len(request.messages) - 1
    messages = "1 message" if context == 1 else f"{context} messages"
    count = len(next((m.images for m in reversed(request.messages) if m.role == "user"), ()))
    pictures = "" if count == 0 else ", and 1 picture" if count == 1 else f", and {count} pictures"
    return (
        "This is the **Test provider**: it answers from a script, and no model was asked. "
        f"The script has no answer to this prompt:\n\n{quoted}\n\n"
        f"The notebook above came with it as {messages} of context{pictures}. "
        "For answers from a model, choose another provider in the AI settings."
    )
