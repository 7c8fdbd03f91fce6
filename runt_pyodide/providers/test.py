"""The Test provider: answers from a script, the same each time, without a key or a network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator, Sequence

from ..config import ScriptedResponse, ScriptedTurn, TestSettings
from ..errors import CutStreamError
from ..messages import ChatRequest, Delta, FinishDelta, TextDelta, ThinkingDelta, Usage, UsageDelta
from .base import AIProvider
from .failure import error_of_status

_WORDS = re.compile(r"\s*\S+|\s+$")


class TestProvider(AIProvider):
    """The answer to a prompt is that of the first response that matches it. A prompt that none
    matches is answered by a text that says so, repeats it, and counts what came with it.

    Text streams a word at a time, with ``delay`` seconds before each. Usage counts words.
    """

    __test__ = False  # pytest collects classes by this name.

    def __init__(self, name: str = "test", settings: TestSettings | None = None) -> None:
        self.name = name
        self._settings = settings or TestSettings()
        self.models: Sequence[str] = (self._settings.model or "scripted",)

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        turn = self._choose_turn(request)
        for delta in _split_turn(turn):
            await asyncio.sleep(self._settings.delay)
            yield delta
        if turn.fault == "cut":
            raise CutStreamError("The Test provider cut its answer, as its script says.")
        if turn.fault is not None:
            raise error_of_status(int(turn.fault), {}, b"")
        said = len(turn.text.split()) + len(turn.thinking.split())
        asked = sum(len(message.content.split()) for message in request.messages)
        yield UsageDelta(Usage(input_tokens=asked, output_tokens=said))
        yield FinishDelta("stop")

    def _choose_turn(self, request: ChatRequest) -> ScriptedTurn:
        prompt = next((m.content for m in reversed(request.messages) if m.role == "user"), "")
        for response in self._settings.responses:
            if _matches(response, prompt):
                if response.text is not None:
                    return ScriptedTurn(text=response.text)
                return _next_turn(response.turns, request)
        return ScriptedTurn(text=_unscripted_answer(prompt, len(request.messages) - 1))


def _matches(response: ScriptedResponse, prompt: str) -> bool:
    if response.prompt is not None:
        return response.prompt.strip() == prompt.strip()
    return re.search(response.pattern or "", prompt) is not None


def _next_turn(turns: Sequence[ScriptedTurn], request: ChatRequest) -> ScriptedTurn:
    """The turn after those that were played: each left an assistant message after the prompt."""
    played = 0
    for message in reversed(request.messages):
        if message.role == "user":
            break
        played += message.role == "assistant"
    return turns[min(played, len(turns) - 1)]


def _split_turn(turn: ScriptedTurn) -> Iterator[Delta]:
    for word in _WORDS.findall(turn.thinking):
        yield ThinkingDelta(word)
    for word in _WORDS.findall(turn.text):
        yield TextDelta(word)


def _unscripted_answer(prompt: str, context: int) -> str:
    quoted = "\n".join(f"> {line}" for line in prompt.splitlines())
    messages = "1 message" if context == 1 else f"{context} messages"
    return (
        "This is the **Test provider**: it answers from a script, and no model was asked. "
        f"The script has no answer to this prompt:\n\n{quoted}\n\n"
        f"The notebook above came with it as {messages} of context. "
        "For answers from a model, choose another provider in the AI settings."
    )
