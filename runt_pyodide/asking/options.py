"""The options of a question: their names and types, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, TypedDict, get_args

from ..ai.prompt.cell_settings import Sampling
from ..ai.tool import Tool
from ..llm.messages import ReasoningEffort
from ..notebook import events as ev
from .answer import Approve


class AskOptions(TypedDict, total=False):
    """The options of a question besides the prompt and the model: see ``Ask.__call__``."""

    images: Iterable[Any] | None
    tools: Sequence[Callable[..., Any] | Tool] | None
    system: str | None
    temperature: float | None
    max_tokens: int | None
    top_p: float | None
    seed: int | None
    stop: str | Sequence[str] | None
    reasoning_effort: ReasoningEffort | None
    approve: Approve | None
    context: bool


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _are_texts(value: object) -> bool:
    texts = [value] if isinstance(value, str) else value
    return isinstance(texts, Sequence) and all(isinstance(one, str) and one for one in texts)


EFFORTS: tuple[ReasoningEffort, ...] = get_args(ReasoningEffort)
_NUMBER = (_is_number, "a number")
_WHOLE = (_is_whole, "a whole number")
_CHECKS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "system": (lambda value: isinstance(value, str), "a text"),
    "temperature": _NUMBER,
    "max_tokens": _WHOLE,
    "top_p": _NUMBER,
    "seed": _WHOLE,
    "stop": (_are_texts, "a text or a list of texts, none of them empty"),
    "reasoning_effort": (lambda value: value in EFFORTS, f"one of {', '.join(EFFORTS)}"),
    "approve": (callable, "a function"),
}


def check_options(options: Mapping[str, object]) -> None:
    """Raise TypeError, in one sentence, if an option does not exist or has a wrong value."""
    for name, value in options.items():
        if name not in AskOptions.__annotations__:
            known = ", ".join(("returns", *AskOptions.__annotations__))
            raise TypeError(f"ask() has no option {name!r}; its options are {known}.")
        fits, wanted = _CHECKS.get(name, (lambda _: True, ""))
        if value is not None and not fits(value):
            raise TypeError(f"ask(): {name} must be {wanted}, not {value!r:.80}.")


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
    )
