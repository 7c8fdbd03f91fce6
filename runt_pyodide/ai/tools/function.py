"""Python functions as tools: ``@tool``."""

from __future__ import annotations

import asyncio
import functools
import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, TypeVar, overload

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

from ...arguments import Flag, Text, check_arguments, show
from ...errors import ArgumentError, is_stop
from ...execution.interrupts import was_stopped
from ...execution.stack import run_users
from ...execution.user_code import Interruptible, read_values
from ...json_schema import WithoutTitles
from ...llm.messages import ToolSpec
from ..rules import Policy
from ..tool import Tool, ToolResult, appearance, check_own_name
from ..tool import check_arguments as check_call
from .docstrings import read_docstring
from .result import failure_of, result_of

_Function = TypeVar("_Function", bound=Callable[..., Any])

_REGISTERED: dict[str, FunctionTool] = {}
_OPTIONS = {"name": Text | None, "description": Text | None, "policy": Policy, "reads_only": Flag}


class FunctionTool(Tool):
    """A function, sync or async, that a model can call. Its annotations and its docstring tell the
    model how."""

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        name: str | None = None,
        description: str | None = None,
        policy: Policy = "ask",
        reads_only: bool = False,
    ) -> None:
        """Raise ArgumentError for a function that cannot be called with keyword arguments alone, or
        whose name is one that services do not take or that a built-in tool has."""
        if not callable(function):
            raise ArgumentError(f"tool() is for a function, not {show(function)}.")
        options = {"name": name, "description": description, "policy": policy}
        check_arguments("tool", _OPTIONS, {**options, "reads_only": reads_only})
        document = read_docstring(function.__doc__)
        self.function = function
        self._arguments = _model_of(function, document.parameters)
        schema = self._arguments.model_json_schema(schema_generator=WithoutTitles)
        told = description or document.text or f"Calls {function.__name__}."
        self.spec = ToolSpec(check_own_name(name or function.__name__), told, schema)
        self.policy = policy
        self.reads_only = reads_only

    def bind(self, arguments: Mapping[str, Any]) -> Callable[[], Awaitable[ToolResult]]:
        checked = check_call(self._arguments, self.spec.name, arguments)
        values = {
            str(info.alias): getattr(checked, name)
            for name, info in self._arguments.model_fields.items()
        }
        return functools.partial(self._call, {**values, **(checked.model_extra or {})})

    async def _call(self, values: dict[str, Any]) -> ToolResult:
        try:
            value = run_users(self.function, **values)
            if inspect.isawaitable(value):
                value = await Interruptible(value)
        except BaseException as error:  # noqa: BLE001 -- the model is told of any error
            was_cancelled = isinstance(error, asyncio.CancelledError) and was_stopped()
            if is_stop(error) or was_cancelled:
                # asyncio would let a KeyboardInterrupt through the event loop.
                raise asyncio.CancelledError from None
            return read_values(failure_of, error)
        return read_values(result_of, value)


@overload
def tool(function: _Function, /) -> _Function: ...


@overload
def tool(
    *,
    name: str | None = None,
    description: str | None = None,
    policy: Policy = "ask",
    reads_only: bool = False,
) -> Callable[[_Function], _Function]: ...


def tool(function: Any = None, /, **options: Any) -> Any:
    """Let AI cells call a function, from their next turn on.

    ::

        @tool
        def weather(city: str, days: int = 1) -> dict:
            \"\"\"The forecast for a city.

            Args:
                city: Its name, in English.
                days: How many days, today included.
            \"\"\"

    The function itself does not change. Its parameters may have any type that pydantic knows. Its
    result may be anything: the model is given text and JSON values as they are, anything else as
    its repr, and the reader is shown a rich repr. ``policy`` is "ask" (a person allows each call),
    "auto" or "never"; one in the configuration takes precedence. Calls of tools that are
    ``reads_only`` may run concurrently. A function that is defined again replaces what it was.

    Raise ArgumentError for a function with parameters that cannot be named, such as ``*args``; for
    a name with other characters than ASCII letters, digits, _ and -, or with more than 64; and for
    one that is, or reads like, the name of a built-in tool or of another function's.
    """

    def register(decorated: _Function) -> _Function:
        _register(FunctionTool(decorated, **options))
        return decorated

    return register if function is None else register(function)


def _register(made: FunctionTool) -> None:
    """Add a tool. Raise ArgumentError if another function has its name, or one that looks so."""
    name = made.spec.name
    for taken, other in [*_REGISTERED.items()]:
        if appearance(taken) != appearance(name):
            continue
        if _place_of(other.function) != _place_of(made.function):
            raise ArgumentError(
                f"A tool cannot be named {name!r}: the function {other.function.__qualname__!r} is "
                f'the tool {taken!r} already. Give this one another name: @tool(name="...").'
            )
        del _REGISTERED[taken]
    _REGISTERED[name] = made


def _place_of(function: Callable[..., Any]) -> tuple[str, str]:
    """Return where a function is defined, which stays the same when it is defined again."""
    return function.__module__, function.__qualname__


def registered_tools() -> list[FunctionTool]:
    """Return the registered tools."""
    return [*_REGISTERED.values()]


def tool_of(function: Callable[..., Any]) -> FunctionTool:
    """Return the tool that the function is registered as, or a new one. Raise ArgumentError if the
    function cannot be a tool."""
    known = (one for one in _REGISTERED.values() if one.function is function)
    return next(known, None) or FunctionTool(function)


def remove_tool(name: str) -> None:
    """Remove a tool. Raise KeyError if there is no tool of that name."""
    del _REGISTERED[name]


def _model_of(function: Callable[..., Any], described: Mapping[str, str]) -> type[BaseModel]:
    """Return a model whose fields are the function's parameters."""
    name = function.__name__
    try:
        hints = typing.get_type_hints(function, include_extras=True)
        signature = inspect.signature(function)
    except NameError as error:
        raise ArgumentError(
            f"{name} cannot be a tool: {error} Define the types of its parameters before it."
        ) from None
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"{name} cannot be a tool: {error}. Write a function that calls it."
        ) from None
    fields: dict[str, Any] = {}
    extra: Literal["allow", "forbid"] = "forbid"
    for place, parameter in enumerate(signature.parameters.values()):
        if parameter.kind is parameter.VAR_KEYWORD:
            extra = "allow"
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            raise ArgumentError(
                f"{name} cannot be a tool: a model calls with named arguments, and "
                f"{parameter} has no name. Make it an ordinary parameter, such as a list."
            )
        hint = hints.get(parameter.name, Any)
        # Some names, such as "_x" and "json", are not allowed for a field but are for its alias.
        fields[f"parameter_{place}"] = (hint, _field_of(parameter, hint, described))
    config = ConfigDict(extra=extra, arbitrary_types_allowed=False)
    return create_model(name, __config__=config, **fields)


def _field_of(parameter: inspect.Parameter, hint: Any, described: Mapping[str, str]) -> FieldInfo:
    default = ... if parameter.default is parameter.empty else parameter.default
    description = described.get(parameter.name) or _text_in(hint)
    info: FieldInfo
    if description:
        info = Field(default, alias=parameter.name, description=description)
    else:  # None would replace the description of a Field in the annotation
        info = Field(default, alias=parameter.name)
    return info


def _text_in(hint: Any) -> str | None:
    """Return the text of an ``Annotated[int, "how many"]``."""
    texts = [one for one in getattr(hint, "__metadata__", ()) if isinstance(one, str)]
    return texts[0] if texts else None
