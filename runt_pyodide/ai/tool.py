"""Tools that a model can call, the results of calls, and the tools of a run by name."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import ToolArgumentsError
from ..llm.messages import Image, ToolSpec
from .record.calls import CallResult
from .rules import Policy

_Model = TypeVar("_Model", bound=BaseModel)

# Source: OpenAI's reference of chat completions, `tools[].function.name`; Anthropic's and Gemini's
# are no narrower.
_UNFIT = re.compile(r"[^a-zA-Z0-9_-]")
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class ToolResult(CallResult):
    """The result of a call: what is written down, and ``images`` for a model that takes them."""

    images: tuple[Image, ...] = ()


class Tool(ABC):
    """Something that a model can call.

    ``policy`` says whether its calls run at once ("auto"), after a person has allowed them ("ask"),
    or "never"; a policy in the configuration takes precedence. Calls of tools that are
    ``reads_only`` may run concurrently.
    """

    spec: ToolSpec
    policy: Policy = "ask"
    reads_only: bool = False

    @abstractmethod
    def bind(self, arguments: Mapping[str, Any]) -> Callable[[], Awaitable[ToolResult]]:
        """Return a function that makes the call with these arguments, and raises only
        CancelledError. Raise ToolArgumentsError, whose text tells the model what is wrong."""


class Toolbox:
    """Tools by name; a later tool replaces an earlier one of the same name."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools = {tool.spec.name: tool for tool in tools}

    def get(self, name: str) -> Tool | None:
        return self._tools.get(name)

    def resolve(self, name: str) -> str:
        """Return the name of the tool that a model means, which may write it as
        "functions.create_cell:0" or "Create-Cell()"; if it means none or several, its own word as
        services take it."""
        if name in self._tools:
            return name
        words = {_fold_name(word) for word in re.split(r"[.:/()]", name)}
        meant = [known for known in self._tools if _fold_name(known) in words]
        return meant[0] if len(meant) == 1 else _UNFIT.sub("_", name)[:_LONGEST_NAME] or "unnamed"

    def names(self) -> list[str]:
        return [*self._tools]

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())


def check_name(name: str) -> str:
    """Return the name of a tool. Raise TypeError if there are services that would not take it."""
    if not name or len(name) > _LONGEST_NAME or _UNFIT.search(name):
        raise TypeError(
            f"A tool cannot be named {name!r}: services take ASCII letters, digits, _ and -, at "
            f'most {_LONGEST_NAME} of them. Give it another name: @tool(name="...").'
        )
    return name


def _fold_name(name: str) -> str:
    return name.strip().replace("-", "_").casefold()


def check_arguments(model: type[_Model], tool_name: str, arguments: Mapping[str, Any]) -> _Model:
    """Return the arguments as a ``model``. Raise ToolArgumentsError, which names each fault."""
    try:
        return model.model_validate(dict(arguments))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in one['loc']) or 'arguments'}: {one['msg']}"
            for one in error.errors(include_url=False, include_input=False)
        )
        raise ToolArgumentsError(f"The arguments of {tool_name} are wrong. {wrong}.") from None
