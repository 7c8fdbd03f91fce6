"""%%capture, %%time and %%timeit over code that awaits, for which IPython's own cannot wait, since
they are called. Importing this imports IPython.

Their options, and what they print, are those of IPython's ``core/magics/execution.py``.
"""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import ast
import gc
import inspect
import re
import sys
import timeit
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from time import process_time, time
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.error import UsageError
from IPython.core.magic_arguments import parse_argstring
from IPython.core.magics.execution import (
    ExecutionMagics,
    TimeitResult,
    TimeitTemplateFiller,
    _format_time,
)
from IPython.utils.capture import capture_output

_CALL = re.compile(r"get_ipython\(\)\.run_(?:cell|line)_magic\('(capture|time|timeit)', ")
_AWAITED = r"await get_ipython().run_awaiting_magic('\1', "
_OPTIONS = re.compile(r"\s*(?:-[nrpv]\s*\w+\s+|--?[\w-]+\s+)*")
_TIMED = """
async def inner(_it, _timer):
    setup
    _t0 = _timer()
    for _i in _it:
        stmt
    _t1 = _timer()
    return _t1 - _t0
"""
_LONG_ENOUGH = 0.2
"""Seconds that %timeit measures at least, unless it is told how often to run the code."""

_RUNS = 7

_Shell = Any


def await_magics(python: str, transform: Callable[[str], str]) -> str:
    """Return Python in which a magic that runs code that awaits is itself awaited, by
    ``Shell.run_awaiting_magic``. ``transform`` makes Python of what a magic runs."""
    if _CALL.search(python) is None:
        return python
    try:
        nodes = [node for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Call)]
    except (SyntaxError, ValueError, RecursionError):  # whoever runs the code says so
        return python
    lines = python.encode().split(b"\n")
    for call in sorted(nodes, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        line = lines[call.lineno - 1]
        before, after = line[: call.col_offset], line[call.col_offset :].decode()
        if _CALL.match(after) and _is_over_awaits(call, transform):
            lines[call.lineno - 1] = before + _CALL.sub(_AWAITED, after, count=1).encode()
    return b"\n".join(lines).decode()


def _is_over_awaits(call: ast.Call, transform: Callable[[str], str]) -> bool:
    texts = [one.value for one in call.args[1:] if isinstance(one, ast.Constant)]
    return any(awaits(transform(_OPTIONS.sub("", str(text), count=1))) for text in texts)


def awaits(python: str) -> bool:
    """Return whether code awaits by itself, and not only in functions that it defines."""
    try:
        code = compile(python, "<magic>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(code.co_flags & inspect.CO_COROUTINE)


async def run_magic(shell: _Shell, name: str, line: str, cell: str | None) -> Any:
    """Run a magic over code that awaits, and return its value. Raise UsageError, or what the code
    raises."""
    if name == "capture":
        return await _capture(shell, line, cell or "")
    run = _time if name == "time" else _timeit
    value = await run(shell, line, cell)
    silent = name == "time" and DisplayHook.semicolon_at_end_of_expression(cell or line)
    return None if silent else value


async def _capture(shell: _Shell, line: str, cell: str) -> None:
    args = parse_argstring(ExecutionMagics.capture, shell.var_expand(line))
    kept = (not args.no_stdout, not args.no_stderr, not args.no_display)
    with capture_output(*kept) as captured:
        await shell.run_within(cell)
    if DisplayHook.semicolon_at_end_of_expression(cell):
        shell.user_ns.pop(args.output, None)
    elif args.output:
        shell.user_ns[args.output] = captured


async def _time(shell: _Shell, line: str, cell: str | None) -> Any:
    args, words = parse_argstring(ExecutionMagics.time, line, partial=True)
    statement = " ".join(words)
    if statement and cell:
        raise UsageError("Can't use statement directly after '%%time'!")
    tree, name = _parse(shell, cell or statement)
    value = last.value if isinstance(last := tree.body[-1], ast.Expr) else None
    tree.body[-1:] = [] if value else [last]
    try:
        with _told_times():
            await _run(shell, tree, name, "exec")
            return value and await _run(shell, ast.Expression(value), name, "eval")
    except Exception:
        if not args.no_raise_error:
            raise
    return None


async def _timeit(shell: _Shell, line: str, cell: str | None) -> TimeitResult | None:
    magics = shell.magics_manager.registry["ExecutionMagics"]
    options, statement = magics.parse_options(
        line, "n:r:tcp:qov:", posix=False, strict=False, preserve_non_opts=True
    )
    setup, timed = ("pass", statement) if cell is None else (statement, cell)
    template = _Filler(_parse(shell, setup)[0], (parsed := _parse(shell, timed))[0])
    tree = ast.fix_missing_locations(template.visit(ast.parse(_TIMED)))
    names: dict[str, Any] = {}
    began = process_time()
    exec(compile(tree, parsed[1], "exec", shell.compile.flags), shell.user_ns, names)
    compiled = process_time() - began
    timer = time if "t" in options else process_time if "c" in options else timeit.default_timer
    measure = _without_collector(lambda number: names["inner"](repeat(None, number), timer))
    number, runs = int(options.get("n", 0)), int(options.get("r", _RUNS))
    if number == 0:
        number = await _find_number(measure)
    taken = [await measure(number) for _ in range(runs)]
    best, worst = min(taken) / number, max(taken) / number
    precision = int(options.get("p", 3))
    result = TimeitResult(number, runs, best, worst, taken, compiled, precision)
    if "q" not in options:
        sys.stdout.write(f"{result}\n")
    if "v" in options:
        shell.user_ns[options["v"]] = result
    return result if "o" in options else None


class _Filler(TimeitTemplateFiller):
    visit_AsyncFunctionDef = TimeitTemplateFiller.visit_FunctionDef


def _without_collector(
    measure: Callable[[int], Awaitable[float]],
) -> Callable[[int], Awaitable[float]]:
    """Return a measurement in whose time no garbage is collected, as in ``timeit``."""

    async def run(number: int) -> float:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return await measure(number)
        finally:
            if was_on:
                gc.enable()

    return run


async def _find_number(measure: Callable[[int], Awaitable[float]]) -> int:
    """Return how often to run the code for one measurement."""
    number = 1
    while await measure(number) < _LONG_ENOUGH and number < 10**9:
        number *= 10
    return number


def _parse(shell: _Shell, source: str) -> tuple[ast.Module, str]:
    """Return the tree of code, and the name under which tracebacks find its lines."""
    python = shell.transform_cell(source)
    name = shell.compile.cache(python, shell.execution_count, raw_code=source)
    return shell.transform_ast(shell.compile.ast_parse(python, filename=name)), name


async def _run(shell: _Shell, tree: ast.Module | ast.Expression, name: str, mode: str) -> Any:
    flags = shell.compile.flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(tree, name, mode, flags)
    value = eval(code, shell.user_ns)
    return await value if code.co_flags & inspect.CO_COROUTINE else value


@contextmanager
def _told_times() -> Iterator[None]:
    """Print how long the code within this takes, also if it raises."""
    wall, processor = time(), process_time()
    try:
        yield
    finally:
        spent, waited = process_time() - processor, time() - wall
        sys.stdout.write(f"CPU times: total: {_format_time(spent)}\n")
        sys.stdout.write(f"Wall time: {_format_time(waited)}\n")
