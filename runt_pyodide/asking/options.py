"""The options of a question: their names and types, and what they come to."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, TypedDict, TypeVar, get_args, get_type_hints

from pydantic import Field, PlainValidator, Strict

from ..ai.prompt.cell_settings import Sampling
from ..ai.tool import Tool
from ..arguments import Flag, Seconds, Text, check_arguments
from ..errors import ArgumentError
from ..llm.messages import MaxTokens, ReasoningEffort, Seed, Temperature, TopP
from ..notebook import events as ev
from .dialogue import Dialogue, Watch

Approve = Callable[[str, Mapping[str, Any]], bool | Awaitable[bool]]
"""Returns whether the tool of this name may be called with these arguments."""
_F = TypeVar("_F", bound=Callable[..., Any])
EFFORTS: tuple[ReasoningEffort, ...] = get_args(ReasoningEffort)


def _check_tools(value: Any) -> Any:
    is_list = isinstance(value, Collection) and not isinstance(value, str | Mapping)
    if not is_list or not all(isinstance(one, Tool) or callable(one) for one in value):
        raise ValueError
    return value


_Tools = Annotated[
    Sequence[Callable[..., Any] | Tool],
    PlainValidator(_check_tools),
    Field(description="a list of functions, even if there is only one"),
]
_StopText = Annotated[str, Strict(), Field(min_length=1)]
_Stop = Annotated[
    _StopText | Sequence[_StopText],
    Field(description="a text or a list of texts, none of them empty"),
]
_Approve = Annotated[Approve | Flag, Field(description="a function, True or False")]


class AskOptions(TypedDict, total=False):
    """The options of a question besides the prompt, the model and ``returns``.

    ``images`` is a picture for the model to see, or a list of some: paths, bytes, data: URLs, PIL
    images, figures, and whatever else Jupyter shows as a picture. ``tools`` are functions that the
    model may call without asking. Without ``tools`` it may call those marked with ``@tool``, by
    their policies: if one asks first, ``approve`` decides, a function, sync or async, that takes
    the tool's name and arguments and returns a bool, or True or False for all; without it such a
    call ends the run with an ApprovalError. The model may always look at variables and earlier
    cells, except with ``tools=[]``.

    ``system`` is added to the system prompt; ``temperature``, ``top_p``, ``seed`` and ``stop`` (a
    text or several, before which the answer ends) are for the sampling, ``reasoning_effort`` is
    "none" to "max", and ``max_tokens`` the limit of output tokens. ``web_search`` lets the service
    search the web, or not, whatever the provider's setting is. ``timeout`` is the longest time
    that the answer may take, in seconds. ``context=False`` leaves out everything earlier, and the
    question out of the conversation.
    """

    images: Any
    tools: _Tools | None
    system: Text | None
    temperature: Temperature | None
    max_tokens: MaxTokens | None
    top_p: TopP | None
    seed: Seed | None
    stop: _Stop | None
    reasoning_effort: ReasoningEffort | None
    web_search: Flag | None
    approve: _Approve | None
    timeout: Seconds | None
    context: Flag


# What other libraries call an option.
_ELSEWHERE: Mapping[str, str] = {
    "output_type": "returns",
    "response_format": "returns",
    "response_model": "returns",
    "result_type": "returns",
    "schema": "returns",
    "type": "returns",
    "files": "images",
    "attachments": "images",
    "functions": "tools",
    "instructions": "system",
    "max_completion_tokens": "max_tokens",
    "max_output_tokens": "max_tokens",
    "thinking": "reasoning_effort",
    "history": "context",
    "messages": "context",
}
_OPTIONS = ("model", "provider", "returns", *AskOptions.__annotations__)


@cache
def _kinds() -> Mapping[str, Any]:
    """Return what each argument of ``ask`` has to be."""
    named = {"prompt": Text, "model": Text | None, "provider": Text | None}
    return named | get_type_hints(AskOptions, include_extras=True)


def check_options(options: Mapping[str, object]) -> None:
    """Raise ArgumentError, in one sentence, if an option does not exist or has a wrong value. What
    is None is left out."""
    for name in options:
        if name not in _kinds() and name not in _OPTIONS:
            raise ArgumentError(f"ask() has no option {name!r}{_tell_near(name)}")
    given = {name: one for name, one in options.items() if one is not None or name == "prompt"}
    check_arguments("ask", _kinds(), given)


def _tell_near(name: str) -> str:
    near = _ELSEWHERE.get(name) or next(iter(get_close_matches(name.lower(), _OPTIONS, 1)), None)
    if name == "stream":
        return ": write ask.stream(...) for an answer as it comes."
    return f": did you mean {near!r}?" if near else f"; its options are {', '.join(_OPTIONS)}."


def settings_of(options: AskOptions) -> ev.AiSettings:
    """Return the settings that every notebook's vocabulary has."""
    temperature, limit = options.get("temperature"), options.get("max_tokens")
    return ev.AiSettings(
        system_prompt=options.get("system"),
        temperature=None if temperature is None else float(temperature),
        max_tokens=None if limit is None else int(limit),
    )


def sampling_of(options: AskOptions) -> Sampling:
    """Return the other sampling settings."""
    top_p, seed, stop = options.get("top_p"), options.get("seed"), options.get("stop") or ()
    return Sampling(
        top_p=None if top_p is None else float(top_p),
        seed=None if seed is None else int(seed),
        stop=(stop,) if isinstance(stop, str) else tuple(stop),
        reasoning_effort=options.get("reasoning_effort"),
        web_search=options.get("web_search"),
    )


def decide_calls(dialogue: Dialogue, approve: Approve | bool) -> Watch:
    """Return a watch that lets ``approve`` decide on calls that need approval."""
    waiting: set[asyncio.Future[None]] = set()

    async def answer(request: ev.ToolApprovalRequested) -> None:
        reason = None
        try:
            decide = (lambda *_: approve) if isinstance(approve, bool) else approve
            said = decide(request.tool_name, request.arguments)
            allowed = bool(await said if inspect.isawaitable(said) else said)
        except Exception as error:  # noqa: BLE001 -- the run waits for a decision
            allowed, reason = False, f"The user could not be asked. {type(error).__name__}: {error}"
        dialogue.respond(request.tool_call_id, "approved_once" if allowed else "denied", reason)

    def watch(events: Sequence[ev.Event]) -> None:
        for event in events:
            if isinstance(event, ev.ToolApprovalRequested):
                task = asyncio.ensure_future(answer(event))
                waiting.add(task)
                task.add_done_callback(waiting.discard)

    return watch


def written_out(function: _F) -> _F:
    """Let ``help`` and editors see the options of a function that takes them as keywords."""
    signature = inspect.signature(function)
    named = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, kind in get_type_hints(AskOptions).items()
        for default in [True if name == "context" else None]
    ]
    function.__signature__ = signature.replace(parameters=[*named, *options])  # type: ignore[attr-defined]
    return function
