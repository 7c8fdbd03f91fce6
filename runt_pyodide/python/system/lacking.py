"""What there is not in a browser: processes, threads, sockets.

Python asks the system for them in a few places. Where it is refused there, the error keeps its
type, since libraries go on without what they cannot get, and its text says what to do instead.
"""

from __future__ import annotations

import errno
import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NoReturn, TypeVar

from .later import when_imported

_Error = TypeVar("_Error", bound=Exception)
_How = Callable[[Callable[..., Any], str], Callable[..., Any]]

_PROGRAM = (
    "Programs cannot be started in the browser. Use Python instead: pathlib and shutil for files, "
    "urllib.request for downloads, %pip install for packages."
)
_PROCESS = (
    "Processes cannot be started in the browser, nor threads. Call the function itself, in a loop "
    "or with map()."
)
_THREAD = (
    "can't start new thread: there is only one in the browser. Call the function itself, or write "
    "it with async and await and run several with asyncio.gather()."
)
_SOCKET = (
    "Sockets cannot be opened in the browser. What is served by HTTP can be fetched: with "
    "urllib.request, requests or pyodide.http.pyfetch."
)
_CONTEXT = (
    *("Pool", "Manager", "Queue", "JoinableQueue", "SimpleQueue", "Value", "Array"),
    *("Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Event", "Barrier"),
)
# Where the standard library asks the system: the modules, what in them, and what to do instead.
_PLACES: tuple[tuple[str, Sequence[str], str], ...] = (
    ("subprocess", ["Popen.__init__"], _PROGRAM),
    ("pyodide.webloop", ["WebLoop.subprocess_exec", "WebLoop.subprocess_shell"], _PROGRAM),
    ("os", ["execv", "execve", "posix_spawn", "posix_spawnp"], _PROGRAM),
    ("os", ["fork", "forkpty"], _PROCESS),
    ("multiprocessing.process", ["BaseProcess.start"], _PROCESS),
    ("multiprocessing.context", [f"BaseContext.{name}" for name in _CONTEXT], _PROCESS),
    ("multiprocessing", _CONTEXT, _PROCESS),
    ("concurrent.futures.process", ["ProcessPoolExecutor.__init__"], _PROCESS),
    ("threading", ["_start_joinable_thread", "_start_new_thread"], _THREAD),
    ("_thread", ["start_joinable_thread", "start_new_thread", "start_new"], _THREAD),
)
# Where Emscripten only pretends.
_PRETENDED: tuple[tuple[str, Sequence[str], str], ...] = (
    ("socket", ["socket.connect", "socket.connect_ex", "socket.bind"], _SOCKET),
)
# Modules of the standard library that the browser's has not, and what to do instead.
_MODULES = {"_multiprocessing": _PROCESS}
# What Python or Emscripten answers in place of what there is not.
_REFUSALS = (OSError, ImportError, RuntimeError, NotImplementedError, AttributeError)
_MARK = "_runt_says_what_to_do"


def explain_refusals() -> None:
    """Let each refusal say what to do instead, from here on."""
    for change, places in ((_explained, _PLACES), (_refused, _PRETENDED)):
        for module, names, advice in places:
            when_imported(module, functools.partial(_change, change, names, advice))


def is_refusal(error: BaseException) -> bool:
    """Return whether the error is the system's refusal, so that where in the standard library it
    was raised is of no use to anybody."""
    said = (error, getattr(error, "reason", None))  # the reason of a URLError is another error
    return any(getattr(one, _MARK, False) is True for one in said) or bool(advice_on_module(error))


def advice_on_module(error: BaseException) -> str:
    """Return what to do without a module of the standard library that is not here; "" for any other
    error."""
    name = error.name if isinstance(error, ModuleNotFoundError) else None
    if name not in sys.stdlib_module_names or sys.modules.get(name) is not None:
        return ""
    told = f"The module {name} of Python's standard library is not available in the browser."
    return _MODULES.get(name, told)


def refusal(error: _Error, advice: str) -> _Error:
    """Return an error of the same type that says what to do instead."""
    said = type(error)(advice)
    if isinstance(error, OSError):
        said.errno = error.errno  # type: ignore[attr-defined]
    setattr(said, _MARK, True)
    return said


def _change(how: _How, names: Sequence[str], advice: str, module: ModuleType) -> None:
    for name in names:
        *path, last = name.split(".")
        owner: Any = functools.reduce(getattr, path, module)
        # Which of them there are depends on the Python.
        if (function := getattr(owner, last, None)) is not None:
            setattr(owner, last, how(function, advice))


def _explained(function: Callable[..., Any], advice: str) -> Callable[..., Any]:
    """Return the function, with refusals that say what to do instead."""

    @functools.wraps(function)
    async def call_async(*args: Any, **kwargs: Any) -> Any:
        try:
            return await function(*args, **kwargs)
        except _REFUSALS as error:
            raise refusal(error, advice) from None

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except _REFUSALS as error:
            raise refusal(error, advice) from None

    return call_async if inspect.iscoroutinefunction(function) else call


def _refused(function: Callable[..., Any], advice: str) -> Callable[..., Any]:
    """Return a function that is refused whatever it is asked."""

    @functools.wraps(function)
    def refuse(*_: object, **__: object) -> NoReturn:
        raise refusal(OSError(errno.ENOTSUP, ""), advice)

    return refuse
