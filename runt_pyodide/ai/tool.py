"""Tools that a model can call, the results of calls, and the tools of a run by name."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..arguments import show
from ..errors import ArgumentError, ToolArgumentsError
from ..llm.messages import Image, ToolSpec
from .record.calls import CallResult
from .rules import Policy

_Model = TypeVar("_Model", bound=BaseModel)

# Source: OpenAI's reference of chat completions, `tools[].function.name`; Anthropic's and Gemini's
# are no narrower.
_UNFIT = re.compile(r"[^a-zA-Z0-9_-]")
_LONGEST_NAME = 64

BUILT_IN = (
    *("create_cell", "edit_cell", "modify_cell", "execute_cell", "move_cell", "delete_cell"),
    *("read_cell", "list_cells", "inspect_variables", "run_python", "list_files", "read_file"),
)
"""The names of the tools that act on a notebook. People know what these do and allow them by their
names, so no other tool may have one, or one that reads like it."""

# What a reader takes for one letter in a name, of what a name may hold (Unicode Technical Standard
# 39, "skeleton", for ASCII).
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "-": None, "_": None})


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

    def refuse(self, arguments: Mapping[str, Any]) -> ToolResult | None:  # noqa: ARG002
        """Return the result of a call that cannot be made as things are, for which nobody need be
        asked; None for any other, with arguments that ``bind`` takes."""
        return None

    def scope(self, arguments: Mapping[str, Any]) -> str | None:  # noqa: ARG002
        """Return what a person allows this run who allows this call, such as a folder: other calls
        of the tool with the same scope do not ask again. None if each call asks."""
        return None

    def seen(self, arguments: Mapping[str, Any]) -> Mapping[str, str]:  # noqa: ARG002
        """Return the sources that a call depends on, as the model last saw them, by the ids of
        their cells. A person who is asked decides on the call for these."""
        return {}


class Toolbox:
    """Tools by name. The first of a name counts: the built-in ones come first."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        for tool in tools:
            self._tools.setdefault(tool.spec.name, tool)

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
    """Return the name of a tool. Raise ArgumentError if some services would not take it."""
    if not name or len(name) > _LONGEST_NAME or _UNFIT.search(name):
        raise ArgumentError(
            f"A tool cannot be named {show(name)}: services take ASCII letters, digits, _ and -, "
            f'at most {_LONGEST_NAME} of them. Give it another name: @tool(name="...").'
        )
    return name


def check_own_name(name: str) -> str:
    """Return the name of a tool that is not built in. Raise ArgumentError also if it
    is, or reads like, the name of one that is."""
    taken = next((one for one in BUILT_IN if appearance(one) == appearance(check_name(name))), None)
    if taken is not None:
        raise ArgumentError(
            f"A tool cannot be named {name!r}: {taken!r} is built in, and who is asked about one "
            'must not take it for the other. Give it another name: @tool(name="...").'
        )
    return name


def check_distinct(tools: Sequence[Tool]) -> Sequence[Tool]:
    """Return tools that somebody has made. Raise ArgumentError if one of them has, or
    reads like, the name of a built-in tool or of another of them."""
    seen: dict[str, Tool] = {}
    for tool in tools:
        name = check_own_name(tool.spec.name)
        other = seen.setdefault(appearance(name), tool)
        if other is not tool:
            raise ArgumentError(
                f"Two tools are named {other.spec.name!r} and {name!r}: a model or a reader could "
                'take one for the other. Give one of them another name: @tool(name="...").'
            )
    return tools


def appearance(name: str) -> str:
    """Return what a reader sees of a name: the same for "delete_cell", "Delete-Cell" and
    "de1ete_cell"."""
    return name.casefold().translate(_ALIKE).replace("rn", "m").replace("vv", "w")


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
